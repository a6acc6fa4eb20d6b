"""pgbench as a child process of ours: started, waited for with its CPU time, its words read strictly."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import InvalidMeasurement
from bench.stores import Store

DEADLINE_S = 300.0
"""How long one arm may take; it is ended then."""

PLAN_CACHE_MODE = "force_generic_plan"
_POLL_S = 0.005
_LOG = "log"
_PROCESSED = re.compile(r"^number of transactions actually processed: (\d+)(?:/(\d+))?$", re.MULTILINE)
_FAILED = re.compile(r"^number of failed transactions: (\d+) ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Asked:
    """One run: the script, how many clients, how often each runs it, and variables."""

    script: str
    clients: int
    iterations: int
    variables: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """By client, when its iterations ended, in seconds; the CPU time of the whole process."""

    ended_s: Sequence[Sequence[float]]
    cpu_s: float


def run_pgbench(program: Path, store: Store, asked: Asked) -> Answer:
    """Run it to its end. Raises `InvalidMeasurement` when it did not do all of it."""
    with tempfile.TemporaryDirectory(prefix="storebench-pgbench-") as name:
        folder = Path(name)
        (folder / "script.sql").write_text(asked.script, encoding="utf-8")
        command = [str(program), *arguments(asked, "script.sql"), "--log", f"--log-prefix={_LOG}", conninfo_without_password(store)]
        code, cpu_s = _ran(command, child_environment(store), folder)
        said = (folder / "out").read_text(encoding="utf-8", errors="replace")
        complaint = (folder / "err").read_text(encoding="utf-8", errors="replace").strip()
        if code != 0:
            raise InvalidMeasurement(f"pgbench ended with {code}", complaint.splitlines()[-5:])
        _check(said, asked)
        return Answer(_log(folder, asked), cpu_s)


def arguments(asked: Asked, script: str) -> list[str]:
    """What pgbench is told, but for where the database is."""
    # As many CPUs as it may use, which are fewer than the machine's while it is pinned.
    threads = min(asked.clients, len(os.sched_getaffinity(0)))
    given = [f"--define={name}={value}" for name, value in {"i": "0", **asked.variables}.items()]
    return [
        "--no-vacuum",
        "--protocol=prepared",
        f"--file={script}",
        f"--client={asked.clients}",
        f"--jobs={threads}",
        f"--transactions={asked.iterations}",
        *given,
    ]


def conninfo_without_password(store: Store) -> str:
    """The connection of our own clients; the password goes by the environment, which others cannot read."""
    info = store.endpoint.conninfo(store.database)
    return re.sub(r"(?:^|\s)password=(?:'(?:[^'\\]|\\.)*'|\S+)", "", info).strip()


def child_environment(store: Store) -> dict[str, str]:
    """Our environment without libpq's variables, but with the password."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    password = store.endpoint.password
    return clean if password is None else clean | {"PGPASSWORD": password}


def _ran(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> tuple[int, float]:
    """Its exit code and CPU seconds; a child that takes too long, or that is left behind by an interruption, is ended."""
    with (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        child = subprocess.Popen(command, cwd=folder, env=dict(environment), stdin=subprocess.DEVNULL, stdout=out, stderr=err)
    deadline = time.monotonic() + DEADLINE_S
    try:
        while True:
            pid, status, usage = os.wait4(child.pid, os.WNOHANG)
            if pid:
                child.returncode = os.waitstatus_to_exitcode(status)
                return child.returncode, usage.ru_utime + usage.ru_stime
            if time.monotonic() > deadline:
                raise InvalidMeasurement(f"pgbench did not end in {DEADLINE_S:g} s")
            time.sleep(_POLL_S)
    finally:
        if child.returncode is None:
            child.send_signal(signal.SIGKILL)
            child.wait()


def _check(said: str, asked: Asked) -> None:
    processed, failed = _PROCESSED.search(said), _FAILED.search(said)
    wanted = asked.clients * asked.iterations
    if processed is None or int(processed[1]) != wanted or (failed is not None and int(failed[1]) != 0):
        raise InvalidMeasurement(f"pgbench did not run its script {wanted} times", said.splitlines()[-12:])


def _log(folder: Path, asked: Asked) -> list[list[float]]:
    """Its log of iterations, a file a thread: client, number, microseconds taken, script, end in seconds and microseconds."""
    ended: list[list[float]] = [[] for _ in range(asked.clients)]
    for path in sorted(folder.glob(f"{_LOG}.*")):
        for line in path.read_text(encoding="ascii").splitlines():
            fields = line.split()
            if len(fields) < 6 or not fields[2].isdigit():
                raise InvalidMeasurement("pgbench wrote a line into its log that is none of an iteration", [line[:200]])
            ended[int(fields[0])].append(int(fields[4]) + int(fields[5]) / 1e6)
    if any(len(times) != asked.iterations for times in ended):
        raise InvalidMeasurement("pgbench's log has not as many lines as it ran iterations")
    return ended
