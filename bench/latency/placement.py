"""Client and backends on different CPUs: the placement that drifts least (a shared CPU makes latencies wander over seconds)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psutil


@contextmanager
def pinned(server_pid: int) -> Iterator[str]:
    """Pin this process to one usable CPU and the server to the others for a while; yields what was done, in words.

    With one CPU, or where the system refuses, nothing is pinned and the words say so. What was set is set back.
    """
    usable = sorted(os.sched_getaffinity(0))
    if len(usable) < 2:
        yield "not pinned: one CPU"
        return
    try:
        _place(server_pid, usable[1:])
    except psutil.AccessDenied:
        yield "not pinned: the server belongs to another account"
        return
    os.sched_setaffinity(0, usable[:1])
    try:
        yield f"client on CPU {usable[0]}, server on {', '.join(map(str, usable[1:]))}"
    finally:
        os.sched_setaffinity(0, usable)
        _place(server_pid, usable)


def _place(server_pid: int, cpus: list[int]) -> None:
    """The server's processes, and with the first of them all that it starts later; one that just ended has no place."""
    server = psutil.Process(server_pid)
    for process in [server, *server.children(recursive=True)]:
        with suppress(psutil.NoSuchProcess):
            process.cpu_affinity(cpus)
