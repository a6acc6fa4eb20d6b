"""Drawing a forest of latency ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Rectangle
from matplotlib.textpath import text_to_path
from matplotlib.ticker import FixedLocator, NullLocator

from bench.charts import canvas
from bench.charts.palette import FAINT, INK, PAPER, Look, design_of, looks
from bench.charts.ratios import Forest, Group, labels
from bench.results.schema import LatencyRatio
from bench.stats.words import milliseconds, percent_change
from bench.visible import visible

_ROW_IN, _HEAD_IN, _TOP_IN, _FOOT_IN = 0.2, 0.3, 0.2, 0.6
_EDGE_IN, _LEFT_AT_LEAST_IN, _PLOT_RIGHT_IN = 0.03, 0.72, 3.62
_CHANGE_IN, _P50_RIGHT_IN = 3.67, canvas.WIDTH_IN - 0.02
_NAME_PT, _LEVELS_PT, _SMALLEST_PT, _TICK_PT = 8.5, 6.5, 5.3, 8.5
_TICK_EM = 0.64
"""A tick's letter's width in its size, on average, a little more than less."""
_MEASURED_PT, _HINTED = 100, 1.05
_ONE_LINE_LETTERS, _LETTERS_AT_MOST = 20, 24
_NAMES_AT_MOST_IN = _PLOT_RIGHT_IN - canvas.WIDTH_IN / 2 - _EDGE_IN - 0.06
_TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 1, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100)
_BETWEEN_TICKS_IN = 0.1


def draw(forest: Forest) -> Figure:
    """Marks with intervals on a logarithmic axis; hollow and with a tilde where not separated; the A/A pair's band in grey."""
    rows = [row for group in forest.groups for row in _all(group)]
    height = _TOP_IN + _ROW_IN * len(rows) + _HEAD_IN * len(forest.groups) + 0.05
    figure = canvas.new_figure(height + _FOOT_IN)
    figure.set_layout_engine("none")
    names, look = labels(forest), looks(design_of(row.variant) for row in rows)
    shown = [[_row_name(forest, group, row, names) for row in _all(group)] for group in forest.groups]
    left, right = _left_in([name for group in shown for name in group]) / canvas.WIDTH_IN, _PLOT_RIGHT_IN / canvas.WIDTH_IN
    axes = figure.add_axes((left, _FOOT_IN / (height + _FOOT_IN), right - left, height / (height + _FOOT_IN)))
    axes.set_xscale("log")
    low, high = _range(rows)
    axes.set_xlim(low, high)
    axes.set_ylim(height, 0)
    _write(axes, _CHANGE_IN, _TOP_IN / 2, "change", size=8, colour=FAINT)
    _write(axes, _P50_RIGHT_IN, _TOP_IN / 2, "p50", size=7, colour=FAINT, ha="right")
    y = _TOP_IN
    for group, group_names in zip(forest.groups, shown, strict=True):
        y = _draw_group(axes, group, y, group_names, look)
    axes.axvline(1, ymax=1 - _TOP_IN / height, color=INK, linewidth=0.9, zorder=1)
    axes.set_yticks([])
    axes.xaxis.set_major_locator(FixedLocator(chosen_ticks(low, high, (right - left) * canvas.WIDTH_IN)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(lambda value, _: _tick_text(value))
    axes.tick_params(axis="x", labelsize=_TICK_PT)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x")
    axes.set_xlabel(f"latency against {_baseline(forest)}\n95 % interval, log axis", fontsize=8.5)
    return figure


def _draw_group(axes: Axes, group: Group, y: float, names: Sequence[str], look: Mapping[str, Look]) -> float:
    y += _HEAD_IN
    _write(axes, _EDGE_IN, y - _HEAD_IN * 0.35, _heading(group), size=9, weight="bold")
    if group.same is not None:
        low, high = axes.get_xlim()
        left, right = max(low, min(group.same.low, 1 / group.same.high)), min(high, max(group.same.high, 1 / group.same.low))
        height = _ROW_IN * len(_all(group))
        axes.add_patch(Rectangle((left, y), right - left, height, color="#cfcfcf", linewidth=0, zorder=0.5))
    for row, name in zip(_all(group), names, strict=True):
        axes_left_in = axes.get_position().x0 * canvas.WIDTH_IN
        _write(axes, axes_left_in - 0.06, y + _ROW_IN / 2, name, size=_size_pt(name), ha="right")
        _draw_row(axes, row, y + _ROW_IN / 2, look[design_of(row.variant)], same=row is group.same)
        y += _ROW_IN
    return y


def _heading(group: Group) -> str:
    counts = sorted({row.n for row in group.rows})
    n = f"n = {counts[0]:,}" if len(counts) == 1 else f"n = {counts[0]:,} to {counts[-1]:,}"
    baselines = {(row.baseline, row.baseline_p50_ns) for row in group.rows}
    if len(baselines) > 1:
        return f"{visible(group.name)}  ({n})"
    ((baseline, p50_ns),) = baselines
    return f"{visible(group.name)}  ({n}, {visible(baseline)} {milliseconds(p50_ns)})"


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
    _write(axes, _CHANGE_IN, y, f"{sign}{percent_change(row.ratio)}", size=8)
    _write(axes, _P50_RIGHT_IN, y, milliseconds(row.p50_ns), size=7, colour=FAINT, ha="right")


def _write(
    axes: Axes, place_in: float, y: float, text: str, *, size: float, colour: str = INK, weight: str = "normal", ha: str = "left"
) -> None:
    """Text at a place in inches from the figure's left edge."""
    left_in = axes.get_position().x0 * canvas.WIDTH_IN
    x = (place_in - left_in) / (_PLOT_RIGHT_IN - left_in)
    transform = axes.get_yaxis_transform()
    # Its own ground, so that no line of the axis runs through a heading.
    ground = {"facecolor": PAPER, "linewidth": 0, "pad": 1} if weight == "bold" else None
    axes.text(
        x,
        y,
        text,
        transform=transform,
        va="center",
        ha=ha,
        fontsize=size,
        color=colour,
        fontweight=weight,
        linespacing=0.95,
        bbox=ground,
    )


def _row_name(forest: Forest, group: Group, row: LatencyRatio, names: Mapping[str, str]) -> str:
    """What stands at a row: one line, or where that is too long, two: the design, then its levels."""
    if row is group.same:
        return "A/A pair"
    name = visible(row.kind if forest.across_kinds else names[row.variant])
    if len(name) > _ONE_LINE_LETTERS and "[" in name:
        design, _, levels = name.partition("[")
        return f"{_cut(design)}\n{_cut('[' + levels)}"
    return _cut(name)


def _cut(name: str) -> str:
    return name if len(name) <= _LETTERS_AT_MOST else f"{name[: _LETTERS_AT_MOST - 1]}…"


def _size_pt(name: str) -> float:
    """The size at which a name fits beside an axis of half the figure."""
    fitting = _NAMES_AT_MOST_IN * 72 / _width_em(name)
    return max(_SMALLEST_PT, min(_LEVELS_PT if "\n" in name else _NAME_PT, fitting))


def _left_in(names: Sequence[str]) -> float:
    """Room for the longest name, and at least half of the width for the axis."""
    longest = max(_width_em(name) * _size_pt(name) / 72 for name in names)
    return max(min(longest, _NAMES_AT_MOST_IN) + 0.06 + _EDGE_IN, _LEFT_AT_LEAST_IN)


def _width_em(name: str) -> float:
    """The width of the longer line in its size; a little more, as hinting makes small letters wider."""
    font = FontProperties(family="DejaVu Sans", size=_MEASURED_PT)
    measured = (text_to_path.get_text_width_height_descent(line, font, ismath=False)[0] for line in name.split("\n"))
    return _HINTED * max(1.0, *measured) / _MEASURED_PT


def _all(group: Group) -> list[LatencyRatio]:
    return [*group.rows, *([group.same] if group.same is not None else [])]


def _range(rows: Sequence[LatencyRatio]) -> tuple[float, float]:
    """Room for every interval, and never so narrow that noise fills the chart."""
    low = min(0.95, *(row.low for row in rows))
    high = max(1.05, *(row.high for row in rows))
    room = (high / low) ** 0.06
    return low / room, high * room


def chosen_ticks(low: float, high: float, width_in: float) -> list[float]:
    """Ticks whose labels cannot touch each other on an axis of `width_in` inches: 1, the outermost ones, then what fits between."""
    inches = width_in / math.log(high / low)
    chosen = [1.0]
    for tick in sorted((tick for tick in _TICKS if low <= tick <= high), key=lambda tick: -abs(math.log(tick))):
        if all(abs(math.log(tick / other)) * inches >= _apart_in(tick, other) for other in chosen):
            chosen.append(tick)
    return sorted(chosen)


def _apart_in(tick: float, other: float) -> float:
    letters = len(_tick_text(tick)) + len(_tick_text(other))
    return letters / 2 * _TICK_EM * _TICK_PT / 72 + _BETWEEN_TICKS_IN


def _tick_text(value: float) -> str:
    return percent_change(value).replace(".0 %", " %")


def _baseline(forest: Forest) -> str:
    baselines = sorted({row.baseline for group in forest.groups for row in group.rows})
    return visible(baselines[0]) if len(baselines) == 1 else "the same design per side"
