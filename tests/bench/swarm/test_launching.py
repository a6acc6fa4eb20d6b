"""Locust's processes: what cannot be is refused before they start, and what becomes of one is told of the others."""

from __future__ import annotations

import signal
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from bench.errors import ServerFailed, Terminated, UserError
from bench.swarm import launching
from bench.swarm.launching import Place
from bench.swarm.options import Options

UNTIL_ASKED = "import signal, sys, time; signal.signal(signal.SIGTERM, lambda *_: sys.exit(0)); time.sleep(60)"
Program = Callable[..., list[str]]


def program(source: str) -> Program:
    return lambda *_: [sys.executable, "-c", source]


@contextmanager
def taken_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield int(listening.getsockname()[1])


def test_a_port_that_is_taken_is_refused_in_one_line() -> None:
    with taken_port() as port:
        with pytest.raises(UserError, match=f"--web-port: 127.0.0.1:{port} cannot be listened on .*in use"):
            launching.checked(Place(web=port), users=1)
        with pytest.raises(UserError, match=f"--bind: 127.0.0.1:{port} cannot be listened on"):
            launching.checked(Place(workers=1, port=port), users=1)
        # Alone nobody listens.
        assert launching.checked(Place(port=port), users=1).port == port


@pytest.mark.parametrize("host", ["203.0.113.7", "no such host", "\x1b[31m", "", "a" * 300])
def test_an_address_that_this_machine_has_not_is_refused_in_one_line(host: str) -> None:
    with pytest.raises(UserError, match=r"--bind: .*cannot be listened on") as refused:
        launching.checked(Place(expected=1, host=host), users=1)
    assert "\x1b" not in str(refused.value)


def test_more_workers_than_users_are_refused_since_each_needs_one() -> None:
    assert launching.checked(Place(workers=2, expected=1), users=3).workers == 2
    with pytest.raises(UserError, match="--users 2: each of 3 workers needs a user"):
        launching.checked(Place(workers=2, expected=1), users=2)


def test_a_worker_that_ends_before_a_run_has_begun_ends_them_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "leader", program(UNTIL_ASKED))
    monkeypatch.setattr(launching, "worker", program("raise SystemExit('there is no memory')"))
    with pytest.raises(ServerFailed, match=r"worker [01] ended before a run had begun \(there is no memory\)"):
        launching.run(Options(), Place(workers=2, port=1), tmp_path, "url=")


def test_a_worker_that_somebody_asked_to_end_before_a_run_is_missed_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "ASKED_S", 0.3)
    monkeypatch.setattr(launching, "leader", program(UNTIL_ASKED))
    monkeypatch.setattr(launching, "worker", program("print('asked to end')"))
    with pytest.raises(ServerFailed, match=r"worker 0 ended before a run had begun \(asked to end\)"):
        launching.run(Options(), Place(workers=1, port=1), tmp_path, "url=")


def test_the_end_of_a_worker_is_left_to_the_one_that_leads_once_a_run_has_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins = f"import pathlib, time; pathlib.Path({str(tmp_path)!r}, 'floor').mkdir(); time.sleep(1)"
    monkeypatch.setattr(launching, "leader", program(begins))
    waits = f"import pathlib, time\nwhile not pathlib.Path({str(tmp_path)!r}, 'floor').exists(): time.sleep(0.01)"
    monkeypatch.setattr(launching, "worker", program(waits))
    assert launching.run(Options(), Place(workers=1, port=1), tmp_path, "url=") == 0


def test_a_leader_that_is_killed_is_told_and_its_workers_are_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launching, "leader", program("import os; os.kill(os.getpid(), 9)"))
    left = tmp_path / "left"
    monkeypatch.setattr(launching, "worker", program(f"import pathlib, time; time.sleep(60); pathlib.Path({str(left)!r}).touch()"))
    begin = time.monotonic()
    with pytest.raises(ServerFailed, match="Locust ended with -9"):
        launching.run(Options(), Place(workers=1, port=1), tmp_path, "url=")
    assert time.monotonic() - begin < 30
    assert not left.exists()


@pytest.mark.parametrize("web", [None, 1])
def test_an_interrupt_ends_a_page_as_wanted_and_a_run_without_one_before_its_end(
    web: int | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    def interrupted(number: int, frame: object) -> None:
        del frame
        raise Terminated(128 + number)

    before = signal.signal(signal.SIGUSR1, interrupted)
    told = UNTIL_ASKED.replace("time.sleep(60)", "import os; os.kill(os.getppid(), signal.SIGUSR1); time.sleep(60)")
    monkeypatch.setattr(launching, "leader", program(told))
    request.addfinalizer(lambda: signal.signal(signal.SIGUSR1, before))
    if web is None:
        with pytest.raises(Terminated):
            launching.run(Options(), Place(), tmp_path, "url=")
    else:
        assert launching.run(Options(), replace(Place(), web=web), tmp_path, "url=") == 0
