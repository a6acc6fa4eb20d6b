"""Site maps: a strip for each design, in which each message is a cell, cut in bands by the side on which it was cut. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.faults.cells import NAMES
from bench.faults.figures.strips import SIDES
from bench.results.faults_summary_schema import SiteStrip
from bench.scenes import HEADLINE, KINDS

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

COMMIT = "COMMIT"


@dataclass(frozen=True, slots=True)
class Band:
    """One side of the cut: a letter for each message."""

    side: str
    letters: str


@dataclass(frozen=True, slots=True)
class Strip:
    """One design: its bands, the middle of each flight that carries a COMMIT (messages count from 1), and where flights begin."""

    design: str
    bands: tuple[Band, ...]
    commits: tuple[float, ...]
    flights: tuple[int, ...]

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
    present = sorted({strip.cell for strip in strips}, key=_place)
    for cell in present:
        kinds = sorted({(strip.kind, strip.k) for strip in strips if strip.cell == cell}, key=_of_kind)
        headline = [k for kind, k in kinds if kind == HEADLINE]
        for kind, k in kinds:
            if cell == present[0] or (kind == HEADLINE and k == min(headline)):
                yield site_map(strips, cell, kind, k)


def site_map(strips: Iterable[SiteStrip], cell: str, kind: str, k: int) -> SiteMap:
    """One map; designs in the order of all charts."""
    own = {strip.design: strip for strip in strips if (strip.cell, strip.kind, strip.k) == (cell, kind, k)}
    sides = sorted({side for strip in own.values() for side in strip.sides}, key=_of_side)
    return SiteMap(cell, kind, k, tuple(sides), tuple(_strip(own[design], sides) for design in in_order(own)))


def _strip(strip: SiteStrip, sides: Sequence[str]) -> Strip:
    width = len(strip.labels)
    return Strip(
        strip.design,
        tuple(Band(side, strip.sides.get(side, "." * width)) for side in sides),
        tuple(_commits(strip)),
        tuple(place for place in range(1, width) if strip.flights[place] != strip.flights[place - 1]),
    )


def _commits(strip: SiteStrip) -> Iterator[float]:
    by_flight: dict[int, list[int]] = {}
    for place, (label, flight) in enumerate(zip(strip.labels, strip.flights, strict=True), start=1):
        if COMMIT in label.upper().split():
            by_flight.setdefault(flight, []).append(place)
    for places in by_flight.values():
        yield sum(places) / len(places)


def as_table(strips: Iterable[SiteStrip], cell: str, kind: str, k: int) -> Table:
    """One row for each message and side."""
    heading = ("design", "cell", "kind", "k", "message", "flight", "what", "side", "left")
    own = [strip for strip in strips if (strip.cell, strip.kind, strip.k) == (cell, kind, k)]
    return Table(heading, tuple(row for strip in own for row in _rows(strip)))


def _rows(strip: SiteStrip) -> Iterator[tuple[str | int, ...]]:
    for side, letters in strip.sides.items():
        for place, (letter, label, flight) in enumerate(zip(letters, strip.labels, strip.flights, strict=True), start=1):
            yield (strip.design, strip.cell, strip.kind, strip.k, place, flight, label, side, OUTCOMES[letter])


def _place(cell: str) -> tuple[int, str]:
    return (NAMES.index(cell) if cell in NAMES else len(NAMES), cell)


def _of_kind(kind_and_k: tuple[str, int]) -> tuple[int, str, int]:
    kind, k = kind_and_k
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind, k)


def _of_side(side: str) -> tuple[int, str]:
    return (SIDES.index(side) if side in SIDES else len(SIDES), side)
