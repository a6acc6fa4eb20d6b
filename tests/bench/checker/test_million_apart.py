"""The process that checks a large store is bound to the one that asked for it."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from bench.checker import million
from bench.errors import ServerFailed

_HARNESS = "from bench.checker.million import _apart\nif __name__ == '__main__':\n    _apart(1_000_000)\n"


@pytest.mark.full
@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_no_process_that_checks_a_large_store_outlives_the_run(number: signal.Signals, tmp_path: Path) -> None:
    script = tmp_path / "harness.py"
    script.write_text(_HARNESS)
    with subprocess.Popen([sys.executable, script], stderr=subprocess.PIPE) as harness:
        children: list[psutil.Process] = []
        end_s = time.monotonic() + 30
        # The second one keeps account of what is shared.
        while not any("spawn_main" in " ".join(child.cmdline()) for child in children):
            assert time.monotonic() < end_s
            children = psutil.Process(harness.pid).children(recursive=True)
            time.sleep(0.02)
        time.sleep(0.5)
        harness.send_signal(number)
        harness.wait(30)
        _, alive = psutil.wait_procs(children, timeout=10)
    assert [child for child in alive if child.is_running() and child.status() != psutil.STATUS_ZOMBIE] == []


def test_a_large_store_is_checked_in_a_process_of_its_own_that_ends_with_its_answer() -> None:
    before = set(psutil.Process().children())
    found = million._apart(1_000)
    assert (found.checker, found.messages) == ("python", 1_000)
    assert {child for child in psutil.Process().children() if "spawn_main" in " ".join(child.cmdline())} <= before


def test_a_checker_that_is_killed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(million, "_live", _dies)
    with pytest.raises(ServerFailed, match="ended without a word"):
        million._apart(1_000)


def _dies(*_: object) -> None:
    signal.raise_signal(signal.SIGKILL)
