"""Filling a store with a large world, through the design's own `write`: as many statements a flight as its answers allow.

Three things make it fast, and none changes a row. A row that may exist is inserted without a look, ON CONFLICT DO NOTHING, and
only once. A lookup whose answer is known is not sent. Many operations share a transaction, which does not wait for the disk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import text

from bench.drive.drivers import Links, wait
from bench.drive.errors import ContractError, ServerError
from bench.drive.flights import ACTIONS_MAX, Command, Verb
from bench.drive.link import Link
from bench.errors import InvalidMeasurement
from bench.reads.knowing import Knowledge
from bench.server.failing import is_servers_own
from variants.contract import Begin, Commit, Design, Ensure, Query, Rejected, Rows, Side, Statement, Task
from workloads.operations import Context, Write

FLIGHT_MAX = 400
"""Statements that are sent before their answers are read: as many as sockets hold without either end waiting for the other."""

TRANSACTION_MAX = 20_000
"""Statements of one transaction."""


def fill(design: Design, links: Links, prepared: Iterable[tuple[Write, Context]], advance: Callable[[], None]) -> None:
    """Perform writes, each with its context, on an empty store; `advance` is called after each of them.

    Raises `InvalidMeasurement` when the design or the server refuses one of them.
    """
    filler = _Filler(links[Side.CENTRAL])
    try:
        for operation, context in prepared:
            for task in design.write(operation, context):
                filler.perform(task)
            advance()
        filler.end()
    except ServerError as error:
        if is_servers_own(error.sqlstate):
            raise
        raise InvalidMeasurement(f"{design.name}: a large store cannot be made: {error}") from error


class _Filler:
    """The statements under way, and what is known of rows that were looked up or made sure of."""

    def __init__(self, link: Link) -> None:
        self._link = link
        self._waiting: list[Command] = []
        self._sent = 0
        self._made_sure: set[Statement] = set()
        self._known = Knowledge()
        query = Query(Side.CENTRAL, text("SELECT set_config('synchronous_commit', 'off', false)"))
        wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, query(), True),))

    def perform(self, task: Task) -> None:
        answer: Any = None
        for _ in range(ACTIONS_MAX):
            try:
                action = task.body.send(answer)
            except StopIteration as stop:
                if isinstance(stop.value, Rejected):
                    raise InvalidMeasurement(f"{task.name}: refused in a large store: {stop.value.reason}") from None
                return
            match action:
                case Begin() | Commit():
                    answer = None
                case Statement() | Ensure():
                    answer = self._answer(action)
                case tuple():
                    answer = [self._answer(member) for member in action]
                case _:
                    raise ContractError(f"{task.name}: yields {action!r}, which is no action")
        raise ContractError(f"{task.name}: does not end: more than {ACTIONS_MAX} actions")

    def end(self) -> None:
        """Commit what is under way."""
        if self._sent or self._waiting:
            self._waiting.append(Command(Verb.COMMIT, Side.CENTRAL))
            self._send()
        self._sent = 0

    def _answer(self, action: Statement | Ensure) -> Any:
        if isinstance(action, Ensure):
            if action.find not in self._made_sure:
                self._made_sure.add(action.find)
                for statement in action.add:
                    self._queue(statement)
            return action.key
        if not action.needs_rows:
            return self._queue(action)
        rows = self._known.answer(action)
        if rows is None:
            rows = self._ask(action)
            self._known.learn(action, rows)
        return rows

    def _queue(self, statement: Statement) -> None:
        """A statement whose rows nobody waits for."""
        self._add(statement)
        if len(self._waiting) >= FLIGHT_MAX:
            self._send()
            if self._sent >= TRANSACTION_MAX:
                self.end()

    def _ask(self, statement: Statement) -> Rows:
        self._add(statement)
        return self._send()[-1]

    def _add(self, statement: Statement) -> None:
        if not self._sent and not self._waiting:
            self._waiting.append(Command(Verb.BEGIN, Side.CENTRAL))
        self._waiting.append(Command(Verb.EXECUTE, Side.CENTRAL, statement))
        self._known.note(statement)

    def _send(self) -> list[Rows]:
        answers = wait(self._link, tuple(self._waiting))
        self._sent += len(self._waiting)
        self._waiting = []
        return answers
