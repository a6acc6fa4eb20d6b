"""Clears what runs that were killed left behind: their servers and their folders."""

from __future__ import annotations

import contextlib
import itertools
import signal
from pathlib import Path

import psutil

from bench.server.folders import PREFIX, may_be_alive, read_owner, remove

DATA = "data"
_END_DEADLINE_S = 10.0


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
            postmaster = find_postmaster(folder / DATA)
            if postmaster is not None:
                _end(postmaster)
            remove(folder)
            cleared.append(folder)
    return tuple(cleared)


def find_postmaster(data_folder: Path) -> psutil.Process | None:
    """The server that runs on `data_folder`, or None.

    The pid in the folder is a hint only, since it may be another process's by now: the process must be a PostgreSQL
    that was given this very folder, and run as the folder's owner.
    """
    try:
        first_line = (data_folder / "postmaster.pid").read_text(encoding="utf-8").partition("\n")[0]
        process = psutil.Process(int(first_line))
        arguments = process.cmdline()
        runs_as_owner = process.uids().real == data_folder.stat().st_uid
    except (OSError, ValueError, psutil.Error):
        return None
    given = [value for flag, value in itertools.pairwise(arguments) if flag == "-D"]
    is_server = bool(arguments) and Path(arguments[0]).name == "postgres" and given == [str(data_folder)]
    return process if is_server and runs_as_owner else None


def _end(postmaster: psutil.Process) -> None:
    """Nobody wants its data any more, so at once: SIGQUIT, which takes its backends along, else SIGKILL.

    Raises psutil.TimeoutExpired where even that does not end it.
    """
    with contextlib.suppress(psutil.NoSuchProcess):
        postmaster.send_signal(signal.SIGQUIT)
        try:
            postmaster.wait(_END_DEADLINE_S)
        except psutil.TimeoutExpired:
            postmaster.kill()
            postmaster.wait(_END_DEADLINE_S)
