"""Drawing the checks of a workload: a strip for each line, on which limits, noise, seeds and median stand."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from bench.charts import canvas
from bench.charts.palette import FAINT, INK
from bench.charts.traffic_panels import head
from bench.traffic.acceptance import Check, Verdict
from bench.traffic.verdicts import limit_of
from bench.traffic.words import number, percent
from bench.visible import visible

PASSES, NOISE, SEED, FAILS = "#dfe9f2", "#9fb8cc", "#0072b2", "#b2182b"
_REACH = 1.6
"""Strips end a bit outside of the limits, which are -1 and 1; what lies further out stands at the end as an arrow."""
_ROW_IN = 0.44
_WHY_LETTERS = 62


def draw(title: str, below: str, checks: Sequence[Check]) -> Figure:
    """The lines of all checks, from the first down, under a title of two lines."""
    figure = canvas.new_figure(_ROW_IN * len(checks) + 1.3)
    head(figure, title, below)
    axes = figure.add_subplot()
    axes.set_xlim(-_REACH - 0.02, _REACH + 0.02)
    axes.set_ylim(len(checks) - 0.35, -0.75)
    axes.set_axis_off()
    before = 0
    for row, check in enumerate(checks):
        if check.limit.number != before and row:
            axes.axhline(row - 0.72, color="#d9d9d9", linewidth=0.6)
        _strip(axes, row, check, shows_number=check.limit.number != before)
        before = check.limit.number
    figure.legend(handles=_legend(), loc="outside lower left", ncols=2, columnspacing=1.2, handlelength=1.8)
    return figure


def _legend() -> list[Patch | Line2D]:
    return [
        Patch(facecolor=PASSES, edgecolor=FAINT, linewidth=0.6, label="what passes; line: the real trace"),
        Patch(facecolor=NOISE, label="noise of the real trace itself"),
        Line2D([], [], marker="o", linestyle="", markersize=3.6, color=SEED, alpha=0.7, label="a seed; arrow: further out"),
        Line2D([], [], marker="D", linestyle="", markersize=5.5, color=INK, label="median; x when it fails"),
    ]


def _strip(axes: Axes, row: int, check: Check, *, shows_number: bool) -> None:
    limit = check.limit
    if shows_number:
        axes.text(-_REACH, row - 0.38, f"{limit.number}", fontsize=8.5, fontweight="bold", va="center")
    axes.text(-_REACH + 0.17, row - 0.38, limit.name, fontsize=8.5, va="center")
    if check.reason is not None:
        why = visible(check.reason)
        shown = why if len(why) <= _WHY_LETTERS else f"{why[: _WHY_LETTERS - 1]}…"
        axes.text(-_REACH + 0.17, row + 0.02, f"not applicable: {shown}", fontsize=7.5, va="center", color=FAINT)
        return
    axes.text(_REACH, row - 0.38, _told(check), fontsize=8.5, va="center", ha="right")
    left = 0.0 if limit.is_distance else -1.0
    axes.plot([-_REACH if not limit.is_distance else 0, _REACH], [row, row], color="#d9d9d9", linewidth=0.6, zorder=0)
    box = Rectangle((left, row - 0.17), 1.0 - left, 0.34, facecolor=PASSES, edgecolor=FAINT, linewidth=0.6, zorder=1)
    axes.add_patch(box)
    if check.floor is not None:
        low = 0.0 if limit.is_distance else max(_placed(check, _real(check) - check.floor), -_REACH)
        high = min(_placed(check, _real(check) + check.floor), _REACH)
        axes.add_patch(Rectangle((low, row - 0.17), high - low, 0.34, facecolor=NOISE, linewidth=0, alpha=0.75, zorder=2))
    axes.plot([0, 0], [row - 0.17, row + 0.17], color=INK, linewidth=1.0, zorder=3)
    for place, value in enumerate(check.measured):
        if value is not None:
            offset = 0.11 * (place % 3 - 1)
            _mark(axes, _placed(check, value), row + offset, SEED, 3.2, 0.65, 4)
    if check.median is not None:
        failed = check.verdict is Verdict.FAILED
        _mark(axes, _placed(check, check.median), row, FAILS if failed else INK, 6.0, 1.0, 5, marker="X" if failed else "D")


def _mark(axes: Axes, x: float, y: float, colour: str, size: float, alpha: float, order: int, marker: str = "o") -> None:
    inside = max(-_REACH, min(_REACH, x))
    if inside != x and marker == "o":
        marker = ">" if x > 0 else "<"
    axes.plot(
        [inside], [y], marker=marker, color=colour, markersize=size, alpha=alpha, zorder=order, markeredgewidth=0, clip_on=False
    )


def _real(check: Check) -> float:
    return 0.0 if check.real is None else check.real


def _placed(check: Check, value: float) -> float:
    """Where a value stands: 0 is the real trace, -1 and 1 are the limits."""
    real = _real(check)
    side = check.high - real if value >= real else real - check.low
    return (value - real) / side if side else (0.0 if value == real else 2 * _REACH)


def _told(check: Check) -> str:
    shown = percent if check.limit.percent else number
    failed = "   FAIL" if check.verdict is Verdict.FAILED else ""
    if check.limit.is_distance:
        return f"{shown(check.median)}, at most {limit_of(check, check.high)}{failed}"
    return f"{shown(check.median)}, real {shown(check.real)}{failed}"
