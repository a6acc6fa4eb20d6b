"""A run that something happens to: started, waited for until it is in the middle, and looked at when it has ended."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from tests.command.program import COMMAND

SMALL = (
    *(
        "--designs",
        "dual",
        "--set=anatomy_agents=[]",
        "--set=crash_agents=[]",
        "--set=faults_cells=[]",
        "--set=reads_rows=0",
        "--set=bootstrap_draws=100",
    ),
    *("--set=factor_sessions=0", "--set=latency_sessions=3", "--set=latency_messages=30", "--set=latency_warmup_messages=2"),
)
FIRST_TRIAL = "results/*/trials/latency-000/trial.json"
DEADLINE_S = 120.0


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended, and what it said on standard error."""

    returncode: int
    lines: tuple[str, ...]

    @property
    def last(self) -> str:
        """The line that says why."""
        return self.lines[-1] if self.lines else ""


class Running:
    """A command in a folder, in a session of its own. Its standard error goes to a file, so that nobody must read it meanwhile."""

    def __init__(
        self,
        where: Path,
        arguments: Sequence[str],
        *,
        environment: Mapping[str, str] | None = None,
        streams: tuple[int | None, int | None] = (None, None),
    ) -> None:
        self.where = where
        self._said = where / "said.txt"
        self._servers: dict[psutil.Process, Path] = {}
        with self._said.open("wb") as said:
            self.process = subprocess.Popen(
                [COMMAND, *arguments],
                cwd=where,
                env=os.environ | {"STOREBENCH_SERVER": "embedded"} | dict(environment or {}),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL if streams[0] is None else streams[0],
                stderr=said if streams[1] is None else streams[1],
                start_new_session=True,
            )

    def until(self, pattern: str) -> Path:
        """Wait for a path below the folder; what the command had started by then is remembered."""
        end_s = time.monotonic() + DEADLINE_S
        while time.monotonic() < end_s:
            found = sorted(self.where.glob(pattern))
            if found:
                self.postmaster()
                return found[0]
            assert self.process.poll() is None, f"it ended before there was {pattern}: {self.said()}"
            time.sleep(0.02)
        raise AssertionError(f"there is no {pattern} after {DEADLINE_S:.0f} s: {self.said()}")

    def postmaster(self) -> psutil.Process:
        """The server of the run: the child that was given a data folder."""
        for child in psutil.Process(self.process.pid).children(recursive=True):
            with suppress(psutil.Error):
                words = child.cmdline()
                if "-D" in words and child.name() == "postgres":
                    self._servers[child] = Path(words[words.index("-D") + 1])
                    return child
        raise AssertionError(f"it has no server: {self.said()}")

    def backends(self) -> list[psutil.Process]:
        """The server's processes that clients of a trial are connected to."""
        found = []
        for child in self.postmaster().children():
            with suppress(psutil.Error):
                if "pair_" in " ".join(child.cmdline()):
                    found.append(child)
        return found

    def ended(self) -> Ended:
        """How it ended; it must have left no server and no folder, and have told no traceback."""
        try:
            returncode = self.process.wait(DEADLINE_S)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        end_s = time.monotonic() + 20
        while (left := self._left()) and time.monotonic() < end_s:
            time.sleep(0.05)
        assert left == []
        said = self.said()
        assert "Traceback" not in said, said
        return Ended(returncode, tuple(said.splitlines()))

    def end(self) -> None:
        """End it in good order, whatever it is at; once it has ended, nothing."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            finally:
                self.process.kill()
                self.process.wait()

    def _left(self) -> list[str]:
        alive = [f"server {server.pid}" for server in self._servers if server.is_running() and server.status() != "zombie"]
        return alive + [str(folder.parent) for folder in self._servers.values() if folder.parent.exists()]

    def said(self) -> str:
        return self._said.read_text(encoding="utf-8", errors="replace")


def again(where: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """A command in the same folder, undisturbed."""
    environment = os.environ | {"STOREBENCH_SERVER": "embedded"}
    return subprocess.run(
        [COMMAND, *arguments], cwd=where, env=environment, capture_output=True, text=True, timeout=DEADLINE_S, check=False
    )
