"""Drawing the blocks of all sessions."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.blocks import Row, middles
from bench.charts.palette import FAINT, design_of, looks
from bench.visible import visible

_ROW_IN = 0.34
_TICKS_MS = tuple(step * 10.0**power for power in range(-3, 5) for step in (1, 1.5, 2, 3, 5, 7))


def draw(found: Sequence[Row]) -> Figure:
    """A row of dots for each variant, sessions from top to bottom within it; a line at the middle of its blocks."""
    figure = canvas.new_figure(0.9 + _ROW_IN * len(found))
    axes = figure.add_subplot()
    look = looks(design_of(row.variant) for row in found)
    middle = middles(found)
    for place, row in enumerate(found):
        own = look[design_of(row.variant)]
        sessions = sorted({dot.session for dot in row.dots})
        # Sessions stand below each other, so that dots of one can be told from those of the next.
        heights = [place - 0.32 + 0.64 * (sessions.index(dot.session) + 0.5) / len(sessions) for dot in row.dots]
        axes.plot(
            [dot.p50_ns / 1e6 for dot in row.dots],
            heights,
            linestyle="none",
            marker=own.marker,
            markersize=3.2,
            markerfacecolor=own.colour,
            markeredgecolor="none",
            alpha=0.75,
        )
        axes.plot([middle[row.variant] / 1e6] * 2, [place - 0.4, place + 0.4], color=own.colour, linewidth=1.4, zorder=1)
    values = [dot.p50_ns / 1e6 for row in found for dot in row.dots]
    low, high = min(values) * 0.96, max(values) * 1.04
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.set_ylim(len(found) - 0.5, -0.5)
    axes.set_yticks(range(len(found)), [visible(row.variant) for row in found])
    axes.tick_params(axis="y", length=0, labelsize=8, labelcolor=FAINT)
    ticks = [tick for tick in _TICKS_MS if low <= tick <= high]
    axes.xaxis.set_major_locator(FixedLocator(ticks or [low, high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
    axes.grid(axis="x")
    axes.set_xlabel("median latency of a block in ms, log axis")
    return figure
