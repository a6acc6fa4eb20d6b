"""One unit that is counted: what was sent for it, and what the shared exchange would have made of the same. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange, Flight, Flights, operation_flights
from bench.drive.link import Tally
from variants.contract import Rows, Statement, Task


@dataclass(frozen=True, slots=True)
class UnitCounts:
    """What one unit cost by the harness's own count: `round_trips` plain, `flights` shared."""

    transactions: int
    statements_read: int
    statements_write: int
    round_trips: int
    flights: int


@dataclass(slots=True)
class Record:
    """The flights of one operation as they were sent, with the rows that came back."""

    flights: list[tuple[Flight, Sequence[Rows]]] = field(default_factory=list)

    def executed(self) -> Iterator[tuple[Statement, Rows]]:
        """The statements in order, each with its rows."""
        for flight, answers in self.flights:
            for command, rows in zip(flight, answers, strict=True):
                if command.statement is not None:
                    yield command.statement, rows


def recorded(flights: Flights, record: Record) -> Flights:
    """The same flights; each one that was answered is noted with its answers."""
    answers: Sequence[Rows] | None = None
    while True:
        try:
            flight = next(flights) if answers is None else flights.send(answers)
        except StopIteration as stop:
            return stop.value
        answers = yield flight
        record.flights.append((flight, answers))


def shared_flights(tasks: Sequence[Task], atomicity: Atomicity, executed: Iterable[tuple[Statement, Rows]]) -> list[Flight]:
    """The flights of the shared exchange when the server answers as it did before.

    Raises `ContractError` when the design sends other statements than the recorded ones: then it depends on more than its
    operation and the answers.
    """
    flights = operation_flights(tasks, atomicity, Exchange.SHARED)
    answers = iter(executed)
    sent: list[Flight] = []
    rows: list[Rows] | None = None
    while True:
        try:
            flight = next(flights) if rows is None else flights.send(rows)
        except StopIteration:
            left = next(answers, None)
            if left is not None:
                raise ContractError(f"a repeated write leaves out {left[0].constant!r}") from None
            return sent
        sent.append(flight)
        rows = [_answer(command.statement, answers) for command in flight]


def _answer(statement: Statement | None, answers: Iterator[tuple[Statement, Rows]]) -> Rows:
    if statement is None:
        return ()
    before, rows = next(answers, (None, ()))
    if before != statement:
        raise ContractError(f"a repeated write sends {statement!r} where it sent {before!r} before")
    return rows


def counts(plain: Iterable[Flight], shared: Sequence[Flight]) -> UnitCounts:
    """The counts of a unit from its flights, plain and shared."""
    tally = Tally()
    for flight in plain:
        tally.sent(flight)
    return UnitCounts(tally.transactions, tally.statements_read, tally.statements_write, tally.flights, len(shared))
