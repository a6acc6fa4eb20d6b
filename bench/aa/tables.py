"""From raw rows of windows to what was found in them: by the very rule of a run's report. Pure, given a random generator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from bench.latency.pooling import pooled
from bench.latency.samples import Paired, pair
from bench.latency.summary import Declared, ratios
from bench.latency.variants import SAME, contrasts
from bench.results.schema import LatencyRatio

BLOCKS = 12
"""Blocks that a window is cut into: about a second or two each, and enough of them to say how much they differ."""


@dataclass(frozen=True, slots=True)
class Same:
    """Of so many A/A pairs, how many are called different, how many intervals hold 1, and the median of what they can detect."""

    pairs: int
    called_different: int
    intervals_hold: int
    detectable: float


@dataclass(frozen=True, slots=True)
class Found:
    """A planted cost: in how many of so many windows it is found, with the right sign, and what it is measured as.

    `low`, `middle` and `high` are ratios: the 5th, 50th and 95th of a hundred windows.
    """

    variant: str
    windows: int
    found: int
    sign_right: int
    low: float
    middle: float
    high: float


@dataclass(frozen=True, slots=True)
class Tables:
    """Both tables; `short` are windows that had too few messages for an interval, which count as nothing found.

    `kinds` are the names of what was compared: the declared kinds that windows really held, taken together.
    """

    same: Same
    found: Sequence[Found]
    short: int
    kinds: Sequence[str]


def judged(window: pa.Table, design: str, declared: Declared, rng: np.random.Generator, draws: int) -> list[LatencyRatio]:
    """The primary comparisons of one window, as a report would tell them; nothing when it is too short."""
    samples = [_cut(sample) for sample in pair([window])]
    there = {sample.kind for sample in samples}
    together = pooled(samples, [kind for kind in declared.primary_kinds if kind in there])
    if together is None:
        return []
    compared = contrasts([design], together.variants)
    alone = Declared((together.kind,), declared.smallest_effect)
    return ratios([_cut(together)], compared, rng, draws, declared=alone)


def _cut(sample: Paired) -> Paired:
    """A lone session in blocks of equally many operations, whatever blocks a longer one would have."""
    if len(np.unique(sample.session)) > 1:
        return sample
    place = np.argsort(np.argsort(sample.operation, kind="stable"), kind="stable")
    return Paired(
        sample.kind,
        sample.variants,
        sample.session,
        place * BLOCKS // len(place),
        sample.latency_ns,
        sample.position,
        sample.operation,
    )


def tables(windows: Iterable[Sequence[LatencyRatio]]) -> Tables:
    """Both tables from the comparisons of each window."""
    judged_windows = list(windows)
    rows = [row for window in judged_windows for row in window]
    same = [row for row in rows if row.family == SAME]
    by_variant: dict[str, list[LatencyRatio]] = {}
    for row in rows:
        if row.family != SAME:
            by_variant.setdefault(row.variant, []).append(row)
    count = len(judged_windows)
    return Tables(
        Same(
            pairs=count,
            called_different=sum(row.separated for row in same),
            intervals_hold=sum(row.low <= 1 <= row.high for row in same),
            detectable=float(np.median([row.detectable for row in same])) if same else 0.0,
        ),
        [_found(variant, found, count) for variant, found in by_variant.items()],
        short=sum(not window for window in judged_windows),
        kinds=list(dict.fromkeys(row.kind for row in rows)),
    )


def _found(variant: str, rows: Sequence[LatencyRatio], count: int) -> Found:
    ratios_of = [row.ratio for row in rows]
    low, middle, high = (float(np.quantile(ratios_of, q)) for q in (0.05, 0.5, 0.95))
    found = [row for row in rows if row.separated]
    return Found(variant, count, len(found), sum(row.ratio > 1 for row in found), low, middle, high)


def as_mapping(found: Tables) -> Mapping[str, object]:
    """The tables as plain values, for JSON."""
    return {
        "kinds": list(found.kinds),
        "pairs": found.same.pairs,
        "called_different": found.same.called_different,
        "intervals_hold_1": found.same.intervals_hold,
        "median_detectable": found.same.detectable,
        "too_short": found.short,
        "planted": [
            {
                "variant": row.variant,
                "windows": row.windows,
                "found": row.found,
                "sign_right": row.sign_right,
                "ratio_p5": row.low,
                "ratio_p50": row.middle,
                "ratio_p95": row.high,
            }
            for row in found.found
        ],
    }
