"""Drawing what the harness costs: rates over pgbench's with their intervals, and CPU time for a message beside them."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from bench.charts import canvas
from bench.charts.harness import Harness
from bench.charts.palette import FAINT, INK

_LOOKS = {
    "pgbench": ("#000000", "o"),
    "pgbench, pipelines": ("#666666", "s"),
    "harness, plain": ("#0072b2", "D"),
    "harness, shared flights": ("#d55e00", "^"),
    "harness awake, plain": ("#56b4e9", "d"),
    "harness awake, shared flights": ("#e69f00", "<"),
    "harness, two processes": ("#56b4e9", "P"),
    "SQLAlchemy, plain": ("#009e73", "v"),
}
_PANELS_IN, _LEGEND_ROW_IN = 2.6, 0.2
_SHIFT = 0.09
"""So far apart stand arms at the same number of clients, for their intervals to be seen."""


def draw(harness: Harness) -> Figure:
    """Two panels over the number of clients."""
    figure = canvas.new_figure(_PANELS_IN + _LEGEND_ROW_IN * ((len(harness.curves) + 1) // 2) + 0.2)
    left, right = figure.subplots(1, 2)
    counts = sorted({point.clients for curve in harness.curves for point in curve.points})
    middle = (len(harness.curves) - 1) / 2
    for number, curve in enumerate(harness.curves):
        colour, marker = _LOOKS.get(curve.name, (INK, "x"))
        shift = _SHIFT * (number - middle)
        places = [counts.index(point.clients) + shift for point in curve.points]
        for place, point in zip(places, curve.points, strict=True):
            if point.low is not None and point.high is not None:
                left.plot([place, place], [point.low, point.high], color=colour, linewidth=1.2)
        style = {"color": colour, "marker": marker, "markersize": 4.5, "linewidth": 0.8}
        left.plot(places, [point.ratio for point in curve.points], **style)
        right.plot(places, [point.cpu_us for point in curve.points], **style)
    left.axhline(1, color=FAINT, linewidth=0.8, zorder=0)
    _dress(left, counts, "rate over pgbench's plain script")
    _dress(right, counts, "client CPU for a message, µs")
    keys = [
        Line2D([], [], color=_LOOKS.get(curve.name, (INK, "x"))[0], marker=_LOOKS.get(curve.name, (INK, "x"))[1], label=curve.name)
        for curve in harness.curves
    ]
    figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=2, labelspacing=0.25)
    return figure


def _dress(axes: Axes, counts: list[int], title: str) -> None:
    axes.set_title(title, fontsize=8.5)
    axes.set_xlabel("clients")
    axes.set_xticks(range(len(counts)), [str(count) for count in counts])
    axes.set_xlim(-0.5, len(counts) - 0.5)
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
