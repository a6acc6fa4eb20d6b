"""Checkpoints while a variant is watched: asked for at stated times, with when each began and ended."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import psycopg

from bench.server.databases import checkpoint
from bench.server.endpoint import Endpoint


@contextmanager
def checkpoints_asked_for(endpoint: Endpoint, every_s: float) -> Iterator[list[tuple[int, int]]]:
    """Ask for a checkpoint so long after the last one, until the end; yields the list of (begin, end) on `time.perf_counter_ns`.

    The list stays empty where our role may not ask. The thread waits for the server without holding the interpreter.
    """
    seen: list[tuple[int, int]] = []
    over = threading.Event()

    def ask() -> None:
        # A server that fails is told by those who measure.
        with suppress(psycopg.Error):
            while not over.wait(every_s):
                begin_ns = time.perf_counter_ns()
                if not checkpoint(endpoint):
                    return
                seen.append((begin_ns, time.perf_counter_ns()))

    asking = threading.Thread(target=ask, name="checkpoints")
    asking.start()
    try:
        yield seen
    finally:
        over.set()
        asking.join()
