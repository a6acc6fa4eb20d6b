"""Crash points as strips: which points of which operation leave what, and what one retry does about it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.results.schema import CrashPoint
from bench.scenes import KINDS

LEFT = ("lost", "partial", "whole")
MARKS = ("healed", "duplicated", "still partial", "lost")
"""What one retry may do. Unmarked is the plain case: a lost operation is stored by it, a whole one stays whole."""

_STAGES = ("before-step", "before-commit", "after-commit")


@dataclass(frozen=True, slots=True)
class Cell:
    """One point: what is left there, and the marks of a retry with the same id and, if `both` were tried, with a fresh one."""

    point: str
    left: str
    same: str | None
    fresh: str | None
    both: bool


@dataclass(frozen=True, slots=True)
class Row:
    """All points of one kind of operation, in order."""

    kind: str
    k: int
    cells: tuple[Cell, ...]

    @property
    def partial(self) -> int:
        """Points that leave a part."""
        return sum(cell.left == "partial" for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Strip:
    """One design with one atomicity; `absent` says why a row has no points."""

    design: str
    rows: tuple[Row, ...]
    absent: str

    @property
    def partial(self) -> int:
        """Points that leave a part, of all kinds."""
        return sum(row.partial for row in self.rows)

    @property
    def points(self) -> int:
        """All points."""
        return sum(len(row.cells) for row in self.rows)


def strips(crash: Iterable[CrashPoint], atomicity: str) -> list[Strip]:
    """A strip for each design; all have the same rows, so that they can be compared, some of them empty."""
    points = [point for point in crash if point.atomicity == atomicity]
    kinds = sorted({(point.kind, point.k) for point in points}, key=_place)
    absent = "no relay" if atomicity == "outbox" else "stores nothing"
    return [
        Strip(design, tuple(_row([p for p in points if p.design == design], kind, k) for kind, k in kinds), absent)
        for design in in_order(point.design for point in points)
    ]


def alike(found: Sequence[Strip]) -> list[tuple[tuple[str, ...], Strip]]:
    """Strips that are the same in every point, told once under the names of all their designs, in the order of the first."""
    designs: dict[tuple[Row, ...], list[str]] = {}
    for strip in found:
        designs.setdefault(strip.rows, []).append(strip.design)
    first = {strip.rows: strip for strip in reversed(found)}
    return [(tuple(names), first[rows]) for rows, names in designs.items()]


def mark(left: str, after: str | None) -> str | None:
    """What a retry did, or None where there is nothing to say."""
    match left, after:
        case _, "duplicated":
            return "duplicated"
        case _, "partial":
            return "still partial"
        case _, "lost":
            return "lost"
        case "partial", "whole":
            return "healed"
        case _:
            return None


def in_sequence(point: str) -> tuple[int, int, str]:
    """Sorts the names of points as they follow each other: before step 1, before commit 1, after commit 1, before commit 2."""
    match = re.fullmatch(r"(.+)-(\d+)", point)
    if match is None or match[1] not in _STAGES:
        return (10**9, 0, point)
    return (int(match[2]), _STAGES.index(match[1]), point)


def _row(points: Sequence[CrashPoint], kind: str, k: int) -> Row:
    own = sorted((p for p in points if (p.kind, p.k) == (kind, k)), key=lambda p: in_sequence(p.point))
    return Row(kind, k, tuple(map(_cell, own)))


def _cell(point: CrashPoint) -> Cell:
    same, fresh = mark(point.left, point.retry_same), mark(point.left, point.retry_fresh)
    return Cell(point.point, point.left, same, fresh, point.retry_fresh is not None)


def _place(kind_and_k: tuple[str, int]) -> tuple[int, str, int]:
    kind, k = kind_and_k
    return (KINDS.index(kind) if kind in KINDS else len(KINDS), kind, k)


def as_table(crash: Iterable[CrashPoint], atomicity: str) -> Table:
    """One row for each point."""
    points = [point for point in crash if point.atomicity == atomicity]
    return Table(
        ("design", "kind", "k", "point", "left", "parts", "retry_same", "told_same", "retry_fresh", "told_fresh", "schedule"),
        tuple(
            (
                p.design,
                p.kind,
                p.k,
                p.point,
                p.left,
                " ".join(p.parts),
                p.retry_same,
                p.told_same,
                p.retry_fresh,
                p.told_fresh,
                p.schedule,
            )
            for p in points
        ),
    )
