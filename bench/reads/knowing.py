"""What is known of a store that was empty and that only one client writes to: answers that need not be asked for. Pure.

A lookup by equal columns finds nothing when no row with these values was ever inserted. A row that was found by its primary key is
there until a row of its table is changed or removed, whatever is inserted. Any other answer holds until one of its tables is
written to. Whatever has SQL text or functions in it is always asked for, and its writes end what was known of its tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from sqlalchemy import BinaryExpression, BindParameter, BooleanClauseList, Column, ColumnElement, Insert, Select, Table
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import ClauseElement
from sqlalchemy.types import String, Uuid

from variants.contract import Query, Rows, Statement

_OPAQUE = frozenset({"textclause", "function", "sequence", "next_value"})


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query that reads: `tables` are all it reads; `looked_up` is the one whose columns it compares with its parameters, if it
    does nothing else with them; `keyed`: they are its primary key.
    """

    tables: frozenset[str]
    looked_up: str | None = None
    keyed: bool = False


@dataclass(frozen=True, slots=True)
class _Change:
    """A query that writes: `adds` when it only inserts rows of its parameters."""

    tables: frozenset[str]
    adds: bool


@dataclass(slots=True)
class Knowledge:
    """Grows with every statement that was sent."""

    _answers: dict[Statement, Rows] = field(default_factory=dict)
    _of_table: dict[str, set[Statement]] = field(default_factory=dict)
    _inserted: dict[str, set[str]] = field(default_factory=dict)
    _hidden: set[str] = field(default_factory=set)
    _forms: dict[Query, _Asked | _Change | None] = field(default_factory=dict)

    def answer(self, statement: Statement) -> Rows | None:
        """The rows that the server would answer, or None when it must be asked."""
        form = self._form(statement.constant)
        if not isinstance(form, _Asked):
            return None
        found = self._answers.get(statement)
        if found is None and form.looked_up is not None and form.looked_up not in self._hidden:
            there = self._inserted.get(form.looked_up, set())
            if any(value not in there for value in _texts(statement)):
                return ()
        return found

    def learn(self, statement: Statement, rows: Rows) -> None:
        """What the server answered."""
        form = self._form(statement.constant)
        if isinstance(form, _Asked):
            self._answers[statement] = rows
            lasting = {form.looked_up} if form.keyed and rows else set()
            for table in form.tables:
                self._of_table.setdefault(table if table not in lasting else _lasting(table), set()).add(statement)

    def note(self, statement: Statement) -> None:
        """What is sent; it matters when it writes."""
        if not statement.constant.writes:
            return
        form = self._form(statement.constant)
        if not isinstance(form, _Change):
            # It may write anywhere, anything.
            self._answers.clear()
            self._hidden |= self._inserted.keys() | self._of_table.keys()
            self._of_table.clear()
            return
        for table in form.tables:
            self._forget(table)
            if form.adds:
                self._inserted.setdefault(table, set()).update(_texts(statement))
            else:
                self._forget(_lasting(table))
                self._hidden.add(table)

    def _forget(self, table: str) -> None:
        for statement in self._of_table.pop(table, ()):
            self._answers.pop(statement, None)

    def _form(self, query: Query) -> _Asked | _Change | None:
        if query not in self._forms:
            self._forms[query] = _form_of(query)
        return self._forms[query]


def _lasting(table: str) -> str:
    """Where answers are kept that inserts into the table do not end."""
    return f"{table} by key"


def _texts(statement: Statement) -> Iterator[str]:
    """The parameters by which rows are found; uuids are equal in any case."""
    return (value.lower() for value in statement.parameters if isinstance(value, str))


def _form_of(query: Query) -> _Asked | _Change | None:
    parts = list(visitors.iterate(query.construct))
    opaque = any(part.__visit_name__ in _OPAQUE for part in parts)
    tables = frozenset(part.name for part in parts if isinstance(part, Table))
    if query.writes:
        if any(part.__visit_name__ == "textclause" for part in parts):
            return None
        plain = isinstance(query.construct, Insert) and not opaque and not any(isinstance(part, Select) for part in parts)
        return _Change(tables | _written(query.construct), plain)
    if opaque or not isinstance(query.construct, Select):
        return None
    return _lookup(query.construct, parts, tables) or _Asked(tables)


def _written(construct: ClauseElement) -> frozenset[str]:
    table = getattr(construct, "table", None)
    return frozenset({table.name}) if isinstance(table, Table) else frozenset()


def _lookup(select: Select[tuple[object, ...]], parts: Iterable[object], tables: frozenset[str]) -> _Asked | None:
    """A plain lookup: its texts are compared with columns of one table, and used for nothing else."""
    compared = [pair for clause in _conjuncts(select.whereclause) if (pair := _equality(clause)) is not None]
    columns = [column for column, _ in compared]
    owners = {column.table.name for column in columns}
    texts = {id(part) for part in parts if isinstance(part, BindParameter) and isinstance(part.type, String | Uuid)}
    if len(owners) != 1 or texts != {id(bind) for _, bind in compared} or any(c.server_default is not None for c in columns):
        return None
    (owner,) = owners
    keys = {column.name for column in columns[0].table.primary_key}
    return _Asked(tables, owner, bool(keys) and keys <= {column.name for column in columns})


def _conjuncts(clause: ColumnElement[bool] | None) -> Iterator[ColumnElement[bool]]:
    if isinstance(clause, BooleanClauseList) and clause.operator is operators.and_:
        for inner in clause.clauses:
            yield from _conjuncts(inner)
    elif clause is not None:
        yield clause


def _equality(clause: ColumnElement[bool]) -> tuple[Column[object], BindParameter[object]] | None:
    if isinstance(clause, BinaryExpression) and clause.operator is operators.eq:
        left, right = clause.left, clause.right
        if isinstance(left, Column) and isinstance(right, BindParameter) and isinstance(right.type, String | Uuid):
            return left, right
    return None
