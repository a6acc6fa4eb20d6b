"""Drawing strips of crash points."""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from bench.charts import canvas
from bench.charts.crash import LEFT, MARKS, Strip, alike
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_ROW_IN, _HEAD_IN, _LINE_IN, _LEGEND_LINE_IN = 0.21, 0.3, 0.17, 0.19
_TITLE_LETTERS, _NO_BREAK = 50, "\u00a0"
"""As many as fit on a line of a panel's title."""
_CELLS_AT_LEAST = 7
"""Short strips keep cells of the width that longer ones have."""
_UPPER, _MIDDLE, _LOWER = 0.27, 0.5, 0.73
_COLOURS = {"lost": "#dcdcdc", "partial": "#ee9a5f", "whole": "#8ec7e8"}
_PARTIAL_HATCH = "///"
_UNKNOWN = "#ffffff"
_MARKERS = {"healed": "o", "duplicated": "D", "still partial": "x", "lost": "v"}
_LEGEND_COLUMNS = 3
_CELLS_RIGHT_IN, _LETTER_IN = 4.02, 0.079
_HOLLOW = frozenset({"healed", "lost"})


def draw(strips: Sequence[Strip]) -> Figure:
    """A panel for each design, or for those that are alike in every point: a row for each kind of operation, a cell for each
    point, the count of partial ones at the end.
    """
    panels = [(_lines(_title(designs, strip)), strip) for designs, strip in alike(strips)]
    width = max(_CELLS_AT_LEAST, *(len(row.cells) for _, strip in panels for row in strip.rows))
    legend = _legend(strips)
    foot = _LEGEND_LINE_IN * math.ceil(len(legend) / _LEGEND_COLUMNS) + 0.15
    heights = [_HEAD_IN + _LINE_IN * (len(title) - 1) + _ROW_IN * len(strip.rows) for title, strip in panels]
    height = sum(heights) + foot
    figure = canvas.new_figure(height)
    figure.set_layout_engine("none")
    left = max(map(len, (name for _, strip in panels for name in _names(strip)))) * _LETTER_IN + 0.1
    top = height
    for (title, strip), own in zip(panels, heights, strict=True):
        rows_in = _ROW_IN * len(strip.rows)
        place = (left / canvas.WIDTH_IN, (top - own) / height, (_CELLS_RIGHT_IN - left) / canvas.WIDTH_IN, rows_in / height)
        figure.text(0.03 / canvas.WIDTH_IN, (top - own + rows_in + 0.04) / height, "\n".join(title), fontweight="bold", va="bottom")
        _panel(figure.add_axes(place), strip, width)
        top -= own
    figure.legend(
        handles=legend, loc="lower left", bbox_to_anchor=(0, 0), ncols=_LEGEND_COLUMNS, columnspacing=1.2, handletextpad=0.5
    )
    return figure


def _title(designs: Sequence[str], strip: Strip) -> str:
    each = " each" if len(designs) > 1 else ""
    return f"{', '.join(map(visible, designs))}: partial {strip.partial} of {strip.points}{each}"


def _lines(title: str) -> list[str]:
    """Names may stand on several lines; the counts stay together."""
    names, _, counts = title.rpartition(": ")
    kept = counts.replace(" ", _NO_BREAK)
    return [line.replace(_NO_BREAK, " ") for line in textwrap.wrap(f"{names}: {kept}", _TITLE_LETTERS)]


def _names(strip: Strip) -> list[str]:
    return [f"{visible(row.kind)}" + (f", k = {row.k}" if row.k else "") for row in strip.rows]


def _panel(axes: Axes, strip: Strip, width: int) -> None:
    axes.set_xlim(0, width)
    axes.set_ylim(len(strip.rows), 0)
    signs: dict[str, list[tuple[float, float]]] = {}
    cells: dict[str, list[Rectangle]] = {}
    for y, row in enumerate(strip.rows):
        for x, cell in enumerate(row.cells):
            cells.setdefault(cell.left, []).append(Rectangle((x + 0.03, y + 0.06), 0.94, 0.88))
            for name, place in ((cell.same, _UPPER if cell.both else _MIDDLE), (cell.fresh, _LOWER)):
                if name is not None:
                    signs.setdefault(name, []).append((x + 0.5, y + place))
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
    for left, of_left in cells.items():
        hatch = _PARTIAL_HATCH if left == "partial" else None
        axes.add_collection(PatchCollection(of_left, facecolor=_COLOURS.get(left, _UNKNOWN), hatch=hatch, edgecolor=PAPER))
    for name, places in signs.items():
        axes.add_line(_sign(name, [x for x, _ in places], [y for _, y in places]))
    names = _names(strip)
    axes.set_yticks([y + 0.5 for y in range(len(names))], names)
    axes.set_xticks([])
    axes.tick_params(axis="y", length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)


def _sign(name: str, xs: Sequence[float], ys: Sequence[float], label: str = "") -> Line2D:
    return Line2D(
        xs,
        ys,
        marker=_MARKERS[name],
        markersize=4.2,
        markeredgecolor=INK,
        markerfacecolor=PAPER if name in _HOLLOW else INK,
        markeredgewidth=0.9,
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
