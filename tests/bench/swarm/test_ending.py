"""However a command of load ends, nothing of it stays: neither Locust's processes nor the server."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from bench.server.launch import free_port
from tests.bench.swarm.runs import stored, wait_for
from tests.command.program import without_server

pytestmark = [pytest.mark.full, pytest.mark.database]

STOREBENCH = str(Path(sys.executable).with_name("storebench"))
LONG = ("--design=floor", "--users=4", "--rate=40", "--run-time=90s", "--spawn-rate=50", "--workers=2", "--quiet")


class Running:
    """A command under load, and all processes below it."""

    def __init__(self, process: subprocess.Popen[str], folder: Path, until: Callable[[Path], bool]) -> None:
        self.process = process
        self.out = folder / "results"
        wait_for(lambda: process.poll() is not None or until(self.out))
        assert process.poll() is None
        self.below = psutil.Process(process.pid).children(recursive=True)

    def one(self, words: str) -> psutil.Process:
        """The first process below it whose command line has these words."""
        return next(child for child in self.below if words in " ".join(child.cmdline()))

    def said(self) -> str:
        """What it had to say for itself when it ended, with everything below it."""
        _, said = self.process.communicate(timeout=120)
        _, alive = psutil.wait_procs(self.below, timeout=30)
        assert alive == []
        return said


def rows_are_there(out: Path) -> bool:
    return any(path.stat().st_size > 20_000 for path in out.glob("*/*/rows.journal"))


@contextmanager
def running(folder: Path, *more: str, until: Callable[[Path], bool] = rows_are_there) -> Iterator[Running]:
    process = subprocess.Popen(
        [STOREBENCH, "load", *LONG, *more],
        cwd=folder,
        env=without_server(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield Running(process, folder, until)
    finally:
        if process.poll() is None:
            process.kill()
        process.communicate(timeout=60)


def test_a_command_that_is_killed_takes_everything_with_it(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        assert len(found.below) > 6
        found.process.kill()
        assert found.said() == ""


def test_a_leader_that_is_killed_is_told_in_one_line(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        found.one("--master-bind-port").kill()
        said = found.said()
        assert found.process.returncode == 2
    assert said.startswith("storebench: Locust ended with -9")
    assert said.count("\n") == 1


def test_a_server_that_is_killed_is_told_in_one_line(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        found.one("/postgres -D").kill()
        said = found.said()
        assert found.process.returncode == 2
    assert "server" in said
    assert said.count("\n") == 1


def test_an_interrupt_ends_the_run_in_good_order_and_keeps_it(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        found.process.send_signal(signal.SIGINT)
        said = found.said()
        assert found.process.returncode == 130
    assert said == "storebench: interrupted\n"
    (folder,) = found.out.iterdir()
    record = stored(folder).record
    assert record.stopped
    assert 0 < record.rows < record.operations
    assert record.proof_holds


def test_an_interrupt_while_workers_of_other_machines_are_waited_for_ends_at_once(tmp_path: Path) -> None:
    def waits(out: Path) -> bool:
        return any("Waiting for workers to be ready" in log.read_text() for log in out.glob("*/locust.log"))

    with running(tmp_path, "--workers=0", "--master=1", f"--port={free_port()}", until=waits) as found:
        found.process.send_signal(signal.SIGINT)
        begin = time.monotonic()
        assert found.said() == "storebench: interrupted\n"
        assert found.process.returncode == 130
        # It is not killed, for which a minute would be waited.
        assert time.monotonic() - begin < 30


def test_a_worker_that_is_killed_makes_the_command_say_that_the_run_is_not_to_be_believed(tmp_path: Path) -> None:
    with running(tmp_path) as found:
        found.one("--worker").kill()
        said = found.said()
        assert found.process.returncode == 3
    assert "was gone before the end" in said
    (folder,) = found.out.iterdir()
    assert (folder / "load.json").is_file()
    assert not stored(folder).record.is_whole
