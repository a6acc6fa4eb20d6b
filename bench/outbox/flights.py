"""What the client sends of an operation with an outbox, and what the relay sends behind it. Pure.

The client runs the central tasks in one transaction, whose last statement writes the note; an operation without a central task
commits the note alone. The relay claims the first waiting note of a channel, runs the tasks of agents with their own transactions
on a connection of their own, and marks the note applied in the transaction that has claimed it. If it dies in between, the note is
still waiting, so the tasks are run again: their inserts leave alone what is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bench.drive.conflict import Tolerant
from bench.drive.ensuring import Ensuring
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Command, Exchange, Flight, Flights, Verb, merged_flights, operation_flights
from bench.errors import InvalidMeasurement
from bench.foreign import raised
from bench.outbox.payload import Note, Payloads
from bench.outbox.table import OutboxTable
from variants.contract import CENTRAL_ACTOR, Design, Rejected, Side, Statement, Task, Writing
from workloads.operations import AddAgent, Context, CreateServer, Write

NOTHING_WAITS = "nothing waits in the outbox"


class Outbox:
    """The outbox of one client or relay: its statements and how notes are written."""

    def __init__(self) -> None:
        self.table = OutboxTable()
        self.payloads = Payloads()


def is_outboxed(operation: Write, tasks: Sequence[Task]) -> bool:
    """Whether agents' part of an operation is left to the relay: where there is one, and a channel that orders it.

    What makes a server or an agent known is done by the client at once, in the design's own order: in some designs the central
    row of an agent points at the agent's own.
    """
    return not isinstance(operation, (CreateServer, AddAgent)) and any(task.actor != CENTRAL_ACTOR for task in tasks)


def client_flights(
    outbox: Outbox, operation: Write, context: Context, tasks: Sequence[Task], exchange: Exchange, ensuring: Ensuring
) -> Flights:
    """The client's part of an operation; returns `Rejected` when the central side was, and then there is no note either."""
    if not is_outboxed(operation, tasks):
        return (yield from operation_flights(tasks, Atomicity.PER_SIDE, exchange, ensuring))
    if isinstance(operation, (CreateServer, AddAgent)):
        raise TypeError("what has no channel has no place in the outbox")
    payload = outbox.payloads.encode(Note(operation, context))
    note = outbox.table.add(needs_rows=False, channel=operation.channel_id, payload=payload)
    central = [task for task in tasks if task.actor == CENTRAL_ACTOR]
    return (yield from merged_flights([*central, Task("outbox", CENTRAL_ACTOR, _one(note))], exchange, ensuring))


def _one(statement: Statement) -> Writing:
    yield statement
    return None


def relay_flights(outbox: Outbox, design: Design, tolerant: Tolerant, exchange: Exchange, ensuring: Ensuring) -> Flights:
    """One note applied, the first that may be; returns `Rejected` when none waits.

    The note is claimed and marked on the central side's connection, tasks of agents run on the agents': the two must differ.
    """
    yield (Command(Verb.BEGIN, Side.CENTRAL),)
    claimed: Sequence[Any] = (yield _execute(outbox.table.claim()))[0]
    if not claimed:
        yield (Command(Verb.ROLLBACK, Side.CENTRAL),)
        return Rejected(NOTHING_WAITS)
    ((row, payload),) = claimed
    try:
        note = outbox.payloads.decode(payload)
    except (KeyError, TypeError, ValueError) as error:
        raise InvalidMeasurement(f"note {row} of the outbox cannot be read ({raised(error)}): mend or delete it") from error
    tasks = [task for task in design.write(note.operation, note.context) if task.actor != CENTRAL_ACTOR]
    refused = yield from operation_flights(tolerant.tasks(tasks), Atomicity.PER_SIDE, exchange, ensuring, route=Side.AGENT)
    if refused is not None:
        raise ContractError(f"{design.name}: an agent refuses what the client was told had happened: {refused.reason}")
    yield _execute(outbox.table.mark(needs_rows=False, row=row))
    yield (Command(Verb.COMMIT, Side.CENTRAL),)
    return None


def _execute(statement: Statement) -> Flight:
    return (Command(Verb.EXECUTE, statement.side, statement),)
