"""From tasks to flights: what is sent together before anybody waits. Pure; no connection is touched here.

The layers are generators over generators. `expand` turns a design's actions into Begin, Commit and groups of statements, and
holds the design to its contract; an `Ensure` is spelled out as `bench.drive.ensuring` says. `plain` sends one command a flight
(one round trip each, as the real server's driver does); `shared` lets BEGIN ride with the first and COMMIT with the last
statements. `operation_flights` chains the tasks of an operation per side, or merged into one transaction.
"""

from __future__ import annotations

import enum
from collections.abc import Generator, Sequence
from typing import Any, NamedTuple

from bench.drive.ensuring import Ensuring
from bench.drive.errors import ContractError
from variants.contract import Begin, Commit, Ensure, Rejected, Rows, Side, Statement, Task, Writing


class Verb(enum.StrEnum):
    """What a command asks of the server."""

    BEGIN = "BEGIN"
    COMMIT = "COMMIT"
    ROLLBACK = "ROLLBACK"
    EXECUTE = "EXECUTE"


BEGIN, COMMIT, EXECUTE = Verb.BEGIN, Verb.COMMIT, Verb.EXECUTE


class Command(NamedTuple):
    """One command for the connection of a side; only EXECUTE has a statement. `alone`: it is a transaction of its own."""

    # A tuple, since one is made for each round trip: it takes a third of the time of a frozen dataclass.
    verb: Verb
    side: Side
    statement: Statement | None = None
    alone: bool = False

    @property
    def decides(self) -> bool:
        """Whether it ends a transaction that may have written."""
        statement = self.statement
        return self.verb is COMMIT if statement is None else self.alone and statement.constant.writes


Flight = tuple[Command, ...]
Flights = Generator[Flight, Sequence[Rows], Any]
"""Yields flights for one side each, is sent the rows of each command, and returns what the operation returns."""

_BEGINS = {side: Command(BEGIN, side) for side in Side}
_COMMITS = {side: Command(COMMIT, side) for side in Side}


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
    send = body.send
    for _ in range(ACTIONS_MAX):
        try:
            action = send(answer)
        except StopIteration as stop:
            return _ending(stop.value, open_side)
        # By frequency: this runs for every round trip.
        if isinstance(action, Statement):
            # The same as a group of one.
            if open_side is not None and action.side is not open_side:
                _check_side(action, open_side)
            rows = yield (action,)
            ensuring.sent(action)
            answer = rows[0] if action.needs_rows else None
        elif isinstance(action, tuple):
            answer = yield from _group(action, open_side, ensuring)
        elif isinstance(action, Begin):
            if open_side is not None:
                raise ContractError(f"begins a transaction on the {action.side} side while one is open")
            open_side, answer = action.side, None
            yield action
        elif isinstance(action, Commit):
            if open_side is not action.side:
                raise ContractError(f"commits on the {action.side} side, where no transaction is open")
            open_side, answer = None, None
            yield action
        elif isinstance(action, Ensure):
            answer = (yield from _group((action,), open_side, ensuring))[0]
        else:
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
    together: list[Statement] = []
    parts: list[int] = []
    for member in members:
        if isinstance(member, Ensure):
            for statement in (member.find, *member.add):
                _check_side(statement, open_side)
            part = ensuring.first(member)
        elif isinstance(member, Statement):
            _check_side(member, open_side)
            part = (member,)
        else:
            raise ContractError(f"yields a group with {member!r} in it, which is no statement")
        together += part
        parts.append(len(part))
    rows = (yield tuple(together)) if together else ()
    answers: list[Any] = []
    place = 0
    for member, count in zip(members, parts, strict=True):
        found = rows[place : place + count]
        place += count
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


class History:
    """What became of the transactions of one operation so far; it is that operation's alone."""

    __slots__ = ("committed",)

    def __init__(self) -> None:
        self.committed = False


def plain(primitives: Primitives, route: Side | None = None, history: History | None = None) -> Flights:
    """One command a flight. `route` sends everything to one side's connection, whatever side a statement names.

    `history` is told of a commit once it was answered.
    """
    history = History() if history is None else history
    open_side: Side | None = None
    rows: Sequence[Rows] = ()
    send = primitives.send
    try:
        primitive = next(primitives)
        while True:
            if isinstance(primitive, tuple):
                answers: list[Rows] = []
                for statement in primitive:
                    answers += yield (Command(EXECUTE, route or statement.side, statement, open_side is None),)
                    if open_side is None and statement.constant.writes:
                        history.committed = True
                rows = answers
            elif isinstance(primitive, Begin):
                open_side = route or primitive.side
                yield (_BEGINS[open_side],)
                rows = ()
            else:
                yield (_COMMITS[route or primitive.side],)
                history.committed = True
                open_side, rows = None, ()
            primitive = send(rows)
    except StopIteration as stop:
        if open_side is not None:
            yield (Command(Verb.ROLLBACK, open_side),)
        return stop.value


def shared(primitives: Primitives, route: Side | None = None, history: History | None = None) -> Flights:
    """As few flights as the design's needs allow: a flight ends where rows are needed, and at COMMIT.

    Nothing rides behind a COMMIT, since whether it succeeded must be known first. Statements outside of a transaction share a
    flight only within their group, each a transaction of its own. `route` and `history` as in `plain`.
    """
    history = History() if history is None else history
    open_side: Side | None = None
    waiting: list[Command] = []
    rows: Sequence[Rows] = ()
    send = primitives.send
    try:
        primitive = next(primitives)
        while True:
            if isinstance(primitive, tuple):
                alone = open_side is None
                group = [Command(EXECUTE, route or statement.side, statement, alone) for statement in primitive]
                if alone or any(statement.needs_rows for statement in primitive):
                    answers = yield (*waiting, *group)
                    if alone and any(statement.constant.writes for statement in primitive):
                        history.committed = True
                    rows, waiting = answers[len(waiting) :], []
                else:
                    waiting, rows = waiting + group, [()] * len(group)
            elif isinstance(primitive, Begin):
                open_side = route or primitive.side
                waiting, rows = [_BEGINS[open_side]], ()
            else:
                yield (*waiting, _COMMITS[route or primitive.side])
                history.committed = True
                open_side, waiting, rows = None, [], ()
            primitive = send(rows)
    except StopIteration as stop:
        if open_side is not None and not (waiting and waiting[0].verb is BEGIN):
            yield (Command(Verb.ROLLBACK, open_side),)
        return stop.value


def _settling(primitives: Primitives, ensuring: Ensuring) -> Primitives:
    """The same primitives; what was made sure of is remembered once the transaction that it belongs to is committed."""
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
    if not tasks:
        return None
    primitives = join(tasks, ensuring)
    return (yield from split(_settling(primitives, ensuring) if ensuring.remembers else primitives, Side.CENTRAL))


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
    history = History()
    for task in tasks:
        primitives = _of(task, ensuring)
        rejected = yield from split(_settling(primitives, ensuring) if ensuring.remembers else primitives, route, history)
        if rejected is not None:
            if history.committed:
                raise ContractError(f"task {task.name!r} is rejected after a commit of the operation")
            return rejected
    return None


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
        (rows,) = yield (Command(EXECUTE, statement.side, statement, True),)
    raise ContractError(f"a read does not end: more than {ACTIONS_MAX} statements")
