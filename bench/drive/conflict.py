"""Inserts that do not mind a row that is there: `INSERT ... ON CONFLICT DO NOTHING` made of a design's own INSERT. Pure."""

from __future__ import annotations

import enum
from collections.abc import Generator, Sequence
from typing import Any

from sqlalchemy import Insert
from sqlalchemy.dialects.postgresql import Insert as PostgresInsert
from sqlalchemy.dialects.postgresql.dml import OnConflictClause
from sqlalchemy.sql import visitors

from bench.drive.errors import ContractError
from variants.contract import Action, Ensure, Query, Rejected, Statement, Task, Writing


class Conflict(enum.StrEnum):
    """The factor: what an INSERT of a message does when the row is there."""

    PLAIN = "plain"
    ON_CONFLICT = "on_conflict"


class Tolerant:
    """Turns the tasks of one built design into such that can be repeated; each statement is compiled once."""

    def __init__(self) -> None:
        self._queries: dict[Query, Query] = {}

    def tasks(self, tasks: Sequence[Task]) -> list[Task]:
        """The same tasks; what they insert may be there already. Raises `ContractError` where `obstacle` names one."""
        return [Task(task.name, task.actor, self._body(task.body)) for task in tasks]

    def _body(self, body: Writing) -> Generator[Action, Any, Rejected | None]:
        answer: Any = None
        while True:
            try:
                action = body.send(answer)
            except StopIteration as stop:
                return stop.value  # type: ignore[no-any-return]  # StopIteration.value is untyped
            match action:
                case Statement():
                    answer = yield self._statement(action)
                case Ensure():
                    answer = yield self._ensure(action)
                case tuple():
                    answer = yield tuple(self._member(member) for member in action)
                case _:
                    answer = yield action

    def _member(self, member: Statement | Ensure) -> Statement | Ensure:
        match member:
            case Statement():
                return self._statement(member)
            case Ensure():
                return self._ensure(member)
        return member

    def _ensure(self, ensure: Ensure) -> Ensure:
        return Ensure(ensure.find, tuple(map(self._statement, ensure.add)), ensure.key)

    def _statement(self, statement: Statement) -> Statement:
        query = self._queries.get(statement.constant)
        if query is None:
            query = self._queries[statement.constant] = _tolerant(statement)
        if query is statement.constant:
            return statement
        return Statement(query, statement.parameters, statement.side, statement.needs_rows)


def obstacle(statement: Statement) -> str | None:
    """Why a statement cannot be turned into one that does not mind a row that is there; None when it can, or inserts nothing."""
    query = statement.constant
    if not query.writes:
        return None
    construct = query.construct
    if isinstance(construct, PostgresInsert):
        asks = statement.needs_rows and not _says_what_then(construct) and bool(construct.returning_column_descriptions)
        return "asks for the inserted row, which ON CONFLICT DO NOTHING would not give back" if asks else None
    parts = list(visitors.iterate(construct))
    if any(isinstance(part, Insert) for part in parts) or "insert" in query.sql.lower().split():
        return "is not PostgreSQL's insert of SQLAlchemy, to which ON CONFLICT could be added"
    return None


def _tolerant(statement: Statement) -> Query:
    reason = obstacle(statement)
    if reason is not None:
        raise ContractError(f"inserts by a statement that {reason}: {statement.constant.sql}")
    construct = statement.constant.construct
    if not isinstance(construct, PostgresInsert) or _says_what_then(construct):
        return statement.constant
    return Query(statement.side, construct.on_conflict_do_nothing())


def _says_what_then(construct: PostgresInsert) -> bool:
    """Whether the insert has an ON CONFLICT of its own."""
    return any(isinstance(part, OnConflictClause) for part in visitors.iterate(construct))
