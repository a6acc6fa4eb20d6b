"""Runs of Locust for tests: on the server of the session, in a folder of the test."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bench.server.server import Server
from bench.swarm import launching, performing, server_address
from bench.swarm.files import RECORD
from bench.swarm.launching import Place
from bench.swarm.options import Options
from bench.swarm.performing import Told
from bench.swarm.phases import Shape
from bench.swarm.server_address import SERVER

SHORT = Options(variant="floor", users=4, spawn_rate=50.0, rate_per_s=80.0, run_s=1.5, shape=Shape.FLAT)
LIMIT_S = 120.0


def performed(options: Options, place: Place, folder: Path, server: Server) -> Told:
    """One run to its end."""
    assert launching.run(options, launching.free_place(place), folder, server_address.written(server.endpoint)) == 0
    return stored(folder)


def stored(folder: Path) -> Told:
    """The one run of a folder."""
    (record,) = folder.glob(f"*/{RECORD}")
    return performing.read(record.parent)


@dataclass(frozen=True, slots=True)
class Child:
    """A process of Locust and where it prints to."""

    process: subprocess.Popen[bytes]
    log: Path

    def says(self, words: str) -> bool:
        """Whether it printed this."""
        return words in self.log.read_text(errors="replace")


@contextmanager
def children(commands: Sequence[Sequence[str]], folder: Path, server: Server) -> Iterator[list[Child]]:
    """Processes of Locust, ended at the end whatever happens."""
    environment = {**os.environ, SERVER: server_address.written(server.endpoint), "PYTHONUNBUFFERED": "1"}
    found: list[Child] = []
    try:
        for number, command in enumerate(commands):
            log = folder / f"child-{number}.log"
            with log.open("wb") as output:
                process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
            found.append(Child(process, log))
        yield found
    finally:
        for child in found:
            if child.process.poll() is None:
                child.process.terminate()
        for child in found:
            try:
                child.process.wait(20)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()


def wait_for(what: Callable[[], bool], limit_s: float = LIMIT_S) -> None:
    """Until that is so."""
    deadline = time.monotonic() + limit_s
    while not what():
        assert time.monotonic() < deadline, "it did not come to be"
        time.sleep(0.1)
