"""Drawing the matrix of faults and designs."""

from __future__ import annotations

import textwrap

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bench.charts import canvas
from bench.charts.faults_matrix import Panel, Square
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_ROW_IN, _HEAD_IN = 0.34, 1.05
_CLEAN, _NONE = "#e4f0f6", "#f4f4f4"
_LIGHT, _DARK = (0.98, 0.86, 0.78), (0.80, 0.30, 0.10)
_LETTERS = 21


def draw(panel: Panel) -> Figure:
    """A square for each fault and design: darker where more was not clean, with what was counted in it."""
    rows, columns = len(panel.faults), len(panel.designs)
    figure = canvas.new_figure(_HEAD_IN + _ROW_IN * rows)
    axes = figure.add_subplot()
    axes.set_xlim(0, columns)
    axes.set_ylim(rows, 0)
    size = 7.5 if columns <= 6 else 6.2
    for y, row in enumerate(panel.squares):
        for x, found in enumerate(row):
            axes.add_patch(Rectangle((x + 0.02, y + 0.04), 0.96, 0.92, facecolor=_colour(found), edgecolor=PAPER, linewidth=0.4))
            axes.text(
                x + 0.5,
                y + 0.5,
                "\n".join(("–",) if found is None else found.text),
                ha="center",
                va="center",
                fontsize=size,
                color=FAINT if found is None or not found.bad else PAPER if (found.share or 0) > 0.5 else INK,
                linespacing=1.1,
            )
    axes.set_xticks([x + 0.5 for x in range(columns)], [visible(name) for name in panel.designs], rotation=35, ha="left")
    axes.xaxis.tick_top()
    names = ["\n".join(textwrap.wrap(visible(name), _LETTERS)) for name in panel.faults]
    axes.set_yticks([y + 0.5 for y in range(rows)], names)
    axes.tick_params(axis="both", length=0, labelsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _colour(found: Square | None) -> str | tuple[float, ...]:
    share = None if found is None else found.share
    if share is None:
        return _NONE
    if not share:
        return _CLEAN
    return tuple(light + (dark - light) * share for light, dark in zip(_LIGHT, _DARK, strict=True))
