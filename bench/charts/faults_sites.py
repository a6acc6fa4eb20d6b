"""Site maps: a strip for each design, in which each message is a cell, cut in bands by the side on which it was cut. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.faults.figures.labels import command_of
from bench.faults.figures.orders import cell_order, kind_order, side_order
from bench.results.faults_summary_schema import SiteStrip
from bench.scenes import HEADLINE

OUTCOMES = {
    "w": "whole",
    "l": "nothing",
    "p": "split",
    "d": "duplicated",
    "v": "void",
    ".": "not tried",
    "?": "other",
}
"""The letters of a strip in words, in the order of a legend."""

_BEGIN, _ENDS = "BEGIN", frozenset({"COMMIT", "ROLLBACK"})


@dataclass(frozen=True, slots=True)
class Band:
    """One side of the cut: a letter for each message."""

    side: str
    letters: str


@dataclass(frozen=True, slots=True)
class Flight:
    """Messages `first` to `last`, counted from 1, that travel together to one side; whether a transaction begins and ends there."""

    first: int
    last: int
    side: str
    opens: bool
    closes: bool


@dataclass(frozen=True, slots=True)
class Strip:
    """One design: its bands, and the flights of its operation."""

    design: str
    bands: tuple[Band, ...]
    flights: tuple[Flight, ...]

    @property
    def split(self) -> int:
        """Schedules that split the operation, or double it."""
        return sum(letters.count("p") + letters.count("d") for letters in (band.letters for band in self.bands))

    @property
    def tried(self) -> int:
        """Schedules that were judged."""
        return sum(letter not in "v." for band in self.bands for letter in band.letters)


@dataclass(frozen=True, slots=True)
class SiteMap:
    """All designs in one cell of the factors, by one kind of operation."""

    cell: str
    kind: str
    k: int
    sides: tuple[str, ...]
    strips: tuple[Strip, ...]


def site_maps(strips: Sequence[SiteStrip]) -> Iterator[SiteMap]:
    """The headline kind in every cell, and every kind in the first of the cells; the rest stands in the tables."""
    present = sorted({strip.cell for strip in strips}, key=cell_order)
    for cell in present:
        kinds = sorted(
            {(strip.kind, strip.k) for strip in strips if strip.cell == cell}, key=lambda found: (kind_order(found[0]), found[1])
        )
        headline = [k for kind, k in kinds if kind == HEADLINE]
        for kind, k in kinds:
            if cell == present[0] or (kind == HEADLINE and k == min(headline)):
                yield site_map(strips, cell, kind, k)


def site_map(strips: Iterable[SiteStrip], cell: str, kind: str, k: int) -> SiteMap:
    """One map; designs in the order of all charts."""
    own = {strip.design: strip for strip in strips if (strip.cell, strip.kind, strip.k) == (cell, kind, k)}
    sides = sorted({side for strip in own.values() for side in strip.sides}, key=side_order)
    return SiteMap(cell, kind, k, tuple(sides), tuple(_strip(own[design], sides) for design in in_order(own)))


def _strip(strip: SiteStrip, sides: Sequence[str]) -> Strip:
    untried = "." * len(strip.labels)
    return Strip(strip.design, tuple(Band(side, strip.sides.get(side, untried)) for side in sides), tuple(_flights(strip)))


def _flights(strip: SiteStrip) -> Iterator[Flight]:
    """A statement outside of a transaction is one of its own."""
    places: dict[int, list[int]] = {}
    for place, flight in enumerate(strip.flights, start=1):
        places.setdefault(flight, []).append(place)
    inside = False
    for own in places.values():
        verb, _, side = command_of(strip.labels[own[0] - 1]).partition(" ")
        opens = not inside
        inside = verb == _BEGIN or (inside and verb not in _ENDS)
        yield Flight(own[0], own[-1], side, opens, closes=not inside)


def as_table(strips: Iterable[SiteStrip], cell: str, kind: str, k: int) -> Table:
    """One row for each message and side."""
    heading = ("design", "cell", "kind", "k", "message", "flight", "what", "side", "left")
    own = [strip for strip in strips if (strip.cell, strip.kind, strip.k) == (cell, kind, k)]
    return Table(heading, tuple(row for strip in own for row in _rows(strip)))


def _rows(strip: SiteStrip) -> Iterator[tuple[str | int, ...]]:
    for side, letters in strip.sides.items():
        for place, (letter, label, flight) in enumerate(zip(letters, strip.labels, strip.flights, strict=True), start=1):
            yield (strip.design, strip.cell, strip.kind, strip.k, place, flight, label, side, OUTCOMES[letter])
