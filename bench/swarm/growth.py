"""What grows while a run goes on: memory, open files and connections of its processes, and the lag of its operations. Pure.

The first tenth of a run is its beginning, in which everything grows. What is left is cut into three parts of equal length, and the
medians of the first and of the last are held together: neither a single sample nor a single late operation decides.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bench.load import judging

BEGINNING = 0.1
PARTS = 3
SAMPLES_MIN = 3
"""Samples of a part, below which nothing is said."""

MEMORY_SHARE_MAX, MEMORY_BYTES_MAX = 0.05, 8 * 2**20
"""Locust keeps a few numbers of every second; more than this share of a process and these bytes is a leak."""

LAG_TIMES_MAX, LAG_NS_MAX = 2.0, 1_000_000
"""Of the median lag; a millisecond is what one busy neighbour makes."""

LEADER = -1


@dataclass(frozen=True, slots=True)
class Grown:
    """One thing: its median in the first and in the last part, its unit, and whether that is more than may be."""

    what: str
    unit: str
    first: float
    last: float
    too_much: bool


def grown(samples: Sequence[Mapping[str, int]], table: pa.Table) -> list[Grown]:
    """What a run's samples and rows say; nothing of a run too short for it."""
    found = []
    for process in sorted({one["process"] for one in samples}):
        own = [one for one in samples if one["process"] == process]
        name = "the leader" if process == LEADER else f"worker {process}"
        for key, unit, limit in _LIMITS:
            told = [(one["at_ms"], one[key]) for one in own if key in one]
            parts = _parts([at for at, _ in told], [float(value) for _, value in told])
            if parts is not None:
                found.append(Grown(f"{_WORDS[key]} of {name}", unit, *parts, limit(*parts)))
    rows = judging.rows(table)
    lag = _parts((rows.due_ns // 1_000_000).tolist(), rows.lag_ns.astype(float).tolist())
    if lag is not None and samples:
        found.append(Grown("median lag", "ns", *lag, lag[1] > LAG_TIMES_MAX * lag[0] and lag[1] > lag[0] + LAG_NS_MAX))
    return found


def _parts(at: Sequence[float], values: Sequence[float]) -> tuple[float, float] | None:
    if not at:
        return None
    times, found = np.asarray(at, float), np.asarray(values, float)
    begin = times.max() * BEGINNING
    length = (times.max() - begin) / PARTS
    first, last = found[(times >= begin) & (times <= begin + length)], found[times >= times.max() - length]
    if min(len(first), len(last)) < SAMPLES_MIN:
        return None
    return float(np.median(first)), float(np.median(last))


def _memory(first: float, last: float) -> bool:
    return last > first * (1 + MEMORY_SHARE_MAX) and last > first + MEMORY_BYTES_MAX


def _any(first: float, last: float) -> bool:
    return last > first


_WORDS = {"rss_bytes": "memory", "descriptors": "open files", "connections": "connections to the server"}
_LIMITS: tuple[tuple[str, str, Callable[[float, float], bool]], ...] = (
    ("rss_bytes", "bytes", _memory),
    ("descriptors", "files", _any),
    ("connections", "connections", _any),
)
