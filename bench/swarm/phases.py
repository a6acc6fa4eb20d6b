"""The shape of a run in time: how many operations are due when, and how many users are there to perform them. Pure.

A workload says when its operations happen. Their times, cut into parts of equal length, are its phases: each has a share of the
operations. A run has the same phases in its own length. Within one, operations come independently of each other.
"""

from __future__ import annotations

import enum
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from bench.load.arrivals import Nanoseconds, poisson

PHASES = 12
"""Parts that a workload's time is cut into: five seconds each of a minute."""


class Shape(enum.StrEnum):
    """One rate from the beginning to the end, or the phases of the workload."""

    FLAT = "flat"
    WORKLOAD = "workload"


@dataclass(frozen=True, slots=True)
class Phase:
    """A part of a run: when it ends, after the beginning, and how many operations are due in it."""

    end_s: float
    operations: int


def phases(times_ms: Sequence[int], run_s: float, parts: int = PHASES) -> list[Phase]:
    """The phases of operations at these times, in a run of this length. Times that are all one and the same give one phase."""
    if not times_ms:
        return []
    times = np.maximum.accumulate(np.asarray(times_ms, np.int64))
    span = int(times[-1] - times[0])
    if span == 0 or parts == 1:
        return [Phase(run_s, len(times_ms))]
    places = np.minimum((times - times[0]) * parts // span, parts - 1)
    counts = np.bincount(places, minlength=parts)
    return [Phase(run_s * (part + 1) / parts, int(count)) for part, count in enumerate(counts)]


def due(shape: Shape, planned: Sequence[Phase], rng: np.random.Generator) -> Nanoseconds:
    """When the operations of these phases are due, in nanoseconds after the beginning, rising.

    A flat run has the due times that the open-loop instrument draws for this rate; in a phase of a shape so many independent times
    as operations are due in it.
    """
    if shape is Shape.FLAT:
        count = sum(phase.operations for phase in planned)
        return poisson(count, count / planned[-1].end_s, rng)
    found, begin_s = [], 0.0
    for phase in planned:
        found.append(np.sort(rng.uniform(begin_s * 1e9, phase.end_s * 1e9, phase.operations)))
        begin_s = phase.end_s
    return np.concatenate(found).astype(np.int64)


def users(planned: Sequence[Phase], at_s: float, most: int, least: int = 1) -> int:
    """How many users are there so long after the beginning: of the busiest phase `most`, of others their share, `least` at least:
    each process needs one, since nobody else may perform what was dealt to it.
    """
    rates = [phase.operations / length for phase, length in zip(planned, _lengths(planned), strict=True)]
    now = next((rate for phase, rate in zip(planned, rates, strict=True) if at_s < phase.end_s), rates[-1])
    return max(least, math.ceil(most * now / max(rates)))


def _lengths(planned: Sequence[Phase]) -> list[float]:
    ends = [0.0, *(phase.end_s for phase in planned)]
    return [end - begin for begin, end in pairwise(ends)]
