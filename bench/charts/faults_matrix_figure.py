"""Drawing the matrix of faults and designs."""

from __future__ import annotations

import textwrap
from itertools import accumulate

from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from bench.charts import canvas
from bench.charts.faults_matrix import Panel, Square
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_LINE_IN, _PAD_IN, _HEAD_IN = 0.12, 0.1, 1.15
_CLEAN, _NONE = "#e4f0f6", "#f4f4f4"
_LIGHT, _DARK = (0.99, 0.90, 0.84), (0.93, 0.48, 0.22)
"""Even the darkest is light enough for black letters."""
_LETTERS = 19
_WIDE, _SIZE, _SMALL = 6, 7.5, 6.2
"""Of more designs than `_WIDE`, squares are narrow and what stands in them is small."""
_NOT_MET = ("–",)


def draw(panel: Panel) -> Figure:
    """A square for each fault and design: darker where more was not clean, with what was counted in it."""
    names = [textwrap.wrap(visible(name), _LETTERS) for name in panel.faults]
    heights = [
        _PAD_IN + _LINE_IN * max(len(name), *(len(_text(found)) for found in row))
        for name, row in zip(names, panel.squares, strict=True)
    ]
    tops = [0.0, *accumulate(heights)]
    columns = len(panel.designs)
    figure = canvas.new_figure(_HEAD_IN + tops[-1])
    axes = figure.add_subplot()
    axes.set_xlim(0, columns)
    axes.set_ylim(tops[-1], 0)
    size = _SIZE if columns <= _WIDE else _SMALL
    for top, height, row in zip(tops, heights, panel.squares, strict=False):
        for x, found in enumerate(row):
            axes.add_patch(Rectangle((x, top), 1, height, facecolor=_colour(found), edgecolor=PAPER, linewidth=1.2))
            colour = FAINT if found is None or not found.bad else INK
            shown = "\n".join(_text(found))
            axes.text(x + 0.5, top + height / 2, shown, ha="center", va="center", fontsize=size, color=colour, linespacing=1.1)
    axes.set_xticks([x + 0.5 for x in range(columns)], [visible(name) for name in panel.designs], rotation=35, ha="left")
    axes.xaxis.tick_top()
    middles = [top + height / 2 for top, height in zip(tops, heights, strict=False)]
    axes.set_yticks(middles, ["\n".join(name) for name in names])
    axes.tick_params(axis="both", length=0, labelsize=8)
    for spine in axes.spines.values():
        spine.set_visible(False)
    return figure


def _text(found: Square | None) -> tuple[str, ...]:
    return _NOT_MET if found is None else found.text


def _colour(found: Square | None) -> str | tuple[float, ...]:
    share = None if found is None else found.share
    if share is None:
        return _NONE
    if not share:
        return _CLEAN
    return tuple(light + (dark - light) * share for light, dark in zip(_LIGHT, _DARK, strict=True))
