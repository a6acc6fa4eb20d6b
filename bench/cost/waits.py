"""What a backend waits for, sampled from another connection while it works."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

PERIOD_S = 0.01
"""A hundred samples a second. The sampler is a thread of the client, so times that are taken meanwhile are not compared."""

ON_CPU = "CPU"
"""Active, and waiting for nothing that PostgreSQL knows of."""

_ASK = "SELECT state, wait_event_type || '/' || wait_event FROM pg_stat_activity WHERE pid = %s"


@contextmanager
def sampled(monitor: psycopg.Connection[tuple[object, ...]], pid: int, period_s: float = PERIOD_S) -> Iterator[Counter[str]]:
    """How often each wait event of a backend was seen; complete when the block ends.

    `Client/ClientRead` is the client's turn. Nobody else may use the monitor's connection meanwhile.
    """
    seen: Counter[str] = Counter()
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(period_s):
            row = monitor.execute(_ASK, (pid,)).fetchone()
            if row is not None and (row[1] is not None or row[0] == "active"):
                seen[str(row[1]) if row[1] is not None else ON_CPU] += 1

    thread = threading.Thread(target=sample, name="wait sampler", daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        ended.set()
        thread.join()
