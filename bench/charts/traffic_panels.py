"""Small pictures of traffic, each in axes of its own: one or many curves of the same kind."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FixedLocator, MaxNLocator, NullLocator

from bench.charts import canvas
from bench.charts.palette import FAINT, INK
from bench.traffic.curves import BYTES, DISTANCES, GAPS_S, RANKS, Curves
from bench.traffic.rooms import Floats, Ints
from bench.visible import visible

SEEDS = "#56b4e9"
USERS = "#d55e00"
PANEL_IN = 2.15
_SHARE_TICKS = (1.0, 0.1, 0.01, 0.001, 0.0001)
_TIMES = {1.0: "1 s", 60.0: "1 min", 3_600.0: "1 h", 86_400.0: "1 d"}
_TITLE_LETTERS, _BELOW_LETTERS = 58, 74


@dataclass(frozen=True, slots=True)
class Style:
    """How a curve is drawn: real traffic in ink, seeds thinner and behind it."""

    colour: str = INK
    width: float = 1.6
    alpha: float = 1.0
    order: int = 3


REAL = Style()
SEED = Style(SEEDS, 0.8, 0.6, 2)

Panel = Callable[[Axes, Sequence[tuple[Curves, Style]]], bool]
"""Draws all curves, and says whether there was one."""


@dataclass(frozen=True, slots=True)
class Place:
    """One panel of a page: its title, its curves, and what stands there if there is none."""

    title: str
    draw: Panel
    given: Sequence[tuple[Curves, Style]]
    absent: str = ""


def page(title: str, below: str, panels: Sequence[Place], height_more_in: float = 0.0) -> Figure:
    """Panels two in a row under a title of two lines."""
    rows = -(-len(panels) // 2)
    figure = canvas.new_figure(PANEL_IN * rows + 0.4 + height_more_in)
    head(figure, title, below)
    grid = figure.subplots(rows, 2, squeeze=False).ravel().tolist()
    for axes, panel in zip(grid, panels, strict=False):
        axes.set_title(panel.title)
        axes.grid()
        if not panel.draw(axes, panel.given):
            _empty(axes, panel.absent)
    for axes in grid[len(panels) :]:
        axes.set_axis_off()
    return figure


def head(figure: Figure, title: str, below: str) -> None:
    """The title of a page, bold, and a line below it; each is cut where it would leave the page."""
    figure.suptitle(f"{_cut(title, _TITLE_LETTERS)}\n", x=0.012, ha="left", fontweight="bold", fontsize=10)
    figure.text(0.012, 1 - 0.28 / figure.get_figheight(), _cut(below, _BELOW_LETTERS), va="top", color=FAINT, fontsize=8.5)


def _cut(text: str, letters: int) -> str:
    shown = visible(text)
    return shown if len(shown) <= letters else f"{shown[: letters - 1]}…"


def page_of_two(title: str, below: str, panels: Sequence[Place]) -> Figure:
    """As `page`, of real traffic and seeds, with a word on which is which."""
    figure = page(title, below, panels, 0.3)
    handles = [
        Line2D([], [], color=REAL.colour, linewidth=REAL.width, label="the real trace"),
        Line2D([], [], color=SEED.colour, linewidth=1.6, label="the workload, each seed a line"),
    ]
    figure.legend(handles=handles, loc="outside lower left", ncols=2)
    return figure


def gaps(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share of gaps longer than a time, both axes logarithmic."""
    there = [(curves.gaps, style) for curves, style in given if curves.gaps is not None]
    _survival(axes, GAPS_S, there)
    _times(axes)
    axes.set_xlabel("to the next message")
    axes.set_ylabel("share that is longer")
    return bool(there)


