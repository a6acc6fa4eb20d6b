"""Drawing how long violations lasted: survival curves on a logarithmic axis of time."""

from __future__ import annotations

from matplotlib.figure import Figure

from bench.charts import canvas
from bench.charts.faults_time import Curves
from bench.charts.palette import looks
from bench.visible import visible

_HEIGHT_IN = 2.7
_FLOOR_S = 1e-4
"""Shorter windows are drawn here: the axis is logarithmic."""
_ROOM = 0.5
"""Where the axis begins, of the shortest window."""


def draw(found: Curves) -> Figure:
    """A step for each window that ended; what did not end while anybody looked stays up, with a ring at its end."""
    figure = canvas.new_figure(_HEIGHT_IN)
    axes = figure.add_subplot()
    look = looks(curve.design for curve in found.curves)
    shortest_s = min([time_s for curve in found.curves for time_s in curve.times_s if time_s > _FLOOR_S], default=_FLOOR_S)
    begin_s = _ROOM * shortest_s
    for curve in found.curves:
        own = look[curve.design]
        times = [max(time_s, _FLOOR_S) for time_s in curve.times_s] or [_FLOOR_S]
        share = list(curve.share) or [1.0]
        # Before its first step every window lasts.
        xs, ys = [min(begin_s, *times), *times], [1.0, *share]
        axes.step(xs, ys, where="post", color=own.colour, linewidth=1.4, label=_label(curve.design, curve.n, curve.never), zorder=3)
        if curve.low and curve.n > 1:
            axes.fill_between(xs, [1.0, *curve.low], [1.0, *curve.high], step="post", color=own.colour, alpha=0.12, linewidth=0)
        if curve.never:
            axes.plot([xs[-1]], [ys[-1]], marker="o", markersize=5, markerfacecolor="none", markeredgecolor=own.colour, zorder=4)
    axes.set_xscale("log")
    axes.set_ylim(-0.02, 1.05)
    axes.grid()
    axes.set_xlabel("time since the fault in s, log axis")
    axes.set_ylabel("share not yet healed")
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:g}")
    figure.legend(loc="outside lower left", ncols=2, fontsize=8)
    return figure


def _label(design: str, n: int, never: int) -> str:
    return f"{visible(design)}: n = {n}" + (f", {never} never" if never else "")
