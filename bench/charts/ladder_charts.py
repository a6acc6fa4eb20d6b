"""The charts of a ladder."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import ladder, ladder_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.results.schema import Summary

LADDER = "ladder"
"""The section that the charts belong to."""

SHOWN = ("send", "reply", "join", "join_agent", "add_agent")
"""The kinds of operation of which a chart is drawn; all others stand in the table."""


def ladder_charts(summary: Summary) -> Iterator[Chart]:
    """A waterfall for each kind of operation that is shown and measured."""
    if summary.ladder is None:
        return
    for staircase in ladder.staircases(summary.ladder, SHOWN):
        measured = [stair.step for stair in staircase.stairs if stair.step is not None]
        if not measured:
            continue
        how = (
            "Each bar is a step from the rung above, which differs in the one change that is named; steps are multiplied.",
            "Hollow with ~: not separated. The upright mark: the rung against the first one directly. Beside it: exact counts.",
        )
        n = max(step.n for step in measured)
        caption = (
            f"n = {n:,} pairs; 95 % interval of each step against the rung above it. Counts are at k = {staircase.k}, warm, and no"
            " sample."
        )
        words = Words(f"Ladder {summary.ladder.name}: {staircase.kind}", how, caption)
        name = f"ladder-{staircase.kind}".replace("_", "-")
        yield chart(name, LADDER, words, ladder.as_table([staircase]), partial(ladder_figure.draw, staircase))
