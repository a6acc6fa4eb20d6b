"""From counts to a row of the result, and the check that harness and server counted the same. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.anatomy.counters import Window
from bench.anatomy.plan import Cell
from bench.anatomy.unit import UnitCounts
from bench.errors import InvalidMeasurement
from bench.results.schema import AnatomyCell, RowsChanged


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
        wal_records=None if window.wal is None else window.wal.records / n,
        wal_bytes=None if window.wal is None else window.wal.bytes / n,
        wal_page_bytes=None if window.wal is None else window.wal.page_bytes / n,
        wal_images=None if window.wal is None else window.wal.images / n,
    )


def _name(cell: Cell) -> str:
    return f"{cell.atomicity} {cell.kind} {cell.state} at k = {cell.k}"
