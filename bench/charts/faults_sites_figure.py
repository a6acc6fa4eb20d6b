"""Drawing site maps."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from bench.charts import canvas
from bench.charts.faults_sites import OUTCOMES, SiteMap, Strip
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible

_BAND_IN, _GAP_IN, _FOOT_IN = 0.13, 0.12, 0.62
_COLOURS = {
    "w": "#8ec7e8",
    "l": "#dcdcdc",
    "p": "#ee7733",
    "d": "#aa3377",
    "v": PAPER,
    ".": PAPER,
    "?": "#ddaa33",
}
_HATCHES = {"p": "////", "d": "xxxx", "v": "...."}
_LEGEND_COLUMNS = 4


def draw(found: SiteMap) -> Figure:
    """A strip for each design, a cell for each message, a band for each side; a triangle above each COMMIT."""
    bands = max(1, len(found.sides))
    row_in = bands * _BAND_IN + _GAP_IN
    figure = canvas.new_figure(_FOOT_IN + 0.25 + row_in * len(found.strips))
    axes = figure.add_subplot()
    width = max((len(band.letters) for strip in found.strips for band in strip.bands), default=1)
    axes.set_xlim(0, width)
    axes.set_ylim(len(found.strips), 0)
    # A row is its bands and a gap above them, in which triangles stand.
    gap = _GAP_IN / row_in
    for y, strip in enumerate(found.strips):
        _bands(axes, strip, y + gap, (1 - gap) / bands)
        axes.add_line(_commits([place - 0.5 for place in strip.commits], [y + gap * 0.55] * len(strip.commits)))
        axes.text(
            1.01,
            y + (1 + gap) / 2,
            f"{strip.split} of {strip.tried}",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8,
            color=INK if strip.split else FAINT,
            fontweight="bold" if strip.split else "normal",
        )
    axes.set_yticks([y + (1 + gap) / 2 for y in range(len(found.strips))], [visible(strip.design) for strip in found.strips])
    axes.tick_params(axis="y", length=0, labelsize=8.5)
    axes.set_xlabel("frontend message, in the order of the operation", fontsize=8.5)
    for name in ("left", "bottom"):
        axes.spines[name].set_visible(False)
    figure.legend(handles=_legend(found), loc="outside lower left", ncols=_LEGEND_COLUMNS, columnspacing=1.2, handletextpad=0.5)
    return figure


def _bands(axes: Axes, strip: Strip, top: float, height: float) -> None:
    cells: dict[str, list[Rectangle]] = {}
    for place, band in enumerate(strip.bands):
        for x, letter in enumerate(band.letters):
            if letter != ".":
                cells.setdefault(letter, []).append(Rectangle((x, top + place * height), 1, height * 0.9))
    for letter, of_letter in cells.items():
        axes.add_collection(
            PatchCollection(
                of_letter,
                facecolor=_COLOURS.get(letter, _COLOURS["?"]),
                hatch=_HATCHES.get(letter),
                edgecolor=FAINT if letter == "v" else PAPER,
                linewidth=0.25,
            )
        )
    for x in strip.flights:
        axes.plot([x, x], [top, top + height * len(strip.bands)], color=PAPER, linewidth=1.1, solid_capstyle="butt")


def _commits(xs: list[float], ys: list[float], label: str = "") -> Line2D:
    return Line2D(xs, ys, marker="v", markersize=3.2, color=INK, markeredgewidth=0, linestyle="none", label=label)


def _legend(found: SiteMap) -> list[Patch | Line2D]:
    seen = {letter for strip in found.strips for band in strip.bands for letter in band.letters} - {"."}
    patches: list[Patch | Line2D] = [
        Patch(
            facecolor=_COLOURS[letter],
            hatch=_HATCHES.get(letter),
            edgecolor=FAINT if letter == "v" else PAPER,
            label=OUTCOMES[letter],
        )
        for letter in OUTCOMES
        if letter in seen
    ]
    return [*patches, _commits([], [], "COMMIT")] if any(strip.commits for strip in found.strips) else patches
