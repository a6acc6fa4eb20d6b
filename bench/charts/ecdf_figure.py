"""Drawing distributions of latency."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.ecdf import SHOWN_SHARE, Distribution
from bench.charts.palette import design_of, levels_of, looks
from bench.visible import visible

_TICKS_MS = tuple(step * 10.0**power for power in range(-3, 5) for step in (1, 2, 5))


def draw(distribution: Distribution) -> Figure:
    """Steps on a logarithmic axis of milliseconds; the second one of an A/A pair is dashed."""
    curves = distribution.curves
    figure = canvas.new_figure(2.7 + 0.2 * ((len(curves) + 1) // 2))
    axes = figure.add_subplot()
    look = looks(design_of(curve.variant) for curve in curves)
    for place, curve in enumerate(curves):
        own = look[design_of(curve.variant)]
        again = "again" in levels_of(curve.variant)
        axes.step(
            np.concatenate([curve.latency_ns[:1], curve.latency_ns]) / 1e6,
            np.concatenate([[0.0], curve.share]),
            where="post",
            color=own.colour,
            linewidth=1.4,
            linestyle="--" if again else "-",
            marker=None if again else own.marker,
            markersize=4.5,
            # Each curve has its marks at other places, so that curves that lie on each other can be told apart.
            markevery=(5 + 6 * place, 50),
            label=visible(curve.variant),
        )
    low = min(float(curve.latency_ns[0]) for curve in curves) / 1e6
    high = max(float(curve.latency_ns[np.searchsorted(curve.share, SHOWN_SHARE)]) for curve in curves) / 1e6
    axes.set_xscale("log")
    axes.set_xlim(low * 0.97, max(high, low * 1.2) * 1.03)
    ticks = [tick for tick in _TICKS_MS if low * 0.97 <= tick <= high * 1.03]
    axes.xaxis.set_major_locator(FixedLocator(ticks or [low, high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:.3g}")
    axes.set_ylim(0, 1.03)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 0.9, 1], ["0 %", "25 %", "50 %", "75 %", "90 %", "100 %"])
    axes.grid()
    axes.set_xlabel(f"latency of a {visible(distribution.kind)} in ms, log axis, n = {curves[0].n:,} each")
    axes.set_ylabel("share at most this slow")
    figure.legend(loc="outside lower left", ncols=2)
    return figure
