"""Drawing site maps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from matplotlib.axes import Axes
from matplotlib.collections import PatchCollection
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle

from bench.charts import canvas
from bench.charts.faults_sites import OUTCOMES, Flight, SiteMap, Strip
from bench.charts.palette import FAINT, INK, PAPER
from bench.visible import visible
from variants.contract import Side

_BAND_IN, _GAP_IN, _BETWEEN_IN, _BAR_IN, _FOOT_IN, _HEAD_IN = 0.13, 0.09, 0.1, 0.045, 0.8, 0.3
_COLOURS = {
    "w": "#8ec7e8",
    "l": "#cccccc",
    "p": "#ee7733",
    "d": "#aa3377",
    "v": PAPER,
    ".": "#f4f4f4",
    "?": "#ddaa33",
}
_HATCHES = {"p": "////", "d": "xxxx", "v": "...."}
_SIDES = {Side.CENTRAL: (INK, "transaction at the centre"), Side.AGENT: ("#a0a0a0", "transaction at an agent")}
_LEGEND_COLUMNS = 3
_INSET = 0.3
"""The gap at either end of a transaction's bar, in messages."""
_TICKS_MAX = 8


def draw(found: SiteMap) -> Figure:
    """A strip for each design, a cell for each message, a band for each side of a cut; bars above a strip are transactions."""
    bands = max(1, len(found.sides))
    bands_in = bands * _BAND_IN
    row_in = _BETWEEN_IN + _GAP_IN + bands_in
    figure = canvas.new_figure(_HEAD_IN + row_in * len(found.strips) + _FOOT_IN)
    axes = figure.add_subplot()
    width = max((len(band.letters) for strip in found.strips for band in strip.bands), default=1)
    axes.set_xlim(0, width)
    axes.set_ylim(row_in * len(found.strips), 0)
    middles = []
    for number, strip in enumerate(found.strips):
        top = row_in * number + _BETWEEN_IN + _GAP_IN
        middles.append(top + bands_in / 2)
        _bands(axes, strip, top)
        _transactions(axes, strip, top - _GAP_IN)
        axes.text(
            1.01,
            middles[-1],
            f"{strip.split} of {strip.tried}",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize=8,
            color=INK if strip.split else FAINT,
            fontweight="bold" if strip.split else "normal",
        )
    axes.set_xticks([number - 0.5 for number in _ticks(width)], [str(number) for number in _ticks(width)])
    axes.set_yticks(middles, [visible(strip.design) for strip in found.strips])
    axes.tick_params(axis="both", length=0, labelsize=8.5)
    axes.set_xlabel("messages to the server, in their order", fontsize=8.5)
    for spine in axes.spines.values():
        spine.set_visible(False)
    figure.legend(handles=_legend(found), loc="outside lower left", ncols=_LEGEND_COLUMNS, columnspacing=1.2, handletextpad=0.5)
    return figure


def _ticks(width: int) -> list[int]:
    """Some of the messages' numbers: the first, and round ones."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, width) if width / step <= _TICKS_MAX)
    return [1, *range(step if step > 1 else 2, width + 1, step)]


def _bands(axes: Axes, strip: Strip, top: float) -> None:
    cells: dict[str, list[Rectangle]] = {}
    for place, band in enumerate(strip.bands):
        for x, letter in enumerate(band.letters):
            cells.setdefault(letter, []).append(Rectangle((x, top + place * _BAND_IN), 1, _BAND_IN * 0.9))
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
    for flight in strip.flights[1:]:
        x = flight.first - 1
        axes.plot([x, x], [top, top + _BAND_IN * len(strip.bands)], color=PAPER, linewidth=1.1, solid_capstyle="butt")


def _transactions(axes: Axes, strip: Strip, top: float) -> None:
    """A bar for each transaction, in the colour of the side that its flights go to; between two transactions it is broken."""
    for (_, side), own in groupby(_numbered(strip.flights), key=itemgetter(0, 1)):
        flights = [flight for _, _, flight in own]
        begin = flights[0].first - 1 + _INSET * flights[0].opens
        end = flights[-1].last - _INSET * flights[-1].closes
        axes.add_patch(Rectangle((begin, top), end - begin, _BAR_IN, facecolor=_colour(side), linewidth=0))


def _numbered(flights: Iterable[Flight]) -> Iterator[tuple[int, str, Flight]]:
    """Each flight with the number of its transaction and its side."""
    number = 0
    for flight in flights:
        number += flight.opens
        yield number, flight.side, flight


def _colour(side: str) -> str:
    return _SIDES[Side(side)][0] if side in list(Side) else FAINT


def _legend(found: SiteMap) -> list[Patch]:
    seen = {letter for strip in found.strips for band in strip.bands for letter in band.letters}
    patches = [
        Patch(
            facecolor=_COLOURS[letter],
            hatch=_HATCHES.get(letter),
            edgecolor=FAINT if letter == "v" else PAPER,
            label=OUTCOMES[letter],
        )
        for letter in OUTCOMES
        if letter in seen
    ]
    sides = {flight.side for strip in found.strips for flight in strip.flights}
    return [*patches, *(Patch(facecolor=colour, label=label) for side, (colour, label) in _SIDES.items() if side in sides)]
