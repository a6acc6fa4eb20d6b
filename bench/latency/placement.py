"""Client and backends on different CPUs: the placement that drifts least (a shared CPU makes latencies wander over seconds)."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

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
    processes = _server(server_pid)
    try:
        for process in processes:
            process.cpu_affinity(usable[1:])
    except psutil.AccessDenied:
        yield "not pinned: the server belongs to another account"
        return
    os.sched_setaffinity(0, usable[:1])
    try:
        yield f"client on CPU {usable[0]}, server on {', '.join(map(str, usable[1:]))}"
    finally:
        os.sched_setaffinity(0, usable)
        for process in processes:
            if process.is_running():
                process.cpu_affinity(usable)


def _server(pid: int) -> list[psutil.Process]:
    parent = psutil.Process(pid)
    return [parent, *parent.children(recursive=True)]
