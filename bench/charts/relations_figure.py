"""Drawing what a message writes, by table and index."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from bench.charts import canvas
from bench.charts.palette import INK, OTHER, PAPER, ROLES, UNEQUAL
from bench.charts.relations import IMAGES, PLAIN, READS, TRANSACTIONS, WRITES, Panel, Piece
from bench.visible import visible

_BAR_IN, _HEAD_IN = 0.2, 0.62
_INDEX_HATCH = "xxxx"
_LOOKS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        READS: ("#cccccc", ""),
        WRITES: ("#777777", ""),
        TRANSACTIONS: ("#444444", ""),
        IMAGES: ("#ffffff", "//"),
    }
)
"""Colour and hatch of what is of no table."""


def draw(found: Sequence[Panel], unequal: Collection[str]) -> Figure:
    """A panel of stacked bars for each figure; what is of indexes is crossed, in the colour of its table."""
    pieces = [piece for panel in found for _, bar in panel.bars for piece in bar]
    roles = [role for role in (*ROLES, OTHER) if any(piece.role == role for piece in pieces)]
    apart = [name for name in PLAIN if any(piece.name == name and piece.role is None for piece in pieces)]
    keys = [Patch(facecolor=role.colour, edgecolor=PAPER, label=role.name) for role in roles]
    keys += [Patch(facecolor=PAPER, hatch=_INDEX_HATCH, edgecolor=INK, linewidth=0.3, label="its indexes")]
    keys += [Patch(facecolor=_LOOKS[name][0], hatch=_LOOKS[name][1], edgecolor=INK, linewidth=0.3, label=name) for name in apart]
    bars = sum(len(panel.bars) for panel in found)
    figure = canvas.new_figure(_BAR_IN * bars + _HEAD_IN * len(found) + 0.21 * ((len(keys) + 1) // 2) + 0.3)
    heights = [len(panel.bars) for panel in found]
    for axes, panel in zip(figure.subplots(len(found), height_ratios=heights, squeeze=False)[:, 0], found, strict=True):
        _panel(axes, panel, unequal)
    figure.legend(handles=keys, loc="outside lower left", ncols=2, handlelength=1.4)
    return figure


def _panel(axes: Axes, panel: Panel, unequal: Collection[str]) -> None:
    top = max((sum(piece.value for piece in bar) for _, bar in panel.bars), default=0.0)
    for place, (_, bar) in enumerate(panel.bars):
        left = 0.0
        for piece in bar:
            colour, hatch = _look(piece)
            axes.barh(place, piece.value, height=0.8, left=left, color=colour, hatch=hatch, edgecolor=PAPER, linewidth=0.6)
            left += piece.value
        axes.text(left + top * 0.012, place, f"{left:,.0f}" if left >= 100 else f"{left:.3g}", va="center", ha="left", fontsize=8.5)
    axes.set_title(panel.title)
    axes.set_ylim(len(panel.bars) - 0.4, -0.6)
    axes.set_xlim(0, top * 1.14 or 1)
    names = [visible(design) + (UNEQUAL if design in unequal else "") for design, _ in panel.bars]
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x")


def _look(piece: Piece) -> tuple[str, str]:
    if piece.role is None:
        return _LOOKS[piece.name]
    return piece.role.colour, _INDEX_HATCH if piece.of_index else ""
