"""Locust as child processes: one that leads, and workers beside it; what they print goes to a file in the folder of the runs."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import bench
from bench.errors import ServerFailed, Terminated, UserError
from bench.server.endpoint import Endpoint
from bench.server.launch import free_port
from bench.server.process import die_with_parent
from bench.server.specification import specification
from bench.swarm.options import Options
from bench.swarm.server_address import SERVER
from bench.visible import visible

LOG = "locust.log"
"""What the process that leads prints."""

LOOPBACK = "127.0.0.1"
PORT = 5557
"""Where a master listens for workers of other machines, as Locust itself does."""

ASKED_S = 10.0
"""How long a leader may take to end that has asked its workers to."""

END_S, CONCLUDED_S, LOOK_S = 60.0, 600.0, 0.2
"""How long Locust may take to end once it is asked to, and how long the one that leads, which proves what was done until then; how
often it is looked whether it has."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the parts of a run find each other, and who is here.

    `workers` are started here beside the one that leads; none: it has the users itself. `expected` workers of other machines come
    on top. `web` is the port of the page, None for none.
    """

    workers: int = 0
    expected: int = 0
    host: str = LOOPBACK
    port: int = 0
    web: int | None = None

    @property
    def is_distributed(self) -> bool:
        """Whether one process leads and others have the users."""
        return bool(self.workers or self.expected)


def available() -> None:
    """Raise `UserError`, one line, where Locust is not installed."""
    from importlib.util import find_spec  # noqa: PLC0415 - beside the one use

    if find_spec("locust") is None:
        raise UserError(
            "storebench load needs Locust, which is not installed: make load installs it, as the extra storebench[load]"
        )


def leader(options: Options, place: Place, folder: Path) -> list[str]:
    """The command line of the process that leads."""
    found = [*_locust(), *_asked(options), "--results", str(folder)]
    if place.is_distributed:
        found += ["--master", "--master-bind-host", place.host, "--master-bind-port", str(place.port)]
        found += ["--expect-workers", str(place.workers + place.expected)]
    if place.web is None:
        return [*found, "--headless", "--only-summary", "--html", str(folder / "locust.html")]
    return [*found, "--web-host", LOOPBACK, "--web-port", str(place.web)]


def worker(place: Place) -> list[str]:
    """The command line of a process that has users and follows a master."""
    return [*_locust(), "--worker", "--master-host", place.host, "--master-port", str(place.port)]


def run(options: Options, place: Place, folder: Path, server: str) -> int:
    """One run to its end, or with the page all runs until somebody ends it; the exit status of the process that leads.

    `server` is what `STOREBENCH_SERVER` says to all of them: it may hold a password, so it is on no command line. Raises
    `ServerFailed` when a worker ends before a run has begun, or Locust by anything but a status of its own.
    """
    log, before = folder / LOG, _folders(folder)
    with ExitStack() as stack:
        leading = stack.enter_context(_started(leader(options, place, folder), log, server))
        workers = [
            stack.enter_context(_started(worker(place), folder / f"worker-{number}.log", server)) for number in range(place.workers)
        ]
        missed_s = 0.0
        try:
            while leading.poll() is None:
                time.sleep(LOOK_S)
                # Once a run has begun the one that leads notices by itself.
                if _folders(folder) == before and any(child.poll() is not None for child in workers):
                    missed_s += LOOK_S
                    # Without fault it ends when it is asked to, mostly by a leader that is about to end.
                    if missed_s > ASKED_S or any(child.poll() for child in workers):
                        raise _ended_early(folder, workers)
        except Terminated:
            # The page has no other end.
            if place.web is None:
                raise
        finally:
            # It ends first: it asks the workers to, and what they tell is lost without it.
            _asked_to_end(leading, CONCLUDED_S)
    if leading.returncode not in {0, 1, 2, 3}:
        raise ServerFailed(f"Locust ended with {leading.returncode} ({trouble_in(log)})", f"see {log}")
    return leading.returncode


def _folders(folder: Path) -> set[Path]:
    return {path for path in folder.iterdir() if path.is_dir()}


def _ended_early(folder: Path, workers: Sequence[subprocess.Popen[bytes]]) -> ServerFailed:
    ended = [number for number, child in enumerate(workers) if child.poll() is not None]
    number = next((number for number in ended if workers[number].poll()), ended[0])
    log = folder / f"worker-{number}.log"
    return ServerFailed(f"worker {number} ended before a run had begun ({trouble_in(log)})", f"see {log}")


def follow(host: str, port: int, server: str | None) -> None:
    """A worker for a master elsewhere, until that ends; what it prints goes where ours does. `ServerFailed` when it fails."""
    if not isinstance(specification(server), Endpoint):
        raise UserError("--worker: say by --server url=postgresql://... where this machine reaches the server of the run")
    child = subprocess.Popen(
        worker(Place(host=host, port=port)),
        stdin=subprocess.DEVNULL,
        env={**os.environ, SERVER: str(server)},
        preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - nothing but the kernel is asked, and there are no threads
    )
    try:
        status = child.wait()
    finally:
        _asked_to_end(child)
    if status:
        raise ServerFailed(f"the worker ended with {status}", "see what it said, and that a master listens there")


def checked(place: Place, users: int) -> Place:
    """The same place. Raises `UserError` where its ports cannot be listened on, or its workers are more than the users."""
    if users < place.workers + place.expected:
        raise UserError(f"--users {users}: each of {place.workers + place.expected} workers needs a user; ask for more users")
    if place.web is not None:
        _free("--web-port", LOOPBACK, place.web)
    if place.is_distributed:
        _free("--bind", place.host, place.port)
    return place


def free_place(place: Place) -> Place:
    """The same place with a port that nobody listens on where none is said."""
    return place if place.port else replace(place, port=free_port())


def _free(option: str, host: str, port: int) -> None:
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            # A connection that ended a moment ago does not hold the port.
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except (OSError, UnicodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "no name of a host"
        raise UserError(f"{option}: {visible(host)}:{port} cannot be listened on ({why}); name another one") from None


@contextmanager
def _started(arguments: Sequence[str], log: Path, server: str) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, SERVER: server, "PYTHONUNBUFFERED": "1"}
    with log.open("ab") as output:
        child = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            preexec_fn=die_with_parent(signal.SIGKILL),  # noqa: PLW1509 - nothing but the kernel is asked, and there are no threads
            start_new_session=True,
        )
        try:
            yield child
        finally:
            _asked_to_end(child)


def _asked_to_end(child: subprocess.Popen[bytes], within_s: float = END_S) -> None:
    if child.poll() is not None:
        return
    child.terminate()
    try:
        child.wait(within_s)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _locust() -> list[str]:
    return [sys.executable, "-m", "locust", "-f", str(Path(bench.__file__).with_name("locustfile.py"))]


def _asked(options: Options) -> list[str]:
    found = {
        "--users": str(options.users),
        "--spawn-rate": f"{options.spawn_rate:g}",
        "--design": options.variant,
        "--workload": options.workload,
        "--rate": repr(options.rate_per_s),
        "--length": f"{options.run_s:g}s",
        "--form": str(options.shape),
        "--seed": str(options.seed),
        "--messages": str(options.messages or 0),
        "--agents": str(-1 if options.agents is None else options.agents),
        "--objective": repr(options.objective_ms),
    }
    steady = ["--steady"] if options.steady else []
    return [*(f"{name}={value}" for name, value in found.items()), *steady]


def trouble_in(log: Path) -> str:
    """The last error that was printed, or the last line at all."""
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    errors = [said for line in lines if (said := line.partition("/ERROR/storebench: ")[2])]
    return (errors or lines or ["it said nothing"])[-1][:300]
