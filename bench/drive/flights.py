"""From tasks to flights: what is sent together before anybody waits. Pure; no connection is touched here.

The layers are generators over generators. `expand` turns a design's actions into Begin, Commit and groups of statements, and
holds the design to its contract; an `Ensure` is spelled out as `bench.drive.ensuring` says. `plain` sends one command a flight
(one round trip each, as the real server's driver does); `shared` lets BEGIN ride with the first and COMMIT with the last
statements. `operation_flights` chains the tasks of an operation per side, or merged into one transaction.
"""

from __future__ import annotations

import enum
from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.drive.ensuring import Ensuring
from bench.drive.errors import ContractError
from variants.contract import Begin, Commit, Ensure, Rejected, Rows, Side, Statement, Task, Writing


class Verb(enum.Enum):
    """What a command asks of the server."""

    BEGIN = "BEGIN"
    COMMIT = "COMMIT"
    ROLLBACK = "ROLLBACK"
    EXECUTE = "EXECUTE"


@dataclass(frozen=True, slots=True)
class Command:
    """One command for the connection of a side; only EXECUTE has a statement. `alone`: it is a transaction of its own."""

    verb: Verb
    side: Side
    statement: Statement | None = None
    alone: bool = False


Flight = tuple[Command, ...]
Flights = Generator[Flight, Sequence[Rows], Any]
"""Yields flights for one side each, is sent the rows of each command, and returns what the operation returns."""


class Atomicity(enum.StrEnum):
    """The factor: transactions as the design states them, one for the whole operation, or one for the central side and a relay."""

    PER_SIDE = "per_side"
    JOINED = "joined"
    OUTBOX = "outbox"


DIRECT = (Atomicity.PER_SIDE, Atomicity.JOINED)
"""The levels at which the client itself runs every task; with an outbox it leaves those of agents to a relay."""


class Exchange(enum.StrEnum):
    """The factor: one round trip a command, or shared flights (pipeline mode)."""

    PLAIN = "plain"
    SHARED = "shared"


ACTIONS_MAX = 10_000
"""A task or a read that asks for more than this never ends."""

Group = tuple[Statement, ...]
Primitives = Generator[Begin | Commit | Group, Sequence[Rows], Rejected | None]


def expand(body: Writing, ensuring: Ensuring) -> Primitives:
    """Begin, Commit and groups of statements of one task, with `Ensure` spelled out.

    Raises `ContractError` when the body yields something else, or opens and closes transactions out of turn.
    """
    answer: Any = None
    open_side: Side | None = None
    for _ in range(ACTIONS_MAX):
        try:
            action = body.send(answer)
        except StopIteration as stop:
            return _ending(stop.value, open_side)
        match action:
            case Begin(side=side):
                if open_side is not None:
                    raise ContractError(f"begins a transaction on the {side} side while one is open")
                open_side, answer = side, None
                yield action
            case Commit(side=side):
                if open_side is not side:
                    raise ContractError(f"commits on the {side} side, where no transaction is open")
                open_side, answer = None, None
                yield action
            case Statement():
                # The same as a group of one, on the path that most of the time is spent on.
                _check_side(action, open_side)
                rows = yield (action,)
                ensuring.sent(action)
                answer = rows[0] if action.needs_rows else None
            case Ensure():
                answer = (yield from _group((action,), open_side, ensuring))[0]
            case tuple():
                answer = yield from _group(action, open_side, ensuring)
            case _:
                raise ContractError(f"yields {action!r}, which is no action")
    raise ContractError(f"does not end: more than {ACTIONS_MAX} actions")


def _ending(value: Any, open_side: Side | None) -> Rejected | None:
    if isinstance(value, Rejected):
        return value
    if value is not None:
        raise ContractError(f"returns {value!r} instead of nothing or Rejected")
    if open_side is not None:
        raise ContractError(f"ends with an open transaction on the {open_side} side")
    return None


