"""Drawing strips of crash points."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from bench.charts import canvas
from bench.charts.crash import LEFT, MARKS, Strip
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_ROW_IN, _HEAD_IN = 0.21, 0.34
_CELLS_AT_LEAST = 7
"""Short strips keep cells of the width that longer ones have."""
_COLOURS = {"lost": "#dcdcdc", "partial": "#ee9a5f", "whole": "#8ec7e8"}
_PARTIAL_HATCH = "///"
_UNKNOWN = "#ffffff"
_MARKERS = {"healed": "o", "duplicated": "D", "still partial": "x", "lost": "v"}
_HOLLOW = frozenset({"healed", "lost"})


def draw(strips: Sequence[Strip]) -> Figure:
    """A panel for each design: a row for each kind of operation, a cell for each point, the count of partial ones at the end."""
    rows = max(len(strip.rows) for strip in strips)
    width = max(_CELLS_AT_LEAST, *(len(row.cells) for strip in strips for row in strip.rows))
    figure = canvas.new_figure((_ROW_IN * rows + _HEAD_IN) * len(strips) + 0.95)
    panels = figure.subplots(len(strips), 1, squeeze=False)[:, 0]
    for axes, strip in zip(panels, strips, strict=True):
        _panel(axes, strip, width)
    figure.legend(handles=_legend(strips), loc="outside lower left", ncols=3, columnspacing=1.2, handletextpad=0.5)
    return figure


def _panel(axes: Axes, strip: Strip, width: int) -> None:
    axes.set_title(f"{visible(strip.design)}: partial {strip.partial} of {strip.points}", pad=3)
    axes.set_xlim(0, width)
    axes.set_ylim(len(strip.rows), 0)
    for y, row in enumerate(strip.rows):
        for x, cell in enumerate(row.cells):
            hatch = _PARTIAL_HATCH if cell.left == "partial" else None
            colour = _COLOURS.get(cell.left, _UNKNOWN)
            axes.add_patch(Rectangle((x + 0.03, y + 0.08), 0.94, 0.84, facecolor=colour, hatch=hatch, edgecolor=PAPER))
            _mark(axes, x + (0.3 if cell.both else 0.5), y, cell.same)
            _mark(axes, x + 0.7, y, cell.fresh)
        counts = f"{row.partial} of {len(row.cells)}" if row.cells else strip.absent
        emphasis = "bold" if row.partial else "normal"
        axes.text(
            1.02,
            y + 0.5,
            counts,
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8.5,
            color=INK if row.partial else FAINT,
            fontweight=emphasis,
        )
    names = [f"{visible(row.kind)}" + (f", k = {row.k}" if row.k else "") for row in strip.rows]
    axes.set_yticks([y + 0.5 for y in range(len(names))], names)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _mark(axes: Axes, x: float, y: float, name: str | None) -> None:
    if name is not None:
        axes.add_line(_sign(name, [x], [y + 0.5]))


def _sign(name: str, xs: Sequence[float], ys: Sequence[float], label: str = "") -> Line2D:
    return Line2D(
        xs,
        ys,
        marker=_MARKERS[name],
        markersize=5,
        markeredgecolor=INK,
        markerfacecolor=PAPER if name in _HOLLOW else INK,
        markeredgewidth=1.1,
        color=INK,
        linestyle="none",
        zorder=4,
        label=label,
    )


def _legend(strips: Sequence[Strip]) -> list[Patch | Line2D]:
    cells = [cell for strip in strips for row in strip.rows for cell in row.cells]
    seen = {cell.left for cell in cells}
    marked = {name for cell in cells for name in (cell.same, cell.fresh)}
    patches = [
        Patch(facecolor=_COLOURS[left], hatch=_PARTIAL_HATCH if left == "partial" else None, edgecolor=PAPER, label=left)
        for left in LEFT
        if left in seen
    ]
    return [*patches, *(_sign(name, [], [], f"retry: {name}") for name in MARKS if name in marked)]
