"""The charts that show how far paired latencies can be trusted. Pure: the same input gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import blocks, blocks_figure, same, same_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.results.schema import Summary

LATENCY = "latency"


def paired_charts(summary: Summary) -> Iterator[Chart]:
    """Every block of every session, and the A/A panel with planted costs."""
    rows = blocks.rows(summary.blocks)
    if rows:
        sessions = len({dot.session for row in rows for dot in row.dots})
        how = (
            "Each dot is the median of one block of operations; sessions stand below each other within a row.",
            "The line is the middle of a variant's blocks. Dots that wander alike in all rows are the machine.",
        )
        caption = f"n = {len(rows[0].dots)} blocks of {sessions} sessions each, messages of users and agents together; no interval."
        words = Words("Latency of every block", how, caption)
        yield chart("latency-blocks", LATENCY, words, blocks.as_table(rows), partial(blocks_figure.draw, rows))
    panels = same.panels(summary.latency)
    if panels:
        how = (
            "Copies of the baseline against itself: a plain one should lie on 0, one with a planted cost on the orange tick.",
            "The grey band is what this run cannot tell from nothing (2.8 standard errors). Hollow with ~: not called different.",
        )
        n = max(line.row.n for panel in panels for line in panel.lines)
        caption = (
            f"n = {n:,} pairs at the most; 95 % intervals of Student's t over sessions (blocks of a lone one), for each row alone."
        )
        words = Words("Identical code and planted costs", how, caption)
        yield chart("latency-same", LATENCY, words, same.as_table(panels), partial(same_figure.draw, panels))
