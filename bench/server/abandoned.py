"""Clears what runs that were killed left behind: their servers and their folders."""

from __future__ import annotations

import contextlib
import itertools
import signal
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from bench.server.folders import PREFIX, may_be_alive, read_owner, remove, temporary_roots

DATA = "data"
_END_DEADLINE_S = 10.0


def clear_everywhere() -> None:
    """`clear_abandoned` in every folder where servers of ours may have theirs."""
    for root in temporary_roots():
        clear_abandoned(root)


def clear_abandoned(root: Path) -> tuple[Path, ...]:
    """Removes the server folders below `root` whose owner is gone, and returns those removed.

    A server that outlived its owner is stopped first. A folder that does not credibly name its owner is left alone, as
    is one that cannot be cleared now: the next start tries again.
    """
    cleared = []
    for folder in sorted(root.glob(f"{PREFIX}*")):
        owner = read_owner(folder)
        if owner is None or may_be_alive(owner):
            continue
        with contextlib.suppress(OSError, psutil.Error):
            server = find_server(folder / DATA)
            if server is not None:
                _end(server)
            remove(folder)
            cleared.append(folder)
    return tuple(cleared)


@dataclass(frozen=True, slots=True)
class FoundServer:
    """A PostgreSQL process that works on a data folder. Without clients it is one of those that initdb starts."""

    process: psutil.Process
    takes_clients: bool


def find_server(data_folder: Path) -> FoundServer | None:
    """The PostgreSQL that works on `data_folder`, or None.

    The pid in the folder is a hint only, since it may be another process's by now: the process must be a PostgreSQL
    that was given this very folder, and run as the folder's owner. A negative pid is that of a server without clients;
    it is told its folder in the environment, but it works in it.
    """
    try:
        pid = int((data_folder / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0])
        process = psutil.Process(abs(pid))
        arguments = process.cmdline()
        given = [value for flag, value in itertools.pairwise(arguments) if flag == "-D"] if pid > 0 else [process.cwd()]
        runs_as_owner = process.uids().real == data_folder.stat().st_uid
    except (OSError, ValueError, psutil.Error):
        return None
    is_server = bool(arguments) and Path(arguments[0]).name == "postgres" and given == [str(data_folder)]
    return FoundServer(process, takes_clients=pid > 0) if is_server and runs_as_owner else None


def _end(server: FoundServer) -> None:
    """Nobody wants its data any more, so at once: SIGQUIT, which takes its backends along, else SIGKILL.

    One without clients is waited for first: it ends by itself now that nobody gives it commands, but a signal would
    make it leave its shared memory behind.
    """
    if not server.takes_clients and _ends_in_time(server.process):
        return
    for number in (signal.SIGQUIT, signal.SIGKILL):
        with contextlib.suppress(psutil.NoSuchProcess):
            server.process.send_signal(number)
        if _ends_in_time(server.process):
            return


def _ends_in_time(process: psutil.Process) -> bool:
    deadline = time.monotonic() + _END_DEADLINE_S
    while not has_ended(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.01)
    return True


def has_ended(process: psutil.Process) -> bool:
    """Also of a process that ended and that its parent did not yet ask about; some containers' init never does."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
