"""One search for a capacity on a rig."""

from __future__ import annotations

import numpy as np

from bench.load.capacity import Probe, next_rate
from bench.load.purposes import SEARCH
from bench.load.rig import Measured, Purpose, Rig
from bench.progress.telling import Advance

BURST_OPERATIONS = 400
"""Operations that are due at once before a search: the rate at which they are done says where it begins."""

BEGIN_AT = 0.5
"""The first rate of a search, as a share of that."""


def search(
    rig: Rig, *, probes_max: int, resolution: float, seed: int, repeat: int, advance: Advance
) -> tuple[list[Measured], tuple[str, ...]]:
    """The points of the search in order, and what ended it early."""
    found: list[Measured] = []
    probes: list[Probe] = []
    start_per_s = max(1.0, BEGIN_AT * rig.throughput(BURST_OPERATIONS))
    while (rate := next_rate(start_per_s, probes, probes_max=probes_max, resolution=resolution)) is not None:
        measured = rig.point(Purpose(SEARCH), rate, np.random.default_rng([seed, 2, repeat, len(probes)]))
        if measured is None:
            return found, (f"the workload has no operations left after {len(probes)} rates",)
        found.append(measured)
        probes.append(Probe(rate, measured.point.kept))
        advance(len(probes), probes_max)
    return found, ()
