"""Drawing the bars of rows changed."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bench.charts import canvas
from bench.charts.palette import INK, OTHER, PAPER, ROLES, UNEQUAL, Role
from bench.charts.writes import FLOOR, Bar, Group
from bench.visible import visible

_BAR_IN, _HEAD_IN = 0.2, 0.26


def draw(groups: Sequence[Group], unit: str, unequal: Collection[str]) -> Figure:
    """Stacked bars from zero, one for each design in each group, its total at the end; designs of `unequal` work have a †."""
    roles = [role for role in (*ROLES, OTHER) if any(s.role == role for g in groups for b in g.bars for s in b.segments)]
    bars = sum(len(group.bars) for group in groups)
    legend_rows = (len(roles) + 1) // 2
    figure = canvas.new_figure(_BAR_IN * bars + _HEAD_IN * len(groups) + 0.21 * legend_rows + 0.75)
    axes = figure.add_subplot()
    top = max((bar.total for group in groups for bar in group.bars), default=0)
    ticks: list[tuple[float, str]] = []
    y = 0.0
    for group in groups:
        if len(groups) > 1:
            y += _HEAD_IN
            axes.text(0, y - 0.05, group.name, va="bottom", ha="left", fontweight="bold", fontsize=9)
        least = max((bar.total for bar in group.bars if bar.design == FLOOR), default=0.0)
        for bar in group.bars:
            _bar(axes, bar, y + _BAR_IN / 2, top, below=bar.total < least)
            ticks.append((y + _BAR_IN / 2, visible(bar.design) + (UNEQUAL if bar.design in unequal else "")))
            y += _BAR_IN
    axes.set_ylim(y + 0.03, 0)
    axes.set_xlim(0, top * 1.12 or 1)
    axes.set_yticks([place for place, _ in ticks], [name for _, name in ticks])
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")
    axes.set_xlabel(unit)
    figure.legend(handles=[_key(role) for role in roles], loc="outside lower left", ncols=2, handlelength=1.4)
    return figure


def _bar(axes: Axes, bar: Bar, y: float, top: float, *, below: bool) -> None:
    left = 0.0
    for segment in bar.segments:
        axes.barh(
            y,
            segment.rows,
            height=_BAR_IN * 0.8,
            left=left,
            color=segment.role.colour,
            hatch=segment.role.hatch,
            edgecolor=PAPER,
            linewidth=0.6,
        )
        left += segment.rows
    axes.text(left + top * 0.012, y, f"{bar.total:.3g}{' *' if below else ''}", va="center", ha="left", fontsize=8.5, color=INK)


def _key(role: Role) -> Patch:
    return Patch(facecolor=role.colour, hatch=role.hatch, edgecolor=PAPER, label=role.name)
