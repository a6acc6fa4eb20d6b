"""A made-up summary of load."""

from __future__ import annotations

from bench.load.derive import capacities, level, parts
from bench.load.judging import rows
from bench.results.load_schema import Checkpoint, LoadSeries, LoadSummary
from tests.bench.load.rows import point, table


def made_up_load(invalid: str | None = None) -> LoadSummary:
    """Two designs that bear 200 a second; why the hybrid's equal rate is not valid, if it is not."""
    searched = [point(rate, rate <= 200, variant=name) for name in ("dual", "hybrid") for rate in (100.0, 200.0, 400.0)]
    levels = [level([one], [table([5.0 if one.kept else 90.0] * 100)], 50.0) for one in searched]
    for name in ("dual", "hybrid"):
        equal = point(120.0, variant=name, purpose="rate", invalid=invalid if name == "hybrid" else None)
        own = point(90.0, variant=name, purpose="share", percent=60)
        levels += [level([one], [table([4.0] * 2_000)], 50.0) for one in (equal, own)]
    checkpoint = Checkpoint(point=0, begin_ns=1_200_000_000, end_ns=1_300_000_000)
    seconds = parts(rows(table([2.0] * 300)))
    return LoadSummary(
        objective_ms=50.0,
        connections=8,
        processes=1,
        exchange="plain",
        arrivals="poisson",
        capacities=capacities(searched),
        levels=levels,
        series=[LoadSeries(variant="dual", rate_per_s=60.0, parts=seconds, checkpoints=[checkpoint], valid=True)],
        placement="client on CPU 0, server on 1",
    )
