"""Drawing distributions of latency."""

from __future__ import annotations

import math
from collections.abc import Collection

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.ecdf import SHOWN_SHARE, Curve, Distribution
from bench.charts.palette import UNEQUAL, design_of, levels_of, looks
from bench.stats.words import milliseconds
from bench.visible import visible

_LETTERS_BESIDE = 28
"""As many letters of a label as leave room for two columns."""
_TICKS_MS = tuple(step * 10.0**power for power in range(-3, 5) for step in (1, 2, 5))


def draw(distribution: Distribution, unequal: Collection[str]) -> Figure:
    """Steps on a logarithmic axis of milliseconds; the second one of an A/A pair is dashed; variants of `unequal` work have a †."""
    curves = distribution.curves
    labels = [_label(curve, distribution.atomicity, unequal) for curve in curves]
    columns = 2 if max(map(len, labels)) <= _LETTERS_BESIDE else 1
    figure = canvas.new_figure(2.9 + 0.2 * math.ceil(len(curves) / columns))
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
            label=labels[place],
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
    handles, _ = axes.get_legend_handles_labels()
    order = sorted(range(len(curves)), key=lambda place: (_p50_ns(curves[place]), place))
    figure.legend(
        [handles[place] for place in order],
        [labels[place] for place in order],
        loc="outside lower left",
        ncols=columns,
        columnspacing=1.0,
        title="variant and p50, fastest first",
        title_fontsize=8.5,
        alignment="left",
    )
    return figure


def _label(curve: Curve, atomicity: str, unequal: Collection[str]) -> str:
    """The variant without the atomicity that the whole chart is about, and its p50."""
    own = [level for level in levels_of(curve.variant) if level != atomicity]
    name = visible(design_of(curve.variant) + (f"[{','.join(own)}]" if own else ""))
    return f"{name}{UNEQUAL if curve.variant in unequal else ''}  {milliseconds(_p50_ns(curve))}"


def _p50_ns(curve: Curve) -> int:
    return int(curve.latency_ns[np.searchsorted(curve.share, 0.5)])
