"""How many times one design costs what another one does, in one run. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bench.compare.side import Side
from bench.latency.samples import Paired
from bench.latency.summary import MINIMUM_PAIRS, enough_pairs
from bench.latency.variants import SAME
from bench.results.schema import WorkloadTotal
from bench.scenes import KINDS, MESSAGES
from bench.stats.ratio import Interval, paired_ratio
from bench.stats.verdicts import hidden, is_separated
from variants.shortfalls import TOUCHES

WRITES = "writes"
MEASURES = (WRITES, *MESSAGES)
"""What designs are ranked by: rows written for each message, and the latency of each kind of operation that writes a message."""

_OF_WRITES = frozenset(str(kind) for kind, touched in TOUCHES.items() if touched & set(KINDS))
"""Gaps and defects that touch some kind of write."""


@dataclass(frozen=True, slots=True)
class Ratio:
    """One design's figure as a multiple of another one's, and whether that says which of them is the larger.

    Latency: the mean of the middle half of the messages' log ratios, bounds at 95 % confidence by the bootstrap; separated when
    they leave out 1 and the difference is larger than this ratio and the A/A pair of the run can detect. Writes: counted, so there
    is no chance in them; the bounds are the lowest and the highest session, a row more for each fact that a gap kept out of either
    design; separated when both bounds lie on one side of 1.
    """

    interval: Interval
    separated: bool


@dataclass(frozen=True, slots=True)
class Figures:
    """What one design costs in one run: rows written for each message, and median latencies in nanoseconds by kind."""

    writes: float
    p50_ns: Mapping[str, int]


def writes_ratio(side: Side, variant: str, baseline: str) -> Ratio | None:
    """Rows that a design wrote in its sessions, against those of another one on the same messages; None when either wrote none."""
    pairs = {trial: (_rows(_total(found, variant)), _rows(_total(found, baseline))) for trial, found in side.totals.items()}
    if not all(one and other for one, other in pairs.values()):
        return None
    whole = sum(one for one, _ in pairs.values()) / sum(other for _, other in pairs.values())
    low = min(one / (other + facts_kept_out(side, baseline, trial)) for trial, (one, other) in pairs.items())
    high = max((one + facts_kept_out(side, variant, trial)) / other for trial, (one, other) in pairs.items())
    return Ratio(Interval(whole, low, high), separated=low > 1 or high < 1)


def facts_kept_out(side: Side, design: str, trial: str | None = None) -> int:
    """Facts of a session, or of all, that a design's gaps and defects touched: each may be a row that it did not write."""
    proofs = [proof for proof in side.summary.proofs if proof.design == design and proof.trial in side.totals]
    found = [{**proof.gaps, **proof.defects} for proof in proofs if trial in {None, proof.trial}]
    return sum(rows for counts in found for kind, rows in counts.items() if kind in _OF_WRITES)


def latency_ratio(side: Side, kind: str, variant: str, baseline: str, rng: np.random.Generator, draws: int) -> Ratio | None:
    """The paired ratio of a kind of operation; None when the run has too few pairs of it."""
    sample = _sample(side, kind)
    if sample is None or not enough_pairs(sample):
        return None
    one, other = (sample.latency_ns[:, sample.variants.index(name)] for name in (variant, baseline))
    found = paired_ratio(np.log(one / other), sample.session, sample.block, rng, draws=draws)
    return Ratio(found.interval, is_separated(found, found.p_value, floor(side, kind)))


def floor(side: Side, kind: str) -> float:
    """The logarithm of what the A/A pair hides, by this kind of operation; 0 when the run has no such pair."""
    found = (row for row in side.summary.latency if (row.family, row.kind) == (SAME, kind))
    return max((hidden(Interval(row.ratio, row.low, row.high), math.log1p(row.detectable)) for row in found), default=0.0)


def figures(side: Side, design: str) -> Figures:
    """The absolute figures that the ratios are of."""
    totals = [_total(found, design) for found in side.totals.values()]
    messages = sum(total.messages for total in totals)
    samples = {kind: sample for kind in MESSAGES if (sample := _sample(side, kind)) is not None}
    return Figures(
        writes=sum(map(_rows, totals)) / max(1, messages),
        p50_ns={
            kind: int(np.median(sample.latency_ns[:, sample.variants.index(design)]))
            for kind, sample in samples.items()
            if len(sample.session) >= MINIMUM_PAIRS
        },
    )


def _rows(total: WorkloadTotal) -> float:
    return sum(rows.inserted + rows.updated + rows.deleted for rows in total.rows.values())


def _total(totals: Sequence[WorkloadTotal], variant: str) -> WorkloadTotal:
    return next(total for total in totals if total.variant == variant)


def _sample(side: Side, kind: str) -> Paired | None:
    return next((sample for sample in side.paired if sample.kind == kind), None)
