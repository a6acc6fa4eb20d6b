"""Figures that are the same bytes for the same data: fixed settings, no dates, no random ids, text as text.

Text stays text in the SVG, so that it can be searched, copied and read aloud, and a page of charts stays small. Figures are about
as wide as a phone's screen at arm's length, so that they need no shrinking there; a desk shows two side by side.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

from bench.charts.palette import FAINT, GRID, INK, PAPER

WIDTH_IN = 4.8
PNG_DPI = 200
_FONT, _FONT_OR_SIMILAR = b"'DejaVu Sans'", b"'DejaVu Sans', Verdana, sans-serif"
"""Places are reckoned with the first; a reader without it gets one about as wide, or a narrower one."""
_NO_METADATA = {"Date": None, "Creator": None, "Format": None, "Type": None}
_SETTINGS: dict[Any, Any] = {
    "axes.axisbelow": True,
    "axes.edgecolor": FAINT,
    "axes.formatter.use_mathtext": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlelocation": "left",
    "axes.titlesize": 10,
    "axes.titleweight": "bold",
    "axes.unicode_minus": True,
    "figure.facecolor": PAPER,
    "font.family": ["DejaVu Sans"],
    "font.size": 9,
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "hatch.color": "#333333",
    "hatch.linewidth": 0.4,
    "legend.fontsize": 8.5,
    "legend.frameon": False,
    "path.simplify": False,
    "savefig.facecolor": PAPER,
    "svg.fonttype": "none",
    "svg.hashsalt": "storebench",
    "text.color": INK,
    "text.parse_math": False,
    "xtick.color": FAINT,
    "xtick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.color": FAINT,
    "ytick.labelcolor": INK,
    "ytick.labelsize": 9,
}


@contextmanager
def drawing() -> Iterator[None]:
    """Our settings and nobody else's, whatever the user's own matplotlib file says; put back afterwards."""
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(_SETTINGS)
        yield


def new_figure(height_in: float, width_in: float = WIDTH_IN) -> Figure:
    """An empty figure; make it within `drawing`."""
    return Figure(figsize=(width_in, height_in), dpi=100, layout="constrained")


def svg(figure: Figure) -> bytes:
    """The figure as SVG; call within `drawing`."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata=_NO_METADATA)
    return buffer.getvalue().replace(_FONT, _FONT_OR_SIMILAR)


def png(figure: Figure) -> bytes:
    """The figure as PNG; call within `drawing`."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=PNG_DPI, metadata={"Software": None})
    return buffer.getvalue()
