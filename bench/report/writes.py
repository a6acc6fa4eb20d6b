"""Tables of what writes cost. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bench.charts.palette import design_of, in_order, levels_of
from bench.charts.writes import added_up
from bench.report.grid import Grid, figure, grid
from bench.results.schema import AnatomyCell, RowsChanged, WorkloadTotal
from bench.scenes import FIRST, HEADLINE, KINDS, WARM

_COSTS = ("transactions", "reads", "writes", "round trips", "flights", "WAL records", "WAL bytes", "page bytes", "image bytes")
_STATES = {WARM: "warm", FIRST: "first contact"}


def write_grids(anatomy: Sequence[AnatomyCell]) -> list[Grid]:
    """What a message costs, per side and joined, and what every other write costs per side."""
    found = []
    for atomicity in sorted({cell.atomicity for cell in anatomy}, key=lambda name: (name != "per_side", name)):
        cells = [cell for cell in anatomy if (cell.kind, cell.atomicity) == (HEADLINE, atomicity)]
        if cells:
            found.append(_grid(f"One send, {_spoken(atomicity)}", cells))
    others = [cell for cell in anatomy if cell.kind != HEADLINE and cell.atomicity == "per_side"]
    if others:
        found.append(_grid("Every other write, per side", others))
    return found


def total_grids(totals: Sequence[WorkloadTotal]) -> list[Grid]:
    """What whole workloads cost each variant, all sessions together."""
    by_variant: dict[str, list[WorkloadTotal]] = {}
    for total in totals:
        by_variant.setdefault(total.variant, []).append(total)
    if not by_variant:
        return []
    order = in_order(map(design_of, by_variant))
    names = sorted(by_variant, key=lambda name: (levels_of(name), order.index(design_of(name))))
    heading = ("variant", "operations", "messages", "transactions", "reads", "writes", "round trips", "rows changed", "by table")
    return [
        grid("Whole workload", heading, [_total(name, by_variant[name]) for name in names], numbers=range(1, 8), long=True),
    ]


def _total(name: str, totals: Sequence[WorkloadTotal]) -> tuple[str, ...]:
    rows = added_up([total.rows for total in totals])
    sums = [
        sum(total.operations for total in totals),
        sum(total.messages for total in totals),
        sum(total.transactions for total in totals),
        sum(total.statements_read for total in totals),
        sum(total.statements_write for total in totals),
        sum(total.round_trips for total in totals),
        _all_rows(rows.values()),
    ]
    return (name, *map(figure, sums), _by_table(rows))


def _grid(title: str, cells: Iterable[AnatomyCell]) -> Grid:
    ordered = list(cells)
    designs = in_order(cell.design for cell in ordered)
    ordered.sort(key=lambda cell: (_kind(cell.kind), cell.state != WARM, cell.k, designs.index(cell.design)))
    heading = ("kind", "state", "k", "design", "rows", *_COSTS, "rows by table")
    return grid(title, heading, map(_row, ordered), numbers=(2, *range(4, 14)), long=True)


def _row(cell: AnatomyCell) -> tuple[str, ...]:
    wal = (cell.wal_records, cell.wal_bytes, cell.wal_page_bytes, cell.wal_images)
    costs = (cell.transactions, cell.statements_read, cell.statements_write, cell.round_trips, cell.flights, *wal)
    rows = figure(_all_rows(cell.rows.values())) + ("" if cell.uniform else " (mean)")
    place = (cell.kind, _STATES.get(cell.state, cell.state), str(cell.k), cell.design)
    return (*place, rows, *map(figure, costs), _by_table(cell.rows))


def _all_rows(rows: Iterable[RowsChanged]) -> float:
    return sum(row.inserted + row.updated + row.deleted for row in rows)


def _by_table(rows: dict[str, RowsChanged]) -> str:
    """Rows inserted, updated and deleted of each table: memories +2, root_messages +1 ~1."""
    parts = []
    for name, row in sorted(rows.items()):
        changes = (("+", row.inserted), ("~", row.updated), ("−", row.deleted))
        told = " ".join(f"{sign}{figure(count)}" for sign, count in changes if count)
        if told:
            parts.append(f"{name} {told}")
    return ", ".join(parts) or "none"


def _kind(kind: str) -> int:
    return KINDS.index(kind) if kind in KINDS else len(KINDS)


def _spoken(name: str) -> str:
    return name.replace("_", " ")
