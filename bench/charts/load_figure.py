"""Drawing load: knees, percentiles, seconds over checkpoints."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.load import Knee, Percentiles
from bench.charts.palette import FAINT, GRID, INK, PAPER, UNEQUAL, Look, design_of, looks
from bench.results.load_schema import LoadSeries
from bench.visible import visible

_PANEL_IN, _LEGEND_IN, _SERIES_IN = 1.75, 0.55, 1.3
_TICKS_MS = tuple(step * 10.0**power for power in range(-2, 7) for step in (1, 2, 5))
_DECADES_MS = tuple(10.0**power for power in range(-2, 7))
_TICKS_MAX = 7
_NAME_LETTERS = 24
_CHECKPOINT = "#cfe3f2"
_OBJECTIVE = "#b03030"


def knees(found: Sequence[Knee], objective_ms: float, unequal: Collection[str]) -> Figure:
    """A panel for each variant on the same axes: p50 and p99 by rate, the objective, and the capacity with its interval."""
    rows = math.ceil(len(found) / 2)
    figure = canvas.new_figure(_PANEL_IN * rows + _LEGEND_IN + 0.25)
    panels = figure.subplots(rows, 2, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    look = looks(design_of(one.variant) for one in found)
    values = [value / 1e6 for one in found for point in one.points for value in (point.p50_ns, point.p99_ns) if value > 0]
    for place, (axes, one) in enumerate(zip(panels, found, strict=False)):
        _knee(axes, one, look[design_of(one.variant)], objective_ms)
        axes.set_title(_name(one.variant, unequal), fontsize=9)
        if place >= len(found) - 2:
            axes.tick_params(labelbottom=True)
            axes.set_xlabel("operations a second")
            axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}")
    for axes in panels[len(found) :]:
        axes.set_axis_off()
    _logarithmic(panels[0], [*values, objective_ms])
    panels[0].set_xlim(left=0)
    figure.supylabel("response in ms, log axis", fontsize=9)
    handles: list[Any] = [
        Line2D([], [], color=INK, marker="o", markersize=4, linewidth=1.2, label="p99"),
        Line2D([], [], color=INK, linewidth=1.0, linestyle=":", label="p50"),
        Line2D([], [], color=INK, marker="o", markersize=4, linewidth=0, markerfacecolor=PAPER, label="not valid"),
        Line2D([], [], color=_OBJECTIVE, linewidth=1.0, linestyle="--", label=f"objective, {objective_ms:g} ms"),
        Patch(facecolor=GRID, label="capacity"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=5, columnspacing=0.9, handlelength=1.4)
    return figure


def _knee(axes: Axes, one: Knee, look: Look, objective_ms: float) -> None:
    rates = [point.rate_per_s for point in one.points]
    axes.plot(rates, [point.p50_ns / 1e6 for point in one.points], color=look.colour, linewidth=1.0, linestyle=":")
    axes.plot(rates, [point.p99_ns / 1e6 for point in one.points], color=look.colour, linewidth=1.0, alpha=0.5)
    for point in one.points:
        face = look.colour if point.valid else PAPER
        axes.plot(
            [point.rate_per_s],
            [point.p99_ns / 1e6],
            linestyle="none",
            marker=look.marker,
            markersize=4.5,
            markerfacecolor=face,
            markeredgecolor=look.colour,
        )
    axes.axhline(objective_ms, color=_OBJECTIVE, linewidth=0.9, linestyle="--", zorder=1)
    if one.capacity is not None and one.capacity.rate_per_s > 0:
        found = one.capacity
        high = found.high_per_s if found.high_per_s is not None else max(rates, default=found.rate_per_s)
        axes.axvspan(found.low_per_s, high, color=GRID, linewidth=0, zorder=0)
        axes.axvline(found.rate_per_s, color=FAINT, linewidth=1.0, zorder=1)
    axes.grid(axis="y")


def percentiles(shown: Percentiles, unequal: Collection[str]) -> Figure:
    """Responses by the share of operations that took longer, both axes logarithmic; curves that are not valid are dashed."""
    columns = 2 if max(len(_name(level.variant, unequal)) for level in shown.levels) <= _NAME_LETTERS else 1
    figure = canvas.new_figure(2.9 + 0.2 * math.ceil(len(shown.levels) / columns))
    axes = figure.add_subplot()
    look = looks(design_of(level.variant) for level in shown.levels)
    values: list[float] = []
    for place, level in enumerate(shown.levels):
        own = look[design_of(level.variant)]
        beyond = [1 / (1 - point.share) for point in level.curve]
        responses = [point.response_ns / 1e6 for point in level.curve]
        values += responses
        axes.plot(
            beyond,
            responses,
            color=own.colour,
            linewidth=1.4,
            linestyle="-" if level.valid else "--",
            marker=own.marker,
            markersize=4.5,
            markevery=(2 + place, 12),
            label=_name(level.variant, unequal) + ("" if level.valid else ", not valid"),
        )
    axes.set_xscale("log")
    nines = [(1, "0 %"), (2, "50 %"), (10, "90 %"), (100, "99 %"), (1_000, "99.9 %"), (10_000, "99.99 %")]
    end = axes.get_xlim()[1]
    axes.set_xlim(1, end)
    axes.set_xticks([at for at, _ in nines if at <= end], [told for at, told in nines if at <= end])
    axes.xaxis.set_minor_locator(NullLocator())
    _logarithmic(axes, values)
    axes.grid()
    axes.set_xlabel("share that took at most so long, scaled by 1 / (1 − share)")
    axes.set_ylabel("response in ms, log axis")
    figure.legend(loc="outside lower left", ncols=columns, columnspacing=1.0)
    return figure


def series(found: Sequence[LoadSeries], unequal: Collection[str]) -> Figure:
    """A panel for each variant: the median and the longest response of what was due in each second, checkpoints shaded."""
    figure = canvas.new_figure(_SERIES_IN * len(found) + _LEGEND_IN + 0.2)
    panels = figure.subplots(len(found), 1, squeeze=False, sharex=True, sharey=True).ravel().tolist()
    look = looks(design_of(one.variant) for one in found)
    values: list[float] = []
    for axes, one in zip(panels, found, strict=True):
        own = look[design_of(one.variant)]
        at = np.array([part.second + 0.5 for part in one.parts])
        middle = np.array([part.response_p50_ns / 1e6 for part in one.parts])
        longest = np.array([part.response_max_ns / 1e6 for part in one.parts])
        values += [*middle.tolist(), *longest.tolist()]
        for checkpoint in one.checkpoints:
            # One of a few milliseconds must still be seen.
            width_s = max((checkpoint.end_ns - checkpoint.begin_ns) / 1e9, 0.15)
            axes.axvspan(checkpoint.begin_ns / 1e9, checkpoint.begin_ns / 1e9 + width_s, color=_CHECKPOINT, linewidth=0, zorder=0)
        axes.plot(at, longest, color=own.colour, linewidth=1.2, marker=own.marker, markersize=3)
        axes.plot(at, middle, color=own.colour, linewidth=1.0, linestyle=":")
        told = f"{_name(one.variant, unequal)}, {one.rate_per_s:,.0f} a second" + ("" if one.valid else ", not valid")
        told += ", cut short" if one.cut else ""
        axes.set_title(told, fontsize=9)
        axes.grid(axis="y")
    _logarithmic(panels[0], values)
    panels[-1].set_xlabel("seconds since the beginning")
    figure.supylabel("response in ms, log axis", fontsize=9)
    handles: list[Any] = [
        Line2D([], [], color=INK, marker="o", markersize=3, linewidth=1.2, label="longest of a second"),
        Line2D([], [], color=INK, linewidth=1.0, linestyle=":", label="median of a second"),
        Patch(facecolor=_CHECKPOINT, label="checkpoint"),
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=3)
    return figure


def _name(variant: str, unequal: Collection[str]) -> str:
    return visible(variant) + (UNEQUAL if {variant, design_of(variant)} & set(unequal) else "")


def _logarithmic(axes: Axes, values_ms: Sequence[float]) -> None:
    """An axis of milliseconds with ticks that people read."""
    axes.set_yscale("log")
    shown = [value for value in values_ms if value > 0]
    low, high = (min(shown) * 0.8, max(shown) * 1.25) if shown else (0.1, 10.0)
    axes.set_ylim(low, high)
    ticks = [tick for tick in _TICKS_MS if low <= tick <= high]
    if len(ticks) > _TICKS_MAX:
        ticks = [tick for tick in _DECADES_MS if low <= tick <= high]
    axes.yaxis.set_major_locator(FixedLocator(ticks or [low, high]))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.3g}" if value < 1_000 else f"{value:,.0f}")
