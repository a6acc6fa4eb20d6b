"""A search on a rig that bears a known rate."""

from __future__ import annotations

import numpy as np

from bench.load.capacity import Probe, bracket
from bench.load.recorder import joined
from bench.load.rig import Measured, Purpose
from bench.load.searching import search
from tests.bench.load.rows import point


class Bearing:
    """Bears rates up to a limit; the first trials, so many, are spoilt by the generator."""

    def __init__(self, limit: float, spoilt: int = 0, points_max: int = 100) -> None:
        self._limit, self._spoilt, self._left = limit, spoilt, points_max
        self.rates: list[float] = []

    def throughput(self, operations: int) -> float:
        return operations / 2

    def point(self, purpose: Purpose, rate_per_s: float, rng: np.random.Generator) -> Measured | None:
        del purpose, rng
        if len(self.rates) >= self._left:
            return None
        self.rates.append(rate_per_s)
        late = len(self.rates) <= self._spoilt
        found = point(rate_per_s, kept=rate_per_s <= self._limit and not late, invalid="late" if late else None)
        return Measured(found, joined([]), 0)


def _silent(done: float, total: float) -> None:
    del done, total


def _search(rig: Bearing, probes_max: int = 12) -> tuple[list[Probe], tuple[str, ...]]:
    found, stopped = search(rig, probes_max=probes_max, resolution=0.05, seed=1, repeat=0, advance=_silent)
    return [Probe(one.point.rate_per_s, one.point.kept) for one in found], stopped


def test_a_search_begins_at_half_of_what_a_burst_was_done_at_and_finds_the_limit() -> None:
    rig = Bearing(limit=333.0)
    probes, stopped = _search(rig)
    ended = bracket(probes)
    assert rig.rates[0] == 100.0
    assert stopped == ()
    assert ended.kept_per_s is not None
    assert ended.missed_per_s is not None
    assert ended.kept_per_s <= 333 < ended.missed_per_s <= ended.kept_per_s * 1.05


def test_a_rate_missed_by_a_late_generator_is_tried_once_more_and_the_second_trial_counts() -> None:
    rig = Bearing(limit=333.0, spoilt=1)
    probes, _ = _search(rig)
    assert rig.rates[:3] == [100.0, 100.0, 200.0]
    assert (bracket(probes).kept_per_s or 0) > 300


def test_a_generator_that_is_always_late_does_not_make_a_search_endless() -> None:
    rig = Bearing(limit=333.0, spoilt=1_000)
    probes, _ = _search(rig, probes_max=9)
    assert len(probes) == 9
    assert max(rig.rates.count(rate) for rate in rig.rates) == 2


def test_a_workload_that_is_too_short_ends_a_search_and_is_told() -> None:
    probes, stopped = _search(Bearing(limit=333.0, points_max=2))
    assert len(probes) == 2
    assert stopped == ("the workload has no operations left after 2 rates",)
