"""What a process of a run holds now: memory, open files, and the load of its own bookkeeping."""

from __future__ import annotations

import os
import time

import psutil

SAMPLE_S = 5.0
"""How often a process looks at itself: often enough for a minute, and cheap."""


def sample(process: int, since_ns: int) -> dict[str, int]:
    """Of this very process: `at_ms` after `since_ns` on `time.perf_counter_ns`, resident bytes, and open descriptors.

    `process` is its number among the workers, -1 for a master without users.
    """
    me = psutil.Process(os.getpid())
    return {
        "process": process,
        "at_ms": (time.perf_counter_ns() - since_ns) // 1_000_000,
        "rss_bytes": me.memory_info().rss,
        "descriptors": me.num_fds(),
    }