def _check_side(statement: Statement, open_side: Side | None) -> None:
    if open_side is not None and statement.side is not open_side:
        raise ContractError(f"sends a {statement.side} statement within a transaction of the {open_side} side")


def _group(members: tuple[Any, ...], open_side: Side | None, ensuring: Ensuring) -> Generator[Group, Sequence[Rows], list[Any]]:
    for member in members:
        if not isinstance(member, (Statement, Ensure)):
            raise ContractError(f"yields a group with {member!r} in it, which is no statement")
        for statement in (member,) if isinstance(member, Statement) else (member.find, *member.add):
            _check_side(statement, open_side)
    parts = [(member,) if isinstance(member, Statement) else ensuring.first(member) for member in members]
    together = tuple(statement for part in parts for statement in part)
    rows = iter((yield together)) if together else iter(())
    answers: list[Any] = []
    for member, part in zip(members, parts, strict=True):
        found = [next(rows) for _ in part]
        if isinstance(member, Statement):
            ensuring.sent(member)
            answers.append(found[0] if member.needs_rows else None)
            continue
        if then := ensuring.then(member, found):
            yield then
        ensuring.made_sure(member)
        answers.append(member.key)
    return answers


def _of(task: Task, ensuring: Ensuring) -> Primitives:
    """The primitives of a task; what it does wrong is told under its name."""
    try:
        return (yield from expand(task.body, ensuring))
    except ContractError as error:
        raise ContractError(f"{task.name}: {error}") from error


def join(tasks: Sequence[Task], ensuring: Ensuring) -> Primitives:
    """All tasks as one transaction: their own Begin and Commit are ignored, `Rejected` rolls everything back."""
    yield Begin(Side.CENTRAL)
    for task in tasks:
        primitives = _of(task, ensuring)
        rows: Sequence[Rows] | None = None
        while True:
            try:
                primitive = next(primitives) if rows is None else primitives.send(rows)
            except StopIteration as stop:
                if stop.value is not None:
                    return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
                break
            rows = () if isinstance(primitive, (Begin, Commit)) else (yield primitive)
    yield Commit(Side.CENTRAL)
    return None


def plain(primitives: Primitives, route: Side | None = None) -> Flights:
    """One command a flight. `route` sends everything to one side's connection, whatever side a statement names."""
    open_side: Side | None = None
    rows: Sequence[Rows] = ()
    try:
        primitive = next(primitives)
        while True:
            match primitive:
                case Begin(side=side):
                    open_side = side if route is None else route
                    yield (Command(Verb.BEGIN, open_side),)
                    rows = ()
                case Commit(side=side):
                    yield (Command(Verb.COMMIT, side if route is None else route),)
                    open_side, rows = None, ()
                case tuple():
                    answers: list[Rows] = []
                    for statement in primitive:
                        command = Command(Verb.EXECUTE, statement.side if route is None else route, statement, open_side is None)
                        answers += yield (command,)
                    rows = answers
            primitive = primitives.send(rows)
    except StopIteration as stop:
        if open_side is not None:
            yield (Command(Verb.ROLLBACK, open_side),)
        return stop.value


def shared(primitives: Primitives, route: Side | None = None) -> Flights:
    """As few flights as the design's needs allow: a flight ends where rows are needed, and at COMMIT.

    Nothing rides behind a COMMIT, since whether it succeeded must be known first. Statements outside of a transaction share a
    flight only within their group, each a transaction of its own.
    """
    open_side: Side | None = None
    waiting: list[Command] = []
    rows: Sequence[Rows] = ()
    try:
        primitive = next(primitives)
        while True:
            match primitive:
                case Begin(side=side):
                    open_side = side if route is None else route
                    waiting, rows = [Command(Verb.BEGIN, open_side)], ()
                case Commit(side=side):
                    yield (*waiting, Command(Verb.COMMIT, side if route is None else route))
                    open_side, waiting, rows = None, [], ()
                case tuple():
                    group = [Command(Verb.EXECUTE, s.side if route is None else route, s, open_side is None) for s in primitive]
                    if open_side is not None and not any(statement.needs_rows for statement in primitive):
                        waiting, rows = waiting + group, [()] * len(group)
                    else:
                        answers = yield (*waiting, *group)
                        rows, waiting = answers[len(waiting) :], []
            primitive = primitives.send(rows)
    except StopIteration as stop:
        if open_side is not None and not (waiting and waiting[0].verb is Verb.BEGIN):
            yield (Command(Verb.ROLLBACK, open_side),)
        return stop.value


