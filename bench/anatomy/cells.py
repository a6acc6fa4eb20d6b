"""From counts to a row of the result, and the check that harness and server counted the same. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bench.anatomy.counters import Window
from bench.anatomy.plan import Cell
from bench.anatomy.unit import UnitCounts
from bench.anatomy.wal import Wal, WalCost
from bench.errors import InvalidMeasurement
from bench.results.schema import AnatomyCell, RelationCost, RowsChanged

TRANSACTIONS = "transactions"
"""Stands where a relation's name does, for the records that begin and end transactions."""


def agree(design: str, cell: Cell, units: Sequence[UnitCounts], window: Window) -> None:
    """Raise `InvalidMeasurement` unless the server saw the transactions and statements that the harness sent."""
    sent = {
        "transactions": (sum(unit.transactions for unit in units), window.transactions),
        "statements": (sum(unit.statements_read + unit.statements_write for unit in units), window.statements),
    }
    lines = [
        f"{what}: the harness sent {harness}, the server counted {server}"
        for what, (harness, server) in sent.items()
        if server is not None and harness != server
    ]
    if lines:
        raise InvalidMeasurement(f"write anatomy: {design}, {_name(cell)}: the server counted something else", lines)


def anatomy_cell(design: str, cell: Cell, units: Sequence[UnitCounts], window: Window) -> AnatomyCell:
    """The row of a cell: means over its units, which are exact figures where all units cost the same."""
    n = len(units)
    wal = None if window.wal is None else window.wal.total
    changed = [count for table in window.rows.values() for count in table]
    return AnatomyCell(
        design=design,
        atomicity=cell.atomicity.value,
        kind=cell.kind,
        k=cell.k,
        state=cell.state,
        operations=n,
        uniform=len(set(units)) == 1 and all(count % n == 0 for count in changed),
        transactions=sum(unit.transactions for unit in units) / n,
        statements_read=sum(unit.statements_read for unit in units) / n,
        statements_write=sum(unit.statements_write for unit in units) / n,
        round_trips=sum(unit.round_trips for unit in units) / n,
        flights=sum(unit.flights for unit in units) / n,
        rows={
            name: RowsChanged(inserted=inserted / n, updated=updated / n, deleted=deleted / n)
            for name, (inserted, updated, deleted) in window.rows.items()
        },
        wal_records=None if wal is None else wal.records / n,
        wal_bytes=None if wal is None else _each(wal.bytes, n),
        wal_page_bytes=None if wal is None else wal.page_bytes / n,
        wal_images=None if wal is None else _each(wal.images, n),
        wal_image_records=None if wal is None else wal.image_records / n,
        wal_hint_images=None if wal is None else wal.hint_images / n,
        relations=[] if window.wal is None else _relations(window.wal, window, n),
    )


def _relations(wal: Wal, window: Window, n: int) -> list[RelationCost]:
    """The costs of each relation, those of a table before those of its indexes, and last the transactions."""
    tables = {name: window.tables.get(name, name) for name in wal.relations if name is not None}
    ordered = sorted(tables, key=lambda name: (tables[name], tables[name] != name, name))
    told: list[tuple[str | None, str]] = [(name, tables[name]) for name in ordered]
    told += [(None, "")] if None in wal.relations else []
    return [_relation(name, table, wal.relations[name], window.hot_updates, n) for name, table in told]


def _relation(name: str | None, table: str, cost: WalCost, hot_updates: Mapping[str, int], n: int) -> RelationCost:
    return RelationCost(
        relation=TRANSACTIONS if name is None else name,
        table=table,
        wal_records=cost.records / n,
        wal_bytes=_each(cost.bytes, n),
        wal_page_bytes=cost.page_bytes / n,
        wal_images=_each(cost.images, n),
        locks=cost.locks / n,
        entries=cost.entries / n,
        hot_updates=hot_updates[table] / n if name == table and table in hot_updates else None,
    )


def _each(total: int | None, n: int) -> float | None:
    return None if total is None else total / n


def _name(cell: Cell) -> str:
    return f"{cell.atomicity} {cell.kind} {cell.state} at k = {cell.k}"
