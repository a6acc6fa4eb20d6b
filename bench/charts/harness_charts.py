"""The charts of the comparison with pgbench."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import harness, harness_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.results.schema import Summary
from bench.visible import visible

HARNESS = "harness"
"""The section that the charts belong to."""


def harness_charts(summary: Summary) -> Iterator[Chart]:
    """One for the design that was measured at the most numbers of clients."""
    if summary.pgbench is None:
        return
    for found in harness.harnesses(summary.pgbench)[:1]:
        how = (
            "Left: messages a second over those of pgbench in the same round; above the line the arm is faster than it.",
            "Right: CPU time of the client's process for each message, connecting taken off.",
        )
        rounds = max(point.rounds for curve in found.curves for point in curve.points)
        caption = (
            f"{visible(found.design)}, n = {rounds} rounds in random order: medians of ratios of the same round, with 95 %"
            " intervals by bootstrap over rounds where there are five or more."
        )
        words = Words("What the harness costs", how, caption)
        yield chart("harness", HARNESS, words, harness.as_table(found), partial(harness_figure.draw, found))