def lengths(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share of texts longer than so many bytes, both axes logarithmic."""
    _survival(axes, BYTES, [(curves.bytes, style) for curves, style in given])
    axes.set_xlim(1, 20_000)
    _ticks(axes, {1: "1", 10: "10", 100: "100", 1_000: "1 k", 10_000: "10 k"})
    axes.set_xlabel("bytes of text")
    axes.set_ylabel("share that is longer")
    return any(bool(curves.bytes.any()) for curves, _ in given)


def hours(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share of each hour of the day."""
    for curves, style in given:
        axes.stairs(100 * curves.hours, np.arange(25), baseline=None, **_line(style))
    axes.set_xlim(0, 24)
    axes.set_xticks([0, 6, 12, 18, 24])
    axes.set_ylim(0, None)
    axes.set_xlabel("hour of the day")
    axes.set_ylabel("% of messages")
    return bool(given)


def channels(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share that the busiest channels have together."""
    _ranked(axes, [(curves.channels, style) for curves, style in given])
    axes.set_xlabel("busiest channels, together")
    return bool(given)


def users(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share that the busiest users have together."""
    _ranked(axes, [(curves.users, style) for curves, style in given])
    axes.set_xlabel("busiest users, together")
    return bool(given)


def channels_and_users(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """Both shares of one trace; the curve of users is dashed."""
    _ranked(axes, [(curves.channels, style) for curves, style in given])
    for curves, style in given:
        axes.plot(RANKS, 100 * curves.users, linestyle="--", color=USERS, linewidth=style.width)
        _label(axes, RANKS, 100 * curves.channels, 75, "channels", INK)
        _label(axes, RANKS, 100 * curves.users, 35, "users", USERS)
    last = max(_last(shares) for curves, _ in given for shares in (curves.channels, curves.users))
    axes.set_xlim(1, max(10.0, last))
    axes.set_xlabel("the busiest, together")
    return bool(given)


def distances(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """The share of replies to a message at most so far back."""
    there = [(curves.distances, style) for curves, style in given if curves.distances is not None]
    for shares, style in there:
        axes.step(DISTANCES, 100 * shares, where="post", **_line(style))
    axes.axvline(32, color=FAINT, linewidth=0.8, linestyle=":")
    axes.text(36, 4, "an agent's\ncontext: 32", fontsize=7.5, color=FAINT, va="bottom")
    axes.set_xscale("log")
    axes.set_xlim(1, 1_000)
    _ticks(axes, {1: "1", 3: "3", 10: "10", 100: "100", 1_000: "1 k"})
    axes.set_ylim(0, 103)
    axes.set_xlabel("messages back")
    axes.set_ylabel("% at most so far back")
    return bool(there)


def daily(axes: Axes, given: Sequence[tuple[Curves, Style]]) -> bool:
    """Messages a day, from the first day to the last."""
    for curves, style in given:
        days = np.arange(len(curves.daily) + 1) * curves.days_each
        axes.stairs(curves.daily, days, baseline=None, **_line(Style(style.colour, 0.9)))
        axes.set_xlim(0, float(days[-1]))
    axes.set_ylim(0, None)
    axes.yaxis.set_major_formatter(lambda value, _: f"{value:,.0f}" if value == round(value) else "")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    axes.set_xlabel("day of the trace")
    axes.set_ylabel("messages a day")
    return bool(given)


def _line(style: Style) -> dict[str, Any]:
    return {"color": style.colour, "linewidth": style.width, "alpha": style.alpha, "zorder": style.order}


def _survival(axes: Axes, places: Floats, given: Sequence[tuple[Floats, Style]]) -> None:
    for shares, style in given:
        shown = shares > 0
        axes.plot(places[shown], shares[shown], **_line(style))
    axes.set_xscale("log")
    axes.set_yscale("log")
    lowest = min((float(shares[shares > 0].min()) for shares, _ in given if (shares > 0).any()), default=0.1)
    ticks = [tick for tick in _SHARE_TICKS if tick >= min(lowest, 0.1)]
    axes.set_ylim(max(lowest * 0.8, 5e-5) if lowest < 0.1 else 0.08, 1.3)
    axes.yaxis.set_major_locator(FixedLocator(ticks))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda value, _: f"{100 * value:g} %")


def _times(axes: Axes) -> None:
    axes.set_xlim(1, 5e6)
    _ticks(axes, _TIMES)


def _ticks(axes: Axes, ticks: dict[float, str] | dict[int, str]) -> None:
    axes.xaxis.set_major_locator(FixedLocator(list(ticks)))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticklabels(list(ticks.values()))


def _ranked(axes: Axes, given: Sequence[tuple[Floats, Style]]) -> None:
    for shares, style in given:
        axes.plot(RANKS, 100 * shares, **_line(style))
    axes.set_xscale("log")
    axes.set_xlim(1, max([10.0, *(_last(shares) for shares, _ in given)]))
    _ticks(axes, {1: "1", 10: "10", 100: "100", 1_000: "1 k", 10_000: "10 k"})
    axes.set_ylim(0, 103)
    axes.set_ylabel("% of messages")


def _last(shares: Floats) -> float:
    """The first drawn rank that has everything behind it."""
    return float(RANKS[int(np.argmax(shares >= 1 - 1e-12))])


def _label(axes: Axes, x: Ints, y: Floats, at: float, text: str, colour: str) -> None:
    """The name of a curve, right of where it reaches a height."""
    place = int(np.argmax(y >= at))
    axes.annotate(
        text,
        (float(x[place]), float(y[place])),
        xytext=(4, -1),
        textcoords="offset points",
        ha="left",
        va="top",
        color=colour,
        fontsize=8.5,
    )


def _empty(axes: Axes, why: str) -> None:
    for artist in (*axes.lines, *axes.patches, *axes.texts):
        artist.remove()
    axes.grid(visible=False)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_ylabel("")
    axes.set_xlabel("")
    axes.text(0.5, 0.5, fill(f"not applicable: {why}", 24), ha="center", va="center", transform=axes.transAxes, color=FAINT)
