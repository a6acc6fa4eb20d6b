"""What is counted of one unit, and the shared exchange computed from a plain one. No server takes part."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bench.anatomy.unit import Record, UnitCounts, counts, recorded, shared_flights
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights
from bench.scenes import WARM, scene
from variants.contract import Design, Options, Rows, Statement, Task
from variants.dual import Dual
from variants.floor import Floor
from variants.hybrid import Hybrid
from workloads.model import Model
from workloads.operations import Context, Write


def last_operation(kind: str, k: int) -> tuple[Write, Context]:
    """The target of a warm scene with its context."""
    model = Model()
    found = scene(kind, k, WARM, "x")
    for operation in found.setup:
        model.apply(operation, model.context(operation))
    return found.target[0], model.context(found.target[0])


def played(flights: Flights, rows: Rows) -> None:
    """Answers every statement that needs rows with the same ones."""
    answers: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if answers is None else flights.send(answers)
        except StopIteration:
            return
        answers = [rows if command.statement is not None and command.statement.needs_rows else () for command in flight]


def counted(design: Design, kind: str, k: int, atomicity: Atomicity, rows: Rows) -> UnitCounts:
    operation, context = last_operation(kind, k)
    record = Record()
    played(recorded(operation_flights(design.write(operation, context), atomicity, Exchange.PLAIN), record), rows)
    shared = shared_flights(design.write(operation, context), atomicity, record.executed())
    return counts([flight for flight, _ in record.flights], shared)


FOUND: Rows = [("there",)]
ABSENT: Rows = ()


def test_a_warm_message_of_dual_is_one_central_transaction_and_one_with_three_lookups_for_each_agent() -> None:
    assert counted(Dual(Options()), "send", 2, Atomicity.PER_SIDE, FOUND) == UnitCounts(
        transactions=3, statements_read=6, statements_write=3, round_trips=15, flights=5
    )


def test_joined_is_one_transaction_with_the_same_statements() -> None:
    assert counted(Dual(Options()), "send", 2, Atomicity.JOINED, FOUND) == UnitCounts(
        transactions=1, statements_read=6, statements_write=3, round_trips=11, flights=3
    )


def test_rows_that_are_absent_are_added_without_a_flight_of_their_own() -> None:
    assert counted(Dual(Options()), "send", 1, Atomicity.PER_SIDE, ABSENT) == UnitCounts(
        transactions=2, statements_read=3, statements_write=6, round_trips=13, flights=3
    )


def test_the_hybrid_looks_up_one_room_an_agent() -> None:
    assert counted(Hybrid(Options()), "send", 2, Atomicity.PER_SIDE, FOUND) == UnitCounts(
        transactions=3, statements_read=2, statements_write=3, round_trips=11, flights=5
    )


def test_an_edit_waits_for_its_row_before_it_commits() -> None:
    assert counted(Floor(Options()), "edit", 1, Atomicity.PER_SIDE, FOUND) == UnitCounts(
        transactions=1, statements_read=0, statements_write=1, round_trips=3, flights=2
    )


def test_an_operation_of_which_a_design_stores_nothing_costs_nothing() -> None:
    assert counted(Hybrid(Options()), "join", 0, Atomicity.JOINED, FOUND) == UnitCounts(0, 0, 0, 0, 0)


def executed(design: Design, operation: Write, context: Context) -> list[tuple[Statement, Rows]]:
    record = Record()
    flights = operation_flights(design.write(operation, context), Atomicity.PER_SIDE, Exchange.PLAIN)
    played(recorded(flights, record), FOUND)
    return list(record.executed())


def test_a_design_that_sends_another_statement_when_asked_again_is_found_out() -> None:
    design = Dual(Options())
    operation, context = last_operation("send", 1)
    first = executed(design, operation, context)
    other, other_context = last_operation("delete", 1)
    tasks: Sequence[Task] = design.write(other, other_context)
    with pytest.raises(ContractError, match="where it sent"):
        shared_flights(tasks, Atomicity.PER_SIDE, first)


def test_a_design_that_leaves_a_statement_out_when_asked_again_is_found_out() -> None:
    design = Dual(Options())
    operation, context = last_operation("send", 1)
    first = executed(design, operation, context)
    with pytest.raises(ContractError, match="leaves out"):
        shared_flights(design.write(operation, context)[:1], Atomicity.PER_SIDE, first)
