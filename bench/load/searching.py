"""One search for a capacity on a rig."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from bench.load.capacity import Probe, next_rate
from bench.load.purposes import SEARCH
from bench.load.rig import Measured, Purpose
from bench.progress.telling import Advance
from bench.streams import Stream, generator

BURST_OPERATIONS = 400
"""Operations that are due at once before a search: the rate at which they are done says where it begins."""

BEGIN_AT = 0.5
"""The first rate of a search, as a share of that."""


class Bears(Protocol):
    """What is searched: `bench.load.rig.Rig`."""

    def throughput(self, operations: int) -> float: ...

    def point(self, purpose: Purpose, rate_per_s: float, rng: np.random.Generator) -> Measured | None: ...


def search(
    rig: Bears, *, probes_max: int, resolution: float, seed: int, repeat: int, advance: Advance
) -> tuple[list[Measured], tuple[str, ...]]:
    """The points of the search in order, and what ended it early.

    A rate that was missed while the generator was the bottleneck says nothing of the design, so it is tried once more.
    """
    found: list[Measured] = []
    start_per_s = max(1.0, BEGIN_AT * rig.throughput(BURST_OPERATIONS))
    while (rate := _next(start_per_s, found, probes_max, resolution)) is not None:
        measured = rig.point(Purpose(SEARCH), rate, generator(seed, Stream.LOAD_SEARCH, repeat, len(found)))
        if measured is None:
            return found, (f"the workload has no operations left after {len(found)} rates",)
        found.append(measured)
        advance(len(found), probes_max)
    return found, ()


def _next(start_per_s: float, found: list[Measured], probes_max: int, resolution: float) -> float | None:
    probes = [Probe(one.point.rate_per_s, one.point.kept) for one in found]
    if found and len(found) < probes_max and not found[-1].point.kept and found[-1].point.invalid is not None:
        rate = found[-1].point.rate_per_s
        if sum(probe.rate_per_s == rate for probe in probes) == 1:
            return rate
    return next_rate(start_per_s, probes, probes_max=probes_max, resolution=resolution)
