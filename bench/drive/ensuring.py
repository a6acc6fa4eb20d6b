"""Rows that may exist: how an `Ensure` is spelled out, and what a process remembers of it. Pure.

A design says how a row is looked for and how it is added. Which of the two is sent is a factor of the harness: look first and add
what is absent, add alone, or trust what this process made sure of before.
"""

from __future__ import annotations

import enum
from collections.abc import Iterable, Mapping, Sequence

from sqlalchemy import Delete, MetaData, Table, TextClause, Update
from sqlalchemy.dialects.postgresql.dml import OnConflictDoUpdate
from sqlalchemy.sql import visitors

from variants.contract import Ensure, Query, Rows, Side, Statement


class EnsureLevel(enum.StrEnum):
    """The factor: how a row that may exist is made sure of."""

    FIND_FIRST = "find_first"
    INSERT = "insert"
    REMEMBERED = "remembered"


Key = tuple[Query, tuple[object, ...]]
"""What a row is remembered by: the statement that looks for it, with its parameters."""


class Memory:
    """The rows that one process knows to be there; it belongs to one client and lives as long as that does.

    It does not hear of what other clients delete: as in a server that caches what it looked up.
    """

    def __init__(self, tables: Mapping[Side, MetaData]) -> None:
        self._rows: dict[Key, None] = {}
        self._read: dict[Query, frozenset[str] | None] = {}
        self._changed: dict[Query, frozenset[str] | None] = {}
        self._behind = _followers([table for metadata in tables.values() for table in metadata.tables.values()])

    def __contains__(self, key: Key) -> bool:
        return key in self._rows

    def keep(self, keys: Iterable[Key]) -> None:
        """These rows are there, and committed."""
        self._rows.update(dict.fromkeys(keys))

    def outdated(self, statement: Statement, keys: Iterable[Key]) -> list[Key]:
        """Those of these keys whose row the statement may have changed or removed, by a foreign key's action too."""
        changed = self._changes_of(statement.constant)
        if changed is not None and not changed:
            return []
        return [key for key in keys if _meet(changed, self._reads_of(key[0]))]

    def forget(self, statement: Statement) -> None:
        """A statement was sent: what it may have changed is to be looked for again, whether it is committed or not."""
        for key in self.outdated(statement, list(self._rows)):
            del self._rows[key]

    def _changes_of(self, query: Query) -> frozenset[str] | None:
        """Tables whose rows the statement updates or deletes; None: any, for a text does not say."""
        if query not in self._changed:
            self._changed[query] = self._changes(query)
        return self._changed[query]

    def _changes(self, query: Query) -> frozenset[str] | None:
        if not query.writes:
            return frozenset()
        found: set[str] = set()
        for part in visitors.iterate(query.construct):
            if isinstance(part, TextClause):
                return None
            if isinstance(part, (Update, Delete)) or isinstance(getattr(part, "_post_values_clause", None), OnConflictDoUpdate):
                name = str(part.table.name)  # type: ignore[attr-defined]  # every change of rows has a table
                found |= {name, *self._behind.get(name, ())}
        return frozenset(found)

    def _reads_of(self, query: Query) -> frozenset[str] | None:
        """Tables that the statement reads; None when they cannot be told."""
        if query not in self._read:
            parts = list(visitors.iterate(query.construct))
            unclear = any(isinstance(part, TextClause) for part in parts)
            self._read[query] = None if unclear else frozenset(str(part.name) for part in parts if isinstance(part, Table))
        return self._read[query]


class Ensuring:
    """How one operation makes sure of rows; what it made sure of enters the memory when its transaction is committed."""

    __slots__ = ("_insists", "_memory", "_pending")

    def __init__(self, level: EnsureLevel = EnsureLevel.FIND_FIRST, memory: Memory | None = None) -> None:
        if (level is EnsureLevel.REMEMBERED) != (memory is not None):
            raise ValueError("a memory belongs to the level remembered, and to no other")
        self._insists = level is EnsureLevel.INSERT
        self._memory = memory
        self._pending: dict[Key, None] = {}

    @property
    def remembers(self) -> bool:
        """Whether it has a memory at all."""
        return self._memory is not None

    def first(self, ensure: Ensure) -> tuple[Statement, ...]:
        """What is sent for the row at first; nothing when it is remembered."""
        if self._insists:
            return ensure.add
        if self._memory is not None and ((key := _key(ensure)) in self._memory or key in self._pending):
            return ()
        return (ensure.find,)

    def then(self, ensure: Ensure, found: Sequence[Rows]) -> tuple[Statement, ...]:
        """What is sent once the first part is answered: the row, where it was looked for and is absent."""
        return ensure.add if not self._insists and found and not found[0] else ()

    def made_sure(self, ensure: Ensure) -> None:
        """The row is there, for as long as the open transaction is not rolled back."""
        if self._memory is not None:
            self._pending[_key(ensure)] = None

    def sent(self, statement: Statement) -> None:
        """A statement of the design was answered; what it may have removed is no longer sure."""
        if self._memory is not None and statement.constant.writes:
            self._memory.forget(statement)
            for key in self._memory.outdated(statement, list(self._pending)):
                del self._pending[key]

    def committed(self) -> None:
        """What was made sure of until now is there to stay."""
        if self._memory is not None and self._pending:
            self._memory.keep(self._pending)
            self._pending.clear()

    def ended(self) -> None:
        """A task is over; what is not committed by now never will be."""
        self._pending.clear()


def _key(ensure: Ensure) -> Key:
    return ensure.find.constant, ensure.find.parameters


def _meet(changed: frozenset[str] | None, read: frozenset[str] | None) -> bool:
    return changed is None or read is None or bool(changed & read)


def _followers(tables: Sequence[Table]) -> dict[str, set[str]]:
    """By table, those whose rows change with its own: by a foreign key that cascades or sets something, over any number of keys."""
    direct: dict[str, set[str]] = {}
    for table in tables:
        for key in table.foreign_keys:
            if key.ondelete is not None or key.onupdate is not None:
                direct.setdefault(str(key.column.table.name), set()).add(str(table.name))
    found: dict[str, set[str]] = {}
    for name in direct:
        behind: set[str] = set()
        todo = [name]
        while todo:
            new = direct.get(todo.pop(), set()) - behind
            behind |= new
            todo += new
        found[name] = behind
    return found
