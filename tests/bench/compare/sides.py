"""Runs that never were, as sides of a comparison."""

from __future__ import annotations

import numpy as np

from bench.compare.side import Side
from bench.latency.samples import Paired
from bench.results.run_record import RunRecord
from bench.results.schema import LatencyRatio, Summary, WorkloadTotal
from tests.bench.latency.made import paired as made
from tests.bench.report.made_up import DESIGNS, run, summary, totals

KIND = "send"


def side(
    name: str = "a",
    *,
    record: RunRecord | None = None,
    found: Summary | None = None,
    trials: dict[str, list[WorkloadTotal]] | None = None,
    paired: list[Paired] | None = None,
) -> Side:
    """A run by its name, which is its identity too; without latencies unless they are given."""
    return Side(
        name=name,
        identity=name,
        record=record or run(),
        summary=found or summary(latency=[]),
        totals={"latency-000": totals()} if trials is None else trials,
        paired=paired or [],
        reads=[],
    )


def measured(
    name: str, rng: np.random.Generator, *, sessions: int = 4, messages: int = 40, factors: dict[str, float] | None = None
) -> Side:
    """A run with latencies of every design and of the A/A pair; `factors` slow down designs, 1 where they say nothing."""
    names = (*DESIGNS, "dual[again]")
    session = np.repeat(np.arange(sessions), messages)
    base = rng.lognormal(14, 0.3, len(session))
    own = [
        (factors or {}).get(variant, 1.0) * rng.lognormal(0, 0.02, len(session)) * rng.lognormal(0, 0.005, sessions)[session]
        for variant in names
    ]
    latency_ns = np.stack([base * one for one in own], axis=1).astype(np.int64)
    sample = made(KIND, names, session, session, latency_ns)
    ratios = [_ratio(sample, variant) for variant in names if variant != "dual"]
    return side(name, found=summary(latency=ratios), paired=[sample])


def _ratio(sample: Paired, variant: str) -> LatencyRatio:
    one, baseline = (sample.latency_ns[:, sample.variants.index(of)] for of in (variant, "dual"))
    ratio = float(np.exp(np.median(np.log(one / baseline))))
    return LatencyRatio(
        family="a/a" if "again" in variant else "per_side",
        variant=variant,
        baseline="dual",
        kind=KIND,
        n=len(one),
        ratio=ratio,
        low=ratio / 1.01,
        high=ratio * 1.01,
        separated=False,
        p50_ns=int(np.median(one)),
        baseline_p50_ns=int(np.median(baseline)),
    )
