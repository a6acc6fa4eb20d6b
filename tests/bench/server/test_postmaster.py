"""The end of a server's process."""

from __future__ import annotations

import signal
import subprocess
import sys

import pytest

from bench.server.postmaster import Postmaster, Stops

# Whoever starts the tests in the background of a shell has them ignore SIGQUIT, and what they start inherits that.
IGNORE = """
import signal, sys, time
signal.signal(signal.SIGQUIT, signal.SIG_DFL)
for name in sys.argv[1:]: signal.signal(getattr(signal, name), signal.SIG_IGN)
"""
HURRIED: Stops = ((signal.SIGINT, 0.2), (signal.SIGQUIT, 30.0), (signal.SIGKILL, 30.0))
"""Hurried where the process does not hear; where it does, a busy machine may take its time to end it."""
DEAF: Stops = ((signal.SIGINT, 0.2), (signal.SIGQUIT, 0.2), (signal.SIGKILL, 30.0))


def process_that_ignores(*names: str) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", f"{IGNORE}print('ready', flush=True)\ntime.sleep(600)", *names], stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.stdout.close()
    return process


@pytest.mark.parametrize(
    ("ignored", "stops", "ended_by"),
    [(["SIGINT"], HURRIED, signal.SIGQUIT), (["SIGINT", "SIGQUIT"], DEAF, signal.SIGKILL)],
)
def test_a_server_that_does_not_end_is_asked_harder(ignored: list[str], stops: Stops, ended_by: signal.Signals) -> None:
    postmaster = Postmaster(process_that_ignores(*ignored), stops)
    postmaster.stop()
    assert postmaster.exit_code() == -ended_by


def test_a_server_that_nothing_ends_is_an_error_and_not_a_wait_for_ever() -> None:
    process = process_that_ignores("SIGINT")
    postmaster = Postmaster(process, ((signal.SIGINT, 0.1),))
    with pytest.raises(RuntimeError, match=str(process.pid)):
        postmaster.stop()
    process.kill()
    process.wait()
    postmaster.stop()


def test_ctrl_c_while_we_wait_ends_the_server_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    process = process_that_ignores("SIGINT")
    wait, calls = process.wait, iter([KeyboardInterrupt()])

    def interrupted_once(timeout: float | None = None) -> int:
        for interruption in calls:
            raise interruption
        return wait(timeout)

    monkeypatch.setattr(process, "wait", interrupted_once)
    postmaster = Postmaster(process, HURRIED)
    with pytest.raises(KeyboardInterrupt):
        postmaster.stop()
    assert postmaster.exit_code() == -signal.SIGQUIT
