"""Drawing a forest of latency ratios."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.palette import FAINT, INK, PAPER, Look, design_of, looks
from bench.charts.ratios import Forest, Group, labels
from bench.results.schema import LatencyRatio
from bench.stats.words import milliseconds, percent_change
from bench.visible import visible

_ROW_IN, _HEAD_IN, _FOOT_IN = 0.2, 0.34, 0.6
_PLOT_RIGHT_IN, _CHANGE_IN, _MEDIANS_IN = 2.85, 2.95, 3.68
_LETTER_IN, _LEFT_AT_LEAST_IN, _LEFT_AT_MOST_IN = 0.083, 0.72, 1.9
_TICKS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50)
_TICKS_AT_MOST = 5


def draw(forest: Forest) -> Figure:
    """Marks with intervals on a logarithmic axis; hollow and with a tilde where not separated; the A/A pair's band in grey."""
    rows = [row for group in forest.groups for row in _all(group)]
    count = len(rows)
    height = _ROW_IN * count + _HEAD_IN * len(forest.groups) + 0.05
    figure = canvas.new_figure(height + _FOOT_IN)
    figure.set_layout_engine("none")
    names, look = labels(forest), looks(design_of(row.variant) for row in rows)
    left, right = _left_in(names.values()) / canvas.WIDTH_IN, _PLOT_RIGHT_IN / canvas.WIDTH_IN
    axes = figure.add_axes((left, _FOOT_IN / (height + _FOOT_IN), right - left, height / (height + _FOOT_IN)))
    axes.set_xscale("log")
    low, high = _range(rows)
    axes.set_xlim(low, high)
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for group in forest.groups:
        y = _draw_group(axes, group, y, names, look, ticks)
    axes.axvline(1, color=INK, linewidth=0.9, zorder=1)
    axes.set_ylim(height, 0)
    _beside(axes, _HEAD_IN - 0.1, "change", "p50 | baseline", FAINT)
    axes.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    axes.tick_params(axis="y", length=0)
    axes.xaxis.set_major_locator(FixedLocator(_chosen(low, high)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: percent_change(value).replace(".0 %", " %"))
    axes.grid(axis="x")
    axes.set_xlabel(f"latency against {_baseline(forest)}\n95 % interval, log axis")
    return figure


def _draw_group(
    axes: Axes, group: Group, y: float, names: Mapping[str, str], look: Mapping[str, Look], ticks: list[tuple[float, str]]
) -> float:
    y += _HEAD_IN
    heading = f"{visible(group.kind)}  (n = {group.n:,})"
    axes.annotate(
        heading,
        (0, y - 0.04),
        xycoords=axes.get_yaxis_transform(),
        fontweight="bold",
        va="bottom",
        ha="left",
        annotation_clip=False,
    )
    if group.same is not None:
        low, high = axes.get_xlim()
        left, right = max(low, min(group.same.low, 1 / group.same.high)), min(high, max(group.same.high, 1 / group.same.low))
        height = _ROW_IN * len(_all(group))
        axes.add_patch(Rectangle((left, y), right - left, height, color="#cfcfcf", linewidth=0, zorder=0.5))
    for row in _all(group):
        _draw_row(axes, row, y + _ROW_IN / 2, look[design_of(row.variant)], same=row is group.same)
        name = "A/A pair" if row is group.same else visible(names[row.variant])
        ticks.append((y + _ROW_IN / 2, name))
        y += _ROW_IN
    return y


def _draw_row(axes: Axes, row: LatencyRatio, y: float, look: Look, *, same: bool) -> None:
    colour = FAINT if same else look.colour
    axes.plot([row.low, row.high], [y, y], color=colour, linewidth=1.6, solid_capstyle="butt", zorder=3)
    axes.plot(
        [row.ratio],
        [y],
        marker="|" if same else look.marker,
        markersize=6,
        markerfacecolor=colour if row.separated else PAPER,
        markeredgecolor=colour,
        color=colour,
        zorder=4,
    )
    sign = "" if row.separated else "~ "
    medians = f"{milliseconds(row.p50_ns)} | {milliseconds(row.baseline_p50_ns)}"
    _beside(axes, y, f"{sign}{percent_change(row.ratio)}", medians, INK)


def _beside(axes: Axes, y: float, change: str, medians: str, colour: str) -> None:
    left_in = axes.get_position().x0 * canvas.WIDTH_IN
    transform = axes.get_yaxis_transform()
    for place_in, text, size, shade in ((_CHANGE_IN, change, 8.5, colour), (_MEDIANS_IN, medians, 7.5, FAINT)):
        x = (place_in - left_in) / (_PLOT_RIGHT_IN - left_in)
        axes.text(x, y, text, transform=transform, va="center", ha="left", fontsize=size, color=shade)


def _left_in(names: Iterable[str]) -> float:
    """Room for the longest name."""
    longest = max(map(len, (*names, "A/A pair")))
    return min(max(longest * _LETTER_IN + 0.1, _LEFT_AT_LEAST_IN), _LEFT_AT_MOST_IN)


def _all(group: Group) -> list[LatencyRatio]:
    return [*group.rows, *([group.same] if group.same is not None else [])]


def _range(rows: Sequence[LatencyRatio]) -> tuple[float, float]:
    """Room for every interval, and never so narrow that noise fills the chart."""
    low = min(0.95, *(row.low for row in rows))
    high = max(1.05, *(row.high for row in rows))
    room = (high / low) ** 0.06
    return low / room, high * room


def _chosen(low: float, high: float) -> list[float]:
    """Few ticks that do not touch each other, 1 always among them."""
    inside = [tick for tick in _TICKS if low <= tick <= high]
    least = math.log(high / low) / _TICKS_AT_MOST
    chosen = [1.0]
    for tick in sorted(inside, key=lambda tick: abs(math.log(tick))):
        if all(abs(math.log(tick / other)) >= least for other in chosen):
            chosen.append(tick)
    return sorted(chosen)


def _baseline(forest: Forest) -> str:
    baselines = sorted({row.baseline for group in forest.groups for row in group.rows})
    return visible(baselines[0]) if len(baselines) == 1 else "the same design per side"
