"""Drawing a ladder as a waterfall: each bar is a step, from where the steps before it lead to."""

from __future__ import annotations

import textwrap

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from bench.charts import canvas
from bench.charts.ladder import Stair, Staircase
from bench.charts.palette import FAINT, INK, PAPER
from bench.report.grid import figure as told_figure
from bench.stats.words import percent_change
from bench.visible import visible

_ROW_IN, _TOP_IN, _FOOT_IN = 0.62, 0.3, 0.55
_LEFT_IN, _RIGHT_IN = 1.62, 3.42
_COLUMNS_IN = (3.82, 4.2, 4.72)
"""Right edges of the columns: statements, round trips, WAL bytes."""

_FASTER, _SLOWER = "#0072b2", "#d55e00"
_NAME_PT, _SMALL_PT = 7.5, 6.2
_CHANGE_LETTERS = 33


def draw(staircase: Staircase) -> Figure:
    """Steps multiplied, hollow with a tilde where a step is not separated; a mark for a rung against the first one directly."""
    height = _TOP_IN + _ROW_IN * len(staircase.stairs)
    figure = canvas.new_figure(height + _FOOT_IN)
    figure.set_layout_engine("none")
    left, right = _LEFT_IN / canvas.WIDTH_IN, _RIGHT_IN / canvas.WIDTH_IN
    axes = figure.add_axes((left, _FOOT_IN / (height + _FOOT_IN), right - left, height / (height + _FOOT_IN)))
    places = _places(staircase)
    low, high = min(*places, 1.0), max(*places, 1.0)
    room = max(0.04, 0.22 * (high - low))
    axes.set_xlim(low - room, high + room)
    axes.set_ylim(height, 0)
    for edge, title in zip(_COLUMNS_IN, ("statem.", "trips", "WAL B"), strict=True):
        _write(axes, edge, _TOP_IN / 2, title, ha="right", colour=FAINT, size=_SMALL_PT)
    before = 1.0
    for row, stair in enumerate(staircase.stairs):
        y = _TOP_IN + _ROW_IN * row
        before = _draw_stair(axes, stair, y, before, first=row == 0)
    axes.axvline(1, color=INK, linewidth=0.8, zorder=1)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="x", labelsize=7.5)
    axes.xaxis.set_major_formatter(lambda value, _: percent_change(value).replace(".0 %", " %"))
    axes.xaxis.set_major_locator(MaxNLocator(4))
    axes.grid(axis="x")
    axes.set_xlabel(f"latency of {visible(staircase.kind)} against {visible(staircase.stairs[0].rung.variant)}", fontsize=8)
    return figure


def _draw_stair(axes: Axes, stair: Stair, y: float, before: float, *, first: bool) -> float:
    middle = y + _ROW_IN * 0.42
    _write(axes, 0.04, y + 0.11, visible(stair.rung.variant), size=_NAME_PT, weight="bold")
    lines = textwrap.wrap(visible(stair.rung.change), _CHANGE_LETTERS, max_lines=3, placeholder="…")
    _write(axes, 0.04, y + 0.2, "\n".join(lines), size=_SMALL_PT, colour=FAINT, va="top")
    if stair.count is not None:
        wal = "–" if stair.count.wal_bytes is None else told_figure(round(stair.count.wal_bytes))
        for edge, told in zip(_COLUMNS_IN, (_number(stair.count.statements), _number(stair.count.round_trips), wal), strict=True):
            _write(axes, edge, middle, told, ha="right", size=_NAME_PT)
    if first:
        axes.plot([1, 1], [middle - 0.16, middle + 0.16], color=INK, linewidth=2.4, zorder=3)
        return before
    if stair.step is None:
        _write_at(axes, before, middle, "not compared", ha="left")
        return before
    step = stair.step
    after = before * step.ratio
    colour = _FASTER if step.ratio < 1 else _SLOWER
    axes.barh(
        middle,
        after - before,
        left=before,
        height=0.26,
        color=colour if step.separated else PAPER,
        edgecolor=colour,
        linewidth=0.9,
        zorder=3,
    )
    axes.plot([before, before], [y - _ROW_IN * 0.45, middle + 0.13], color=FAINT, linewidth=0.6, zorder=2)
    if stair.place is not None:
        axes.plot([stair.place.ratio], [middle], marker="|", markersize=11, color=INK, zorder=4)
    sign = "" if step.separated else "~ "
    told = f"{sign}{percent_change(step.ratio)}"
    bounds = f"[{percent_change(step.low)}, {percent_change(step.high)}]"
    _write_at(axes, max(before, after), middle - 0.23, f"{told} {bounds}", ha="center")
    return after


def _places(staircase: Staircase) -> list[float]:
    """Where bars end and marks are."""
    found, at = [1.0], 1.0
    for stair in staircase.stairs:
        at *= 1.0 if stair.step is None else stair.step.ratio
        found += [at] if stair.place is None else [at, stair.place.ratio]
    return found


def _number(value: float) -> str:
    return told_figure(round(value, 1))


def _write_at(axes: Axes, x: float, y: float, text: str, *, ha: str) -> None:
    """Text at a ratio, kept inside of the axis."""
    low, high = axes.get_xlim()
    share = (x - low) / (high - low)
    axes.text(
        min(max(share, 0.32), 0.68),
        y,
        text,
        transform=axes.get_yaxis_transform(),
        ha=ha,
        va="center",
        fontsize=_SMALL_PT,
        zorder=5,
        # Its own ground, so that no line runs through it.
        bbox={"facecolor": PAPER, "linewidth": 0, "pad": 0.6},
    )


def _write(
    axes: Axes,
    place_in: float,
    y: float,
    text: str,
    *,
    size: float,
    ha: str = "left",
    va: str = "center",
    colour: str = INK,
    weight: str = "normal",
) -> None:
    """Text at a place in inches from the figure's left edge."""
    x = (place_in - _LEFT_IN) / (_RIGHT_IN - _LEFT_IN)
    axes.text(
        x,
        y,
        text,
        transform=axes.get_yaxis_transform(),
        ha=ha,
        va=va,
        fontsize=size,
        color=colour,
        fontweight=weight,
        linespacing=1.05,
    )
