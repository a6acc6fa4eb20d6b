"""What one message writes, by table and index: the data of the stacked bars. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import OTHER, ROLES, Role, in_order, role_of
from bench.results.schema import AnatomyCell, RelationCost
from bench.scenes import HEADLINE, WARM

PER_SIDE = "per_side"
READS, WRITES, TRANSACTIONS, IMAGES = "reads", "writes", "transactions", "full-page images"
PLAIN: tuple[str, ...] = (READS, WRITES, TRANSACTIONS, IMAGES)
"""Parts of a bar that are of no table."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: of a table or, `of_index`, of all its indexes; `name` alone where it is of no table."""

    name: str
    role: Role | None
    of_index: bool
    value: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One figure of all designs, the floor first."""

    title: str
    bars: tuple[tuple[str, tuple[Piece, ...]], ...]


def panels(anatomy: Iterable[AnatomyCell]) -> tuple[int, list[Panel]]:
    """Statements, WAL records and WAL bytes of a warm send at the largest k of which the WAL is known, and that k."""
    cells = [
        cell
        for cell in anatomy
        if (cell.atomicity, cell.kind, cell.state) == (PER_SIDE, HEADLINE, WARM) and cell.relations and cell.wal_bytes is not None
    ]
    k = max((cell.k for cell in cells), default=0)
    own = {cell.design: cell for cell in cells if cell.k == k}
    if not own:
        return k, []
    return k, [
        Panel(title, tuple((design, pieces(own[design])) for design in in_order(own)))
        for title, pieces in (("statements", _statements), ("WAL records", _records), ("WAL bytes", _bytes))
    ]


def _statements(cell: AnatomyCell) -> tuple[Piece, ...]:
    return (Piece(READS, None, False, cell.statements_read), Piece(WRITES, None, False, cell.statements_write))


def _records(cell: AnatomyCell) -> tuple[Piece, ...]:
    return tuple(_by_relation(cell, lambda one: one.wal_records))


def _bytes(cell: AnatomyCell) -> tuple[Piece, ...]:
    images = cell.wal_images or 0.0
    apart = [Piece(IMAGES, None, False, images)] if images > 0 else []
    return (*_by_relation(cell, lambda one: one.wal_bytes or 0.0), *apart)


def _by_relation(cell: AnatomyCell, figure: Callable[[RelationCost], float]) -> list[Piece]:
    """A piece for each table, one for all its indexes, and one for the transactions."""
    sums: dict[tuple[str, bool], float] = {}
    for one in cell.relations:
        key = one.table, bool(one.table) and one.relation != one.table
        sums[key] = sums.get(key, 0.0) + figure(one)
    order = (*ROLES, OTHER)
    tables = [key for key, value in sums.items() if key[0] and value > 0]
    tables.sort(key=lambda key: (order.index(role_of(key[0])), key[0], key[1]))
    found = [Piece(table, role_of(table), of_index, sums[table, of_index]) for table, of_index in tables]
    return [*found, Piece(TRANSACTIONS, None, False, sums["", False])] if sums.get(("", False)) else found


def as_table(found: Sequence[Panel]) -> Table:
    """One row for each figure, design and piece."""
    return Table(
        ("figure", "design", "of", "part", "value"),
        tuple(
            (panel.title, design, piece.name, "indexes" if piece.of_index else "table" if piece.role else "", round(piece.value, 6))
            for panel in found
            for design, pieces in panel.bars
            for piece in pieces
        ),
    )
