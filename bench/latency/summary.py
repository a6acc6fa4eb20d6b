"""From raw latencies to ratios and quantiles. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bench.contrasts import LATENCY, reasons
from bench.errors import UserError
from bench.latency.pooling import kinds_of, log_latencies, pooled
from bench.latency.samples import Paired
from bench.latency.variants import SAMES, Contrast, atomicity_of, same_family
from bench.results.schema import LatencyQuantiles, LatencyRatio, LeftOut, TailRatio
from bench.stats.quantiles import QuantileInterval, quantile, quantile_interval, quantile_ratio
from bench.stats.ratio import LogRatio, paired_ratio
from bench.stats.resampling import clusters
from bench.stats.several import holm
from bench.stats.verdicts import hidden, is_equivalent, is_separated, verdict

MINIMUM_PAIRS = 30
"""Fewer pairs of a kind of operation than this are not compared."""

MINIMUM_BLOCKS = 6
"""Nor are pairs of a lone session with fewer blocks than this: a handful of them says little of how much they differ."""

MINIMUM_SESSIONS = 3
"""Nor are pairs of two sessions, which are then what is drawn: with one degree of freedom bounds are 12.7 standard errors away."""

NEEDED = f"{MINIMUM_PAIRS} pairs from {MINIMUM_SESSIONS} sessions, or from {MINIMUM_BLOCKS} blocks of a lone one"

QUANTILES = (0.50, 0.90, 0.99)
TAIL = 0.99


@dataclass(frozen=True, slots=True)
class Declared:
    """What a run's configuration says before it is measured: kinds whose rows, taken together, are primary, and the smallest
    difference that anybody would care for, as a share.
    """

    primary_kinds: tuple[str, ...] = ()
    smallest_effect: float = 0.05


NOTHING_DECLARED = Declared()


@dataclass(frozen=True, slots=True)
class _Measured:
    """A contrast with what was measured of it, before it is judged among the others."""

    contrast: Contrast
    kind: str
    primary: bool
    n: int
    p50_ns: int
    baseline_p50_ns: int
    found: LogRatio
    p_value: float


def ratios(
    paired: Sequence[Paired],
    contrasts: Sequence[Contrast],
    rng: np.random.Generator,
    draws: int,
    left_out: Sequence[LeftOut] = (),
    declared: Declared = NOTHING_DECLARED,
) -> list[LatencyRatio]:
    """Every contrast for every kind of operation that has pairs enough, the primary one first.

    Two designs are not compared by a kind that one of them is left out of. P-values are corrected among the primary rows of a
    family, and among all its others; an A/A pair is a family of its own for each kind.
    """
    samples = [(sample, len(declared.primary_kinds) == 1 and sample.kind in declared.primary_kinds) for sample in paired]
    if len(declared.primary_kinds) > 1 and (together := pooled(paired, declared.primary_kinds)) is not None:
        samples.insert(0, (together, True))
    measured = [
        row
        for sample, primary in samples
        if enough_pairs(sample)
        for row in _measured(sample, contrasts, rng, draws, left_out, primary=primary)
    ]
    corrected = _corrected(measured)
    present = {row.contrast.family for row in corrected}
    hides = {
        (row.contrast.family, row.kind): hidden(row.found.interval, row.found.detectable)
        for row in corrected
        if row.contrast.family in SAMES
    }
    return [_judged(row, hides.get((same_family(row.contrast.family, present), row.kind), 0.0), declared) for row in corrected]


def _measured(
    sample: Paired,
    contrasts: Sequence[Contrast],
    rng: np.random.Generator,
    draws: int,
    left_out: Sequence[LeftOut],
    *,
    primary: bool,
) -> Iterator[_Measured]:
    logs = log_latencies(sample)
    for contrast in contrasts:
        if any(reasons(left_out, LATENCY, kind, contrast.variant, contrast.baseline) for kind in kinds_of(sample.kind)):
            continue
        place, other = (_column(sample, name) for name in (contrast.variant, contrast.baseline))
        found = paired_ratio(logs[:, place] - logs[:, other], sample.session, sample.block, rng, draws=draws)
        p50_ns, baseline_p50_ns = (int(np.median(sample.latency_ns[:, column])) for column in (place, other))
        yield _Measured(contrast, sample.kind, primary, len(logs), p50_ns, baseline_p50_ns, found, found.p_value)


def _corrected(measured: Sequence[_Measured]) -> list[_Measured]:
    families: dict[object, list[int]] = {}
    for index, row in enumerate(measured):
        alone = row.kind if row.contrast.family in SAMES else ""
        families.setdefault((row.contrast.family, row.primary, alone), []).append(index)
    p_values: dict[int, float] = {}
    for members in families.values():
        p_values.update(zip(members, holm([measured[index].p_value for index in members]), strict=True))
    return [replace(row, p_value=p_values[index]) for index, row in enumerate(measured)]


def _judged(row: _Measured, hides: float, declared: Declared) -> LatencyRatio:
    interval = row.found.interval
    # The A/A pair cannot hide itself.
    own = 0.0 if row.contrast.family in SAMES else hides
    separated = is_separated(row.found, row.p_value, own)
    return LatencyRatio(
        family=row.contrast.family,
        variant=row.contrast.variant,
        baseline=row.contrast.baseline,
        kind=row.kind,
        n=row.n,
        ratio=interval.estimate,
        low=interval.low,
        high=interval.high,
        separated=separated,
        p50_ns=row.p50_ns,
        baseline_p50_ns=row.baseline_p50_ns,
        primary=row.primary,
        detectable=math.expm1(max(row.found.detectable, own)),
        p_value=row.p_value,
        equivalent=is_equivalent(interval, declared.smallest_effect, own),
        verdict=verdict(interval, declared.smallest_effect, own, separated=separated),
        found_in_4_of_5=math.expm1(row.found.found_in_4_of_5),
    )


def _column(sample: Paired, name: str) -> int:
    if name not in sample.variants:
        raise UserError(f"raw rows of {sample.kind!r:.60}: no variant {name}: restore the trials or run again")
    return sample.variants.index(name)


def enough_pairs(sample: Paired) -> bool:
    """Whether a kind of operation has enough pairs, and enough of what is drawn: sessions, or blocks of a lone one."""
    if len(sample.session) < MINIMUM_PAIRS:
        return False
    several = len(np.unique(sample.session)) > 1
    return len(np.unique(clusters(sample.session, sample.block))) >= (MINIMUM_SESSIONS if several else MINIMUM_BLOCKS)


def quantiles(paired: Sequence[Paired], rng: np.random.Generator, draws: int) -> list[LatencyQuantiles]:
    """p50, p90 and p99 of each variant and kind, over all sessions pooled, with bounds; what the sample cannot carry is None."""
    return [_quantiles(sample, name, rng, draws) for sample in paired for name in sample.variants]


def _quantiles(sample: Paired, name: str, rng: np.random.Generator, draws: int) -> LatencyQuantiles:
    values = sample.latency_ns[:, sample.variants.index(name)]
    p50, p90, p99 = (quantile_interval(values, sample.session, sample.block, q, rng, draws) for q in QUANTILES)
    return LatencyQuantiles(
        family=atomicity_of(name),
        variant=name,
        kind=sample.kind,
        n=len(values),
        p50_ns=int(np.median(values)),
        p90_ns=quantile(values, 0.90),
        p99_ns=quantile(values, 0.99),
        p50_bounds_ns=_bounds(p50),
        p90_bounds_ns=_bounds(p90),
        p99_bounds_ns=_bounds(p99),
    )


def _bounds(found: QuantileInterval | None) -> tuple[int, int] | None:
    return None if found is None else (found.low, found.high)


def tails(
    paired: Sequence[Paired], contrasts: Sequence[Contrast], rng: np.random.Generator, draws: int, left_out: Sequence[LeftOut] = ()
) -> list[TailRatio]:
    """The ratio of the p99s of every contrast and kind whose sample carries it. It is told and never ranked."""
    found = []
    for sample in paired:
        for contrast in contrasts:
            if reasons(left_out, LATENCY, sample.kind, contrast.variant, contrast.baseline):
                continue
            one, other = (sample.latency_ns[:, _column(sample, name)] for name in (contrast.variant, contrast.baseline))
            ratio = quantile_ratio(one, other, sample.session, sample.block, TAIL, rng, draws)
            if ratio is not None:
                found.append(
                    TailRatio(
                        family=contrast.family,
                        variant=contrast.variant,
                        baseline=contrast.baseline,
                        kind=sample.kind,
                        n=len(one),
                        ratio=ratio.estimate,
                        low=ratio.low,
                        high=ratio.high,
                    )
                )
    return found


def distributions(paired: Sequence[Paired]) -> Mapping[str, Mapping[str, NDArray[np.int64]]]:
    """Latencies in nanoseconds by kind of operation and variant, sorted: what an ECDF is drawn from."""
    return {
        sample.kind: {name: np.sort(sample.latency_ns[:, place]) for place, name in enumerate(sample.variants)} for sample in paired
    }
