"""Drawing growth: lines with intervals, hollow and dashed where nothing was measured."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, NullFormatter, NullLocator

from bench.charts import canvas
from bench.charts.growth import Counted, Line, Panel
from bench.charts.palette import FAINT, INK, PAPER, UNEQUAL, Look, looks
from bench.growth.words import bounds_in_words
from bench.results.growth_schema import WallExponent, WallRow
from bench.stats.words import milliseconds, percent_change
from bench.visible import visible

_PANEL_IN, _WIDE_IN, _LEGEND_ROW_IN = 1.75, 2.9, 0.19
_MARKER = 4.5


def draw_linear(panel: Panel, unit: str, unequal: Collection[str]) -> Figure:
    """One panel with a linear size, such as agents; the slope of each design in the legend."""
    names = [line.design for line in panel.lines]
    figure = canvas.new_figure(_WIDE_IN + _LEGEND_ROW_IN * len(names) + 0.3)
    axes = figure.add_subplot()
    look = looks(names)
    for line in panel.lines:
        _line(axes, line, look[line.design])
    axes.set_ylim(bottom=0)
    axes.set_xlim(left=-1)
    axes.set_xlabel(unit)
    axes.set_ylabel("latency")
    _milliseconds(axes)
    axes.grid(axis="both")
    keys = [_key(look[line.design], f"{_name(line.design, unequal)}  {_each(line)}") for line in panel.lines]
    figure.legend(handles=keys, loc="outside lower left", ncols=1, handlelength=2.2, labelspacing=0.25)
    return figure


def draw_decades(panels: Sequence[Panel], unit: str, unequal: Collection[str]) -> Figure:
    """A small panel for each kind of operation, both axes logarithmic."""
    names = list(dict.fromkeys(line.design for panel in panels for line in panel.lines))
    rows = (len(panels) + 1) // 2
    figure = canvas.new_figure(_PANEL_IN * rows + _LEGEND_ROW_IN * ((len(names) + 2) // 2) + 0.45)
    grid = figure.subplots(rows, 2, squeeze=False, sharex=True)
    look = looks(names)
    cells = [axes for row in grid for axes in row]
    for axes, panel in zip(cells, panels, strict=False):
        for line in panel.lines:
            _line(axes, line, look[line.design])
        axes.set_xscale("log")
        axes.set_yscale("log")
        axes.set_title(visible(panel.kind), fontsize=8.5)
        axes.grid(axis="both")
        _log_milliseconds(axes)
        axes.tick_params(labelsize=7.5)
        axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    for axes in cells[len(panels) :]:
        axes.set_visible(False)
        # What is above an empty place shows its own ticks.
    for column in range(2):
        shown = [row[column] for row in grid if row[column].get_visible()]
        if shown:
            shown[-1].tick_params(labelbottom=True)
            shown[-1].set_xlabel(unit, fontsize=8)
    keys = [_key(look[name], _name(name, unequal)) for name in names]
    keys.append(_hollow())
    figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=2.2, labelspacing=0.25)
    return figure


def draw_counts(found: Sequence[Counted], unequal: Collection[str]) -> Figure:
    """A panel for each exact count; designs with the same counts lie on each other."""
    names = list(dict.fromkeys(design for panel in found for design, _ in panel.lines))
    figure = canvas.new_figure(2.1 * ((len(found) + 1) // 2) + _LEGEND_ROW_IN * ((len(names) + 1) // 2) + 0.35)
    grid = figure.subplots((len(found) + 1) // 2, 2, squeeze=False)
    look = looks(names)
    cells = [axes for row in grid for axes in row]
    for axes, panel in zip(cells, found, strict=False):
        for design, points in panel.lines:
            own = look[design]
            axes.plot(
                [point.k for point in points],
                [point.value or 0.0 for point in points],
                color=own.colour,
                marker=own.marker,
                markersize=_MARKER,
                linewidth=1,
                markerfacecolor="none",
            )
        axes.set_title(visible(panel.what), fontsize=8.5)
        axes.set_ylim(bottom=0)
        axes.tick_params(labelsize=7.5)
        axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
        axes.grid(axis="both")
        axes.set_xlabel("agents in the channel (k)", fontsize=8)
    for axes in cells[len(found) :]:
        axes.set_visible(False)
    keys = [_key(look[name], _name(name, unequal)) for name in names]
    figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=2.2, labelspacing=0.25)
    return figure


def draw_wall(wall: Sequence[WallRow], exponents: Sequence[WallExponent]) -> Figure:
    """Wall time against messages, both logarithmic, beside the line that grows as the messages do."""
    figure = canvas.new_figure(3.2)
    axes = figure.add_subplot()
    designs = list(dict.fromkeys(row.design for row in wall))
    look = looks(designs)
    for design in designs:
        rows = [row for row in wall if row.design == design]
        own = look[design]
        sizes, seconds = [row.messages for row in rows], [row.wall_s for row in rows]
        axes.plot(sizes, seconds, linestyle="none", marker=own.marker, markersize=6, color=own.colour, zorder=3)
        first = min(rows, key=lambda row: (row.messages, row.wall_s))
        ends = [min(sizes), max(sizes)]
        axes.plot(ends, [first.wall_s * size / first.messages for size in ends], color=FAINT, linewidth=0.9, linestyle=(0, (2, 2)))
        for row in exponents:
            if row.design == design:
                told = f"{visible(design)}: exponent {row.exponent:.3f}{bounds_in_words(row.low, row.high, '{:.3f}'.format)}"
                axes.set_title(told, fontsize=8.5)
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    low, high = axes.get_ylim()
    axes.set_yticks([f * 10.0**p for p in range(-2, 7) for f in (1, 2, 5) if low <= f * 10.0**p <= high] or [low, high])
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,g} s"))
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.grid(axis="both")
    axes.set_xlabel("messages; dotted: exponent 1")
    axes.set_ylabel("wall time")
    return figure


def _line(axes: Axes, line: Line, look: Look) -> None:
    """Measured points full on a line; the extrapolated one hollow, on a dashed line from the last measured one."""
    measured = [point for point in line.points if point.measured]
    beyond = [point for point in line.points if not point.measured]
    axes.plot(
        [point.size for point in measured],
        [point.latency_ns for point in measured],
        color=look.colour,
        marker=look.marker,
        markersize=_MARKER,
        linewidth=1.1,
        zorder=3,
    )
    for point in measured:
        if point.low_ns is not None and point.high_ns is not None:
            axes.plot([point.size] * 2, [max(point.low_ns, 1.0), point.high_ns], color=look.colour, linewidth=0.8, zorder=2)
    for point in beyond:
        axes.plot(
            [measured[-1].size, point.size],
            [measured[-1].latency_ns, point.latency_ns],
            color=look.colour,
            linewidth=0.9,
            linestyle=(0, (3, 2)),
            zorder=2,
        )
        axes.plot(
            [point.size],
            [point.latency_ns],
            linestyle="none",
            marker=look.marker,
            markersize=_MARKER,
            markerfacecolor=PAPER,
            markeredgecolor=look.colour,
            zorder=3,
        )


def _each(line: Line) -> str:
    """The slope in words: for one agent more, or for ten times as many."""
    slope = line.slope
    if slope is None:
        return ""
    sign = "" if slope.separated else "~ "
    if line.points[0].axis == "agents":
        return f"{sign}{_signed(slope.slope)}{bounds_in_words(slope.low, slope.high, _signed)} an agent"
    return f"{sign}{percent_change(slope.slope)} for ten times as many"


def _signed(nanoseconds: float) -> str:
    return f"{'−' if nanoseconds < 0 else '+'}{abs(nanoseconds) / 1e3:,.0f} µs"


def _name(design: str, unequal: Collection[str]) -> str:
    return visible(design) + (UNEQUAL if design in unequal else "")


def _key(look: Look, label: str) -> Line2D:
    return Line2D([], [], color=look.colour, marker=look.marker, markersize=_MARKER, linewidth=1.1, label=label)


def _hollow() -> Line2D:
    return Line2D(
        [],
        [],
        color=INK,
        marker="o",
        markerfacecolor=PAPER,
        markersize=_MARKER,
        linewidth=0.9,
        linestyle=(0, (3, 2)),
        label="extrapolated",
    )


def _milliseconds(axes: Axes) -> None:
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: milliseconds(round(value)) if value > 0 else "0"))


def _log_milliseconds(axes: Axes) -> None:
    """A few ticks of round numbers, whatever part of a decade is shown."""
    low, high = axes.get_ylim()
    ticks = [factor * 10.0**power for power in range(3, 12) for factor in (1, 2, 5) if low <= factor * 10.0**power <= high]
    axes.set_yticks(ticks or [low, high])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_minor_formatter(NullFormatter())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value / 1e6:.3g} ms"))


def _short(value: float) -> str:
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if abs(value) >= size:
            return f"{value / size:.3g}{letter}"
    return f"{value:.3g}"
