"""Drawing the A/A panel."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bench.charts import canvas
from bench.charts.palette import FAINT, INK, PAPER
from bench.charts.same import Panel
from bench.stats.words import percent_change
from bench.visible import visible

_ROW_IN, _HEAD_IN, _ROOM = 0.2, 0.34, 0.15
_PLANTED = "#d55e00"


def draw(found: Sequence[Panel]) -> Figure:
    """Intervals on an axis of percent, an orange tick where the planted cost is, a band that cannot be told from nothing."""
    rows = sum(len(panel.lines) for panel in found)
    height = 0.85 + _ROW_IN * rows + _HEAD_IN * len(found)
    figure = canvas.new_figure(height)
    axes = figure.add_subplot()
    y, ticks, names = 0.0, [], []
    for panel in found:
        y += _HEAD_IN / _ROW_IN
        axes.text(
            0.0,
            y - 0.75,
            f"{visible(panel.kind)}  (n = {panel.lines[0].row.n:,})",
            transform=axes.get_yaxis_transform(),
            fontsize=8.5,
            fontweight="bold",
            color=INK,
            va="center",
            bbox={"facecolor": PAPER, "linewidth": 0, "pad": 1},
        )
        same = next((line.row for line in panel.lines if line.planted == 0.0), None)
        if same is not None:
            band = 100 * same.detectable
            axes.fill_between([-band, band], y - 0.5, y + len(panel.lines) - 0.5, color="#e3e3e3", linewidth=0, zorder=0)
        for line in panel.lines:
            row = line.row
            low, middle, high = (100 * (value - 1) for value in (row.low, row.ratio, row.high))
            axes.plot([low, high], [y, y], color=FAINT, linewidth=1.6, solid_capstyle="butt", zorder=3)
            face = INK if row.separated else PAPER
            axes.plot([middle], [y], marker="o", markersize=5, markerfacecolor=face, markeredgecolor=INK, zorder=4)
            if line.planted:
                axes.plot([100 * line.planted] * 2, [y - 0.42, y + 0.42], color=_PLANTED, linewidth=2, zorder=2)
            ticks.append(y)
            names.append(f"{visible(row.variant)}  {'' if row.separated else '~ '}{percent_change(row.ratio)}")
            y += 1
    axes.set_ylim(y - 0.3, 0)
    axes.set_yticks(ticks, names)
    axes.tick_params(axis="y", length=0, labelsize=8)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=1)
    axes.grid(axis="x")
    axes.spines["left"].set_visible(False)
    axes.xaxis.set_major_locator(MaxNLocator(6))
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:+g} %".replace("-", "−") if value else "0 %")
    axes.set_xlabel("change of latency against the original, 95 % interval")
    return figure