def _settling(primitives: Primitives, ensuring: Ensuring) -> Primitives:
    """The same primitives; what was made sure of is remembered once the transaction that it belongs to is committed."""
    if not ensuring.remembers:
        return (yield from primitives)
    inside = False
    try:
        primitive = next(primitives)
        while True:
            rows = yield primitive
            if isinstance(primitive, (Begin, Commit)):
                inside = isinstance(primitive, Begin)
                if not inside:
                    ensuring.committed()
            primitive = primitives.send(rows)
            if not inside:
                ensuring.committed()
    except StopIteration as stop:
        if not inside:
            ensuring.committed()
        return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
    finally:
        ensuring.ended()


def merged_flights(tasks: Sequence[Task], exchange: Exchange, ensuring: Ensuring) -> Flights:
    """All these tasks as one transaction on the central side's connection; returns `Rejected` when a task was."""
    split = plain if exchange is Exchange.PLAIN else shared
    return (yield from split(_settling(join(tasks, ensuring), ensuring), Side.CENTRAL)) if tasks else None


def operation_flights(
    tasks: Sequence[Task], atomicity: Atomicity, exchange: Exchange, ensuring: Ensuring | None = None, route: Side | None = None
) -> Flights:
    """The flights of one operation whose tasks its client runs.

    Returns `Rejected` when a task was, and then later ones are not run. `ensuring` is of this operation alone; absent, rows that
    may exist are looked for first. `route` sends everything of tasks with their own transactions to one side's connection.
    """
    ensuring = Ensuring() if ensuring is None else ensuring
    split = plain if exchange is Exchange.PLAIN else shared
    match atomicity:
        case Atomicity.JOINED:
            return (yield from merged_flights(tasks, exchange, ensuring))
        case Atomicity.OUTBOX:
            raise ValueError("with an outbox the client runs no agent's task: see bench.outbox")
    committed = False
    for task in tasks:
        flights = split(_settling(_of(task, ensuring), ensuring), route)
        answers: Sequence[Rows] | None = None
        while True:
            try:
                flight = next(flights) if answers is None else flights.send(answers)
            except StopIteration as stop:
                if stop.value is None:
                    break
                if committed:
                    raise ContractError(f"task {task.name!r} is rejected after a commit of the operation") from None
                return stop.value
            answers = yield flight
            committed |= any(c.verb is Verb.COMMIT or (c.alone and _writes(c)) for c in flight)
    return None


def _writes(command: Command) -> bool:
    return command.statement is not None and command.statement.constant.writes


def reading_flights(reading: Generator[Statement, Rows, Any]) -> Flights:
    """The flights of a read: each statement travels alone; returns the answer."""
    rows: Rows | None = None
    for _ in range(ACTIONS_MAX):
        try:
            statement: object = next(reading) if rows is None else reading.send(rows)
        except StopIteration as stop:
            return stop.value
        if not isinstance(statement, Statement) or not statement.needs_rows:
            raise ContractError(f"a read yields {statement!r}, which is no statement whose rows are needed")
        (rows,) = yield (Command(Verb.EXECUTE, statement.side, statement, True),)
    raise ContractError(f"a read does not end: more than {ACTIONS_MAX} statements")
