"""Latencies of two runs: what each variant costs against its baseline, and how that changed. Pure.

Machines drift by more than designs differ, so the figure that can be compared between runs is the one that each run measured in
pairs: a variant against its baseline, message by message. Absolute latencies stand beside it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from bench.compare.side import Side
from bench.latency.samples import Paired
from bench.latency.variants import SAME, SAMES, same_family
from bench.results.schema import LatencyRatio
from bench.stats.between import Change, Measured, change, factor, medians, midmeans, rank_p_value, sessions_needed
from bench.stats.ratio import Interval, noise
from bench.stats.several import FAMILY_WISE, holm

WORKLOAD, READS = "workload", "large stores"
"""The two parts of a run that measure latency: the paired workload, and the reads on large stores."""


BETWEEN_RUNS: Mapping[str, float] = MappingProxyType({WORKLOAD: 1.10, READS: 1.25})
"""What ratios of equal runs differ by although their sessions agree, as a factor: docs/comparing.md has the measurement. The reads
of a run share one filling of the large stores, so their sessions say less.
"""


@dataclass(frozen=True, slots=True)
class RatioChange:
    """A variant against its baseline in two runs. `interval` is B's ratio to A's, None when a run has one session.

    `p_value` is corrected for all rows; `told` says whether the change is one: it is not above the family-wise level, and larger
    than `hidden`. That is what equal runs may show, as a logarithm: what the A/A pair of either run shows, and `BETWEEN_RUNS`.
    """

    part: str
    family: str
    variant: str
    baseline: str
    kind: str
    a: Interval
    b: Interval
    interval: Interval | None
    p_value: float | None
    hidden: float
    told: bool


@dataclass(frozen=True, slots=True)
class MedianChange:
    """The median latency of a variant in two runs, in nanoseconds; not paired. `apart`: the sessions separate by their ranks."""

    part: str
    variant: str
    kind: str
    a_ns: int
    b_ns: int
    apart: bool


@dataclass(frozen=True, slots=True)
class Latencies:
    """Everything that is said of latency.

    `same` are the A/A pairs: the same design twice, in either run. `smallest` is the change that half of the rows could have told,
    as a factor, None when no row has a verdict. `sessions` has how many a run has, by part; `needed` how many each run would need
    before the absolute medians could be told apart. `only_a` and `only_b` are comparisons that one run alone has data enough for.
    """

    rows: Sequence[RatioChange]
    same: Sequence[RatioChange]
    medians: Sequence[MedianChange]
    smallest: float | None
    sessions: Mapping[str, tuple[int, int]]
    needed: int
    only_a: Sequence[str]
    only_b: Sequence[str]

    @property
    def told(self) -> list[RatioChange]:
        """The ratios that changed, the largest change first."""
        return self.largest_first([row for row in self.rows if row.told])

    @staticmethod
    def largest_first(rows: Sequence[RatioChange]) -> list[RatioChange]:
        """Rows by how much changed, those without a change to tell last."""
        return sorted(rows, key=lambda row: 0.0 if row.interval is None else -abs(math.log(row.interval.estimate)))


_Key = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class _Both:
    part: str
    row: LatencyRatio
    other: LatencyRatio
    change: Change | None
    hidden: float


def latencies(a: Side, b: Side) -> Latencies:
    """Compare every ratio and every median that both runs have."""
    of_a, of_b = dict(_ratios(a)), dict(_ratios(b))
    both = [_both(a, b, key, of_a, of_b) for key in of_a if key in of_b]
    compared = [pair for pair in both if pair.row.family not in SAMES]
    changes = [pair.change for pair in compared if pair.change is not None]
    corrected = iter(holm([one.p_value for one in changes]))
    absolute = _medians(a, b)
    return Latencies(
        rows=[_row(pair, None if pair.change is None else next(corrected)) for pair in compared],
        same=[_row(pair, None) for pair in both if pair.row.family in SAMES],
        medians=absolute,
        smallest=_smallest(compared, len(changes)),
        sessions={part: (_sessions(_samples(a, part)), _sessions(_samples(b, part))) for part in (WORKLOAD, READS)},
        needed=sessions_needed(FAMILY_WISE / max(1, len(absolute))),
        only_a=[_named(key) for key in of_a if key not in of_b],
        only_b=[_named(key) for key in of_b if key not in of_a],
    )


def _ratios(side: Side) -> Iterator[tuple[_Key, LatencyRatio]]:
    reads = side.summary.reads.ratios if side.summary.reads is not None else []
    for part, rows in ((WORKLOAD, side.summary.latency), (READS, reads)):
        for row in rows:
            yield (part, row.family, row.variant, row.baseline, row.kind), row


def _both(a: Side, b: Side, key: _Key, of_a: Mapping[_Key, LatencyRatio], of_b: Mapping[_Key, LatencyRatio]) -> _Both:
    part, family, kind = key[0], key[1], key[4]
    found = change(_measured(a, part, of_a[key]), _measured(b, part, of_b[key]))
    floors = [_noise(of, part, family, kind) for of in (of_a, of_b)]
    hidden = max(math.log(BETWEEN_RUNS[part]), *(floor for floor in floors if floor is not None), 0.0)
    return _Both(part, of_a[key], of_b[key], found, hidden)


def _noise(ratios: Mapping[_Key, LatencyRatio], part: str, family: str, kind: str) -> float | None:
    """The largest logarithm that the A/A pair of a kind allows for identical code, where this family was measured."""
    own = SAME if part == READS else same_family(family, {key[1] for key in ratios})
    same = (row for key, row in ratios.items() if (key[0], key[1], key[4]) == (part, own, kind))
    return max((noise(Interval(row.ratio, row.low, row.high)) for row in same), default=None)


def _measured(side: Side, part: str, row: LatencyRatio) -> Measured:
    sample = side.sample(row.family, row.kind) if part == WORKLOAD else next(one for one in side.reads if one.kind == row.kind)
    variant, baseline = (sample.latency_ns[:, sample.variants.index(name)] for name in (row.variant, row.baseline))
    return Measured(math.log(row.ratio), midmeans(np.log(variant / baseline), sample.session))


def _samples(side: Side, part: str) -> Sequence[Paired]:
    return side.paired if part == WORKLOAD else side.reads


def _sessions(samples: Sequence[Paired]) -> int:
    return len({int(one) for sample in samples for one in np.unique(sample.session)})


def _row(pair: _Both, corrected: float | None) -> RatioChange:
    large = pair.change is not None and abs(pair.change.log_change) > pair.hidden
    return RatioChange(
        part=pair.part,
        family=pair.row.family,
        variant=pair.row.variant,
        baseline=pair.row.baseline,
        kind=pair.row.kind,
        a=Interval(pair.row.ratio, pair.row.low, pair.row.high),
        b=Interval(pair.other.ratio, pair.other.low, pair.other.high),
        interval=None if pair.change is None else pair.change.interval,
        p_value=corrected,
        hidden=pair.hidden,
        told=corrected is not None and corrected <= FAMILY_WISE and large,
    )


def _smallest(compared: Sequence[_Both], family: int) -> float | None:
    """The median, over the rows, of the least change that would be told if it were the first of the family."""
    level = FAMILY_WISE / max(1, family)
    least = [max(pair.change.smallest(level), pair.hidden) for pair in compared if pair.change is not None]
    return factor(float(np.median(least))) if least else None


def _medians(a: Side, b: Side) -> list[MedianChange]:
    found, p_values = [], []
    for part in (WORKLOAD, READS):
        others = {sample.kind: sample for sample in _samples(b, part)}
        for sample in _samples(a, part):
            other = others.get(sample.kind)
            for variant in sample.variants:
                if other is None or variant not in other.variants:
                    continue
                before, after = (one.latency_ns[:, one.variants.index(variant)] for one in (sample, other))
                by_session = medians(before.astype(float), sample.session), medians(after.astype(float), other.session)
                p_values.append(rank_p_value(*(list(one.values()) for one in by_session)))
                found.append((part, variant, sample.kind, int(np.median(before)), int(np.median(after))))
    return [MedianChange(*row, apart=p <= FAMILY_WISE) for row, p in zip(found, holm(p_values), strict=True)]


def _named(key: _Key) -> str:
    part, family, variant, baseline, kind = key
    return f"{part}, {family}: {kind} of {variant} to {baseline}"
