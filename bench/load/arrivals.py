"""When operations are due. Pure; fixed before a measurement starts, so that nothing that happens in it moves them."""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Nanoseconds = NDArray[np.int64]


class Arrivals(enum.StrEnum):
    """How operations come: independently of each other, or as the workload has them with its time made shorter or longer."""

    POISSON = "poisson"
    WORKLOAD = "workload"


def poisson(count: int, rate_per_s: float, rng: np.random.Generator) -> Nanoseconds:
    """So many due times from 0 on whose gaps are exponential, the mean gap being 1 / rate; in nanoseconds, rising."""
    _check(rate_per_s)
    return np.cumsum(rng.exponential(1e9 / rate_per_s, count)).astype(np.int64)


def compressed(times_ms: Sequence[int], rate_per_s: float) -> Nanoseconds:
    """The workload's own times on another scale, so that as many come in a second on average; its bursts are kept.

    Times that go back are taken as the latest before them. Where all are one and the same, all are due at once.
    """
    _check(rate_per_s)
    if not times_ms:
        return np.zeros(0, np.int64)
    times = np.maximum.accumulate(np.asarray(times_ms, np.int64))
    times -= times[0]
    scale = len(times_ms) * 1e9 / rate_per_s / times[-1] if times[-1] else 0.0
    return (times * scale).astype(np.int64)


def digest(due_ns: Nanoseconds) -> str:
    """SHA-256 of due times: two points with the same one had the same schedule."""
    return hashlib.sha256(np.ascontiguousarray(due_ns, dtype="<i8").tobytes()).hexdigest()


def _check(rate_per_s: float) -> None:
    if not 0 < rate_per_s < float("inf"):
        raise ValueError(f"a rate is above 0 operations a second, not {rate_per_s}")
