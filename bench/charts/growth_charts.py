"""The charts of growth."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from bench.charts import growth, growth_figure
from bench.charts.chart import Chart, Words
from bench.charts.drawing import chart
from bench.growth.sizes import AGENTS, CHANNELS, ROWS
from bench.results.schema import Summary

GROWTH = "growth"
"""The section that the charts belong to."""

COUNTS_SHOWN = ("round trips", "statements", "rows", "WAL bytes")

_HOLLOW = "Hollow and dashed: extrapolated, not measured."
_INTERVAL = "Bars are 95 % intervals (Student's) over the lines of {} sessions."
_UNEQUAL_CAPTION = " †: did less work than the others, or other work; see gaps and defects."


def growth_charts(summary: Summary) -> Iterator[Chart]:
    """Every chart of growth that the run has data for."""
    found = summary.growth
    if found is None:
        return
    unequal = frozenset(row.partition(":")[0] for row in found.unequal)
    dagger = _UNEQUAL_CAPTION if unequal else ""
    repetitions = max((row.repetitions for row in found.slopes), default=1)
    interval = _INTERVAL.format(repetitions)
    for panel in growth.panels(found, AGENTS):
        how = ("Each point is a send at so many agents; the line's slope, one agent more, is in the legend.", _HOLLOW)
        n = sum(point.n for point in panel.lines[0].points)
        words = Words("Latency of a send against agents", how, f"n = {n:,} sends a design. {interval}{dagger}")
        draw = partial(growth_figure.draw_linear, panel, "agents in the channel (k)", unequal)
        yield chart("growth-agents", GROWTH, words, growth.points_table([panel]), draw)
    counts = growth.counted(found, COUNTS_SHOWN)
    if counts:
        how = (
            "Each point is what one send costs with so many agents, warm, per side.",
            "Designs that cost the same lie on each other.",
        )
        words = Words("Exact counts against agents", how, f"Counted by the server, not a sample: no interval.{dagger}")
        yield chart(
            "growth-counts", GROWTH, words, growth.counts_table(counts), partial(growth_figure.draw_counts, counts, unequal)
        )
    for axis, title, unit in ((ROWS, "stored messages", "messages stored"), (CHANNELS, "channels", "channels")):
        panels = growth.panels(found, axis)
        if panels:
            how = (f"Each panel is one kind of operation; flat means that it does not matter how many {title} there are.", _HOLLOW)
            words = Words(f"Latency against {title}", how, f"Both axes are logarithmic. {interval}{dagger}")
            draw = partial(growth_figure.draw_decades, panels, unit, unequal)
            yield chart(f"growth-{axis}", GROWTH, words, growth.points_table(panels), draw)
    if found.wall:
        how = (
            "Each mark is a stream of messages through one design, harness included, from first to last.",
            "On the dotted line ten times the messages take ten times as long: an exponent of 1.",
        )
        words = Words(
            "Wall time against messages", how, f"n = {len(found.wall)} streams. Interval of the exponent: least squares, 95 %."
        )
        draw = partial(growth_figure.draw_wall, found.wall, found.exponents)
        yield chart("growth-wall", GROWTH, words, growth.wall_table(found.wall, found.exponents), draw)
