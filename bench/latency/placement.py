"""Where client and server run: which CPUs each may use while latencies are taken."""

from __future__ import annotations

import enum
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import psutil

from bench.drive.link import Patience


class Placement(enum.Enum):
    """APART: client on one CPU, server on the others, which drifts least over seconds, for the paired instrument.

    TOGETHER: both on one CPU, which saves a wake-up of another CPU in each round trip, for long replays.
    """

    APART = "apart"
    TOGETHER = "together"


@dataclass(frozen=True, slots=True)
class Place:
    """What was done, and how a client may wait there: with a CPU of its own it need not sleep."""

    words: str
    patience: Patience

    @property
    def waiting(self) -> str:
        """The words, with how a client that makes use of its CPU waits."""
        return self.words + (", the client awake while it waits" if self.patience is Patience.WATCHING else "")


@contextmanager
def placed(server_pid: int | None, placement: Placement) -> Iterator[Place]:
    """Pin this process and the server for a while; yields what was done.

    Without a pid (the server is not ours, or not seen), with one CPU, or where the system refuses, nothing is pinned and the
    words say so. What was set is set back.
    """
    if server_pid is None:
        yield Place("not pinned: the server is not ours", Patience.SLEEPING)
        return
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        yield Place("not pinned: one CPU", Patience.SLEEPING)
        return
    client = usable[:1]
    server = client if placement is Placement.TOGETHER else usable[1:]
    try:
        _place(server_pid, server)
    except psutil.AccessDenied:
        yield Place("not pinned: the server belongs to another account", Patience.SLEEPING)
        return
    os.sched_setaffinity(0, client)
    try:
        yield Place(
            f"client on CPU {client[0]}, server on {', '.join(map(str, server))}",
            Patience.WATCHING if placement is Placement.APART else Patience.SLEEPING,
        )
    finally:
        os.sched_setaffinity(0, usable)
        # A server that died meanwhile is told by what found it dead.
        with suppress(psutil.NoSuchProcess):
            _place(server_pid, usable)


def _place(server_pid: int, cpus: list[int]) -> None:
    """The server's processes, and with the first of them all that it starts later; one that just ended has no place."""
    server = psutil.Process(server_pid)
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.cpu_affinity(cpus)
