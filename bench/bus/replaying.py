"""One stream over a bus that fails, carried again and told in lines for people."""

from __future__ import annotations

from collections.abc import Iterator

from bench.bus.streams import bus_row, carried_by
from bench.errors import UserError
from bench.faults.cells import cell_named
from bench.faults.other_schedules import Streamed
from bench.results.faults_schema import BusRow
from bench.stores import Store
from bench.traits import traits_of


def replay(store: Store, schedule: Streamed) -> tuple[str, ...]:
    """How many deliveries met the fault, what is left of the messages and which invariants that breaks.

    Raises `UserError` when the design has no such cell, `ServerFailed` when a connection is lost.
    """
    cell = cell_named(schedule.cell)
    reason = cell.missing(traits_of(store.design))
    if reason is not None:
        raise UserError(f"schedule {str(schedule)!r}: {schedule.design} has no {schedule.cell}: {reason}")
    shown = carried_by(store, cell, schedule.fault, schedule.seed, peer_delivery=schedule.peer_delivery)
    return tuple(_lines(schedule, bus_row(store, shown, schedule.seed, peer_delivery=schedule.peer_delivery)))


def _lines(schedule: Streamed, row: BusRow) -> Iterator[str]:
    yield str(schedule)
    yield f"{row.messages} messages, {row.deliveries} deliveries, {row.exposures} of them met {row.fault}"
    yield f"left: {', '.join(f'{outcome} {count}' for outcome, count in sorted(row.left.items())) or 'nothing'}"
    broken = ", ".join(f"{invariant} ({count})" for invariant, count in row.violations.items())
    yield f"breaks {broken}" if broken else "breaks nothing"
