"""Made-up answers for a design that is told without a server: rows for what an earlier statement of the scene stored. Pure."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from typing import Any

from sqlalchemy import Insert, Select, Table
from sqlalchemy.sql import visitors
from sqlalchemy.sql.dml import UpdateBase
from sqlalchemy.sql.selectable import SelectBase
from sqlalchemy.types import JSON, TIMESTAMP, Boolean, Integer, TypeEngine, Uuid

from variants.contract import Ensure, Rows, Side, Statement
from workloads.operations import Join, Leave, Reply, Send, Write, author_of

SOME_ID = str(uuid.UUID(int=1))
"""Stands for any id in a made-up row."""


class Stored:
    """Which texts, ids above all, the inserts of a scene put into each table."""

    def __init__(self) -> None:
        self._texts: defaultdict[str, set[str]] = defaultdict(set)

    def note(self, statement: Statement) -> None:
        """Keep what an insert stores; other statements store nothing that is looked for."""
        construct = statement.constant.construct
        if isinstance(construct, Insert) and isinstance(construct.table, Table):
            self._texts[construct.table.name].update(_texts(statement.parameters))

    def finds(self, statement: Statement) -> bool:
        """Whether a statement finds a row: an insert has its own, a look finds what was stored with every id that it gives.

        A change finds what was stored with one of the texts that it gives, since the others may be what it stores. Of a statement
        that names no table nothing is known: it finds something.
        """
        construct = statement.constant.construct
        if isinstance(construct, Insert):
            return True
        tables = {part.name for part in visitors.iterate(construct) if isinstance(part, Table)}
        if not tables:
            return True
        known, given = set[str]().union(*(self._texts[name] for name in tables)), set(_texts(statement.parameters))
        if not given:
            return bool(known)
        return given <= known if isinstance(construct, Select) else not given.isdisjoint(known)


def _texts(parameters: Iterable[object]) -> Iterator[str]:
    for value in parameters:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            yield from _texts(value)


def made_up(statement: Statement, *who: str) -> Rows:
    """Rows of the statement's columns, one with each of these ids as its texts."""
    construct = statement.constant.construct
    if isinstance(construct, (SelectBase, UpdateBase)):
        return tuple(tuple(_value(column.type, each) for column in construct.exported_columns) for each in who)
    return (("",),)


def _value(kind: TypeEngine[Any], who: str) -> object:
    match kind:
        case Uuid():
            return SOME_ID
        case Boolean():
            return True
        case Integer() | TIMESTAMP():
            return 1
        case JSON():
            return defaultdict(int)
    return who


def mover(operation: Write) -> str | None:
    """Whose doing an operation is, where it is somebody's in a channel: a list of who is there has that member."""
    match operation:
        case Join() | Leave():
            return operation.member.id
        case Send() | Reply():
            return author_of(operation)
        case _:
            return None


class Answers:
    """Answers to one task: `finding` are the sides that find what was stored before, `who` is whose doing the operation is."""

    def __init__(self, stored: Stored, finding: Collection[Side], who: str | None) -> None:
        self._stored = stored
        self._finding = finding
        self._who = (SOME_ID,) if who is None else (SOME_ID, who)
        self._sent: list[Statement] = []
        self.added = 0

    def to(self, action: Statement | Ensure) -> Any:
        """The answer to an action; `added` counts the inserts that an `Ensure` needs."""
        if isinstance(action, Ensure):
            self._sent += action.add
            self.added += 0 if self._finds(action.find) else len(action.add)
            return action.key
        self._sent.append(action)
        if not action.needs_rows:
            return None
        return made_up(action, *self._who) if self._finds(action) else ()

    def keep(self) -> None:
        """What the task inserted is there for the tasks after it."""
        for statement in self._sent:
            self._stored.note(statement)

    def _finds(self, statement: Statement) -> bool:
        return statement.side in self._finding and self._stored.finds(statement)
