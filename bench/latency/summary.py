"""From raw latencies to ratios and quantiles. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.contrasts import LATENCY, reasons
from bench.errors import UserError
from bench.latency.samples import Paired
from bench.latency.variants import Contrast, atomicity_of
from bench.results.schema import LatencyQuantiles, LatencyRatio, LeftOut
from bench.stats.quantiles import quantile
from bench.stats.ratio import Interval, is_separated, paired_ratio

MINIMUM_PAIRS = 30
"""Fewer pairs of a kind of operation than this are not compared."""

MINIMUM_BLOCKS = 6
"""Nor are pairs of fewer blocks than this: drawing from a handful of blocks gives intervals that are far too narrow."""


def ratios(
    paired: Sequence[Paired],
    contrasts: Sequence[Contrast],
    rng: np.random.Generator,
    draws: int,
    left_out: Sequence[LeftOut] = (),
) -> list[LatencyRatio]:
    """Every contrast for every kind of operation that has pairs enough; the A/A pair of the kind is its noise floor.

    Two designs are not compared by a kind that one of them is left out of.
    """
    found: list[LatencyRatio] = []
    for sample in paired:
        if not enough_pairs(sample):
            continue
        floor: Interval | None = None
        for contrast in contrasts:
            if reasons(left_out, LATENCY, sample.kind, contrast.variant, contrast.baseline):
                continue
            if absent := [name for name in (contrast.variant, contrast.baseline) if name not in sample.variants]:
                raise UserError(f"raw rows of {sample.kind!r:.60}: no variant {absent[0]}: restore the trials or run again")
            variant, baseline = (sample.latency_ns[:, sample.variants.index(n)] for n in (contrast.variant, contrast.baseline))
            interval = paired_ratio(np.log(variant / baseline), sample.session, sample.block, rng, draws=draws)
            if contrast.family == "a/a":
                floor = interval
            found.append(
                LatencyRatio(
                    family=contrast.family,
                    variant=contrast.variant,
                    baseline=contrast.baseline,
                    kind=sample.kind,
                    n=len(variant),
                    ratio=interval.estimate,
                    low=interval.low,
                    high=interval.high,
                    separated=is_separated(interval, floor) if contrast.family != "a/a" else is_separated(interval, None),
                    p50_ns=int(np.median(variant)),
                    baseline_p50_ns=int(np.median(baseline)),
                )
            )
    return found


def enough_pairs(sample: Paired) -> bool:
    """Whether a kind of operation has pairs and blocks enough to be compared."""
    return len(sample.session) >= MINIMUM_PAIRS and _blocks(sample) >= MINIMUM_BLOCKS


def _blocks(sample: Paired) -> int:
    return len(np.unique(np.stack([sample.session, sample.block]), axis=1).T)


def quantiles(paired: Sequence[Paired]) -> list[LatencyQuantiles]:
    """p50, p90 and p99 of each variant and kind, over all sessions pooled; what the sample cannot carry is None."""
    return [
        LatencyQuantiles(
            family=atomicity_of(name),
            variant=name,
            kind=sample.kind,
            n=len(sample.session),
            p50_ns=int(np.median(sample.latency_ns[:, place])),
            p90_ns=quantile(sample.latency_ns[:, place], 0.90),
            p99_ns=quantile(sample.latency_ns[:, place], 0.99),
        )
        for sample in paired
        for place, name in enumerate(sample.variants)
    ]


def distributions(paired: Sequence[Paired]) -> Mapping[str, Mapping[str, NDArray[np.int64]]]:
    """Latencies in nanoseconds by kind of operation and variant, sorted: what an ECDF is drawn from."""
    return {
        sample.kind: {name: np.sort(sample.latency_ns[:, place]) for place, name in enumerate(sample.variants)} for sample in paired
    }
