"""The charts of what is written by table and index, and of where time goes. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import costs, costs_figure, relations, relations_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.contrasts import ANATOMY
from bench.contrasts import COSTS as COSTS_PART
from bench.results.schema import Summary
from bench.scenes import HEADLINE

WRITES, COSTS = "writes", "costs"
"""The sections that these charts belong to."""

_UNEQUAL = " †: did less work than the others, or other work, so compared with none; see gaps and defects."


def relation_charts(summary: Summary) -> Iterator[Chart]:
    """What a message writes: statements, WAL records and WAL bytes by table and index."""
    k, panels = relations.panels(summary.anatomy)
    if panels:
        how = (
            f"A warm message in a channel of {k} {'agent' if k == 1 else 'agents'}: what is sent, and what of it reaches the WAL.",
            "Colours are what tables are for, crossed parts their indexes. A foreign key's lookup is a record of the other table.",
        )
        unequal = frozenset(row.design for row in summary.left_out if (row.part, row.kind) == (ANATOMY, HEADLINE))
        named = unequal.intersection(design for panel in panels for design, _ in panel.bars)
        caption = (
            "Per side. Exact counts out of the WAL, not a sample: no interval. Bytes of reorganised pages, which are chance,"
            " stand in the table."
        )
        words = Words("What a message writes, by table and index", how, caption + (_UNEQUAL if named else ""))
        yield chart("writes-relations", WRITES, words, relations.as_table(panels), partial(relations_figure.draw, panels, named))


def cost_charts(summary: Summary) -> Iterator[Chart]:
    """Where the time of each kind of operation goes, a chart for each exchange."""
    if summary.costs is None:
        return
    for exchange in dict.fromkeys(row.exchange for row in summary.costs.rows):
        groups = costs.split_groups(summary.costs.rows, exchange)
        how = (
            "Each bar is the time of one operation: who worked, what the disk took, and what is left.",
            "The line across a bar's end is the interval of the whole; fsyncs were timed meanwhile.",
        )
        repetitions = max(split.wall_us.n for group in groups for split in group.splits)
        absent = {(row.design, row.kind) for row in summary.left_out if row.part == COSTS_PART}
        named = {(split.design, group.kind) for group in groups for split in group.splits} & absent
        caption = f"Mean of n = {repetitions} repetitions, each on a connection of its own; 95 % interval (Student)."
        words = Words(f"Where the time goes, {exchange} exchange", how, caption + (_UNEQUAL if named else ""))
        yield chart(f"costs-{exchange}", COSTS, words, costs.as_table(groups), partial(costs_figure.draw, groups, named))
