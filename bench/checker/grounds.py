"""Why a design cannot break an invariant: by how it is made, or by a constraint of its tables. Pure; from the contract alone.

The design is asked for its statements, as `bench.traits` asks it. What is found here is a reason, not a verdict: one violation seen
is worth more than any reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Insert, Table, UniqueConstraint
from sqlalchemy.sql import visitors
from sqlalchemy.sql.elements import BindParameter

from bench.traits import MADE_UP, actions, asked, statements_of
from variants.contract import Design, Ensure, Statement

CONSTRUCTION, CONSTRAINT = "by construction", "by constraint"

_ONE_ROW_KINDS = {
    ("send", "reply"): ("I4", "I5", "I6", "I16"),
    ("edit", "delete"): ("I15",),
}
_UNIQUE_KINDS = {("send", "reply"): "I3", ("create_server", "create_channel", "add_agent"): "I18"}


@dataclass(frozen=True, slots=True)
class Ground:
    """`kind` is `by construction` or `by constraint`; `why` names the table, or the constraint."""

    kind: str
    why: str


def grounds(design: Design, *, same_ids: bool = True) -> Mapping[str, Ground]:
    """The reasons, by invariant. `same_ids`: every attempt of an operation writes under the same message id."""
    found: dict[str, Ground] = {}
    for kinds, invariant in _UNIQUE_KINDS.items():
        names = [_guards(design, kind) for kind in kinds]
        told = sorted({name for guards in names if guards is not None for name in guards})
        if told and None not in names and (same_ids or invariant != "I3"):
            found[invariant] = Ground(CONSTRAINT, ", ".join(told))
    for of_kinds, invariants in _ONE_ROW_KINDS.items():
        tables = [_only_table(design, kind) for kind in of_kinds]
        if all(tables) and len(set(tables)) == 1:
            why = f"one statement on {tables[0]} is all that {' or '.join(of_kinds)} writes: there is no second copy"
            found |= {invariant: Ground(CONSTRUCTION, why) for invariant in invariants}
    return found


_Written = list[tuple[Statement, bool]]
"""Statements that change rows, each with whether it makes sure of a row that may be there."""


def _writing(design: Design, kind: str, attempt: int = 1) -> list[_Written] | None:
    """What a write changes rows by, for each of the made-up answers; None when a task does not get along with one of them."""
    found: list[_Written] = []
    for rows in MADE_UP:
        written: _Written = []
        _, tasks = asked(design, kind, attempt)
        for task in tasks:
            running = actions(task, rows)
            while True:
                try:
                    action = next(running)
                except StopIteration as stop:
                    if not stop.value:
                        return None
                    break
                changing = (statement for statement in statements_of(action) if statement.constant.writes)
                written += [(statement, isinstance(action, Ensure)) for statement in changing]
        found.append(written)
    return found


def _only_table(design: Design, kind: str) -> str | None:
    """The table of the one statement that a write is, which changes that table alone; None when there is more to it."""
    found = _writing(design, kind)
    if found is None or any(len(written) > 1 for written in found):
        return None
    tables = {table for written in found for statement, _ in written for table in _changed(statement)}
    return tables.pop() if len(tables) == 1 else None


def _changed(statement: Statement) -> Iterator[str]:
    for part in visitors.iterate(statement.constant.construct):
        table = getattr(part, "table", None)
        if getattr(part, "is_dml", False) and isinstance(table, Table):
            yield str(table.name)


def _guards(design: Design, kind: str) -> list[str] | None:
    """The unique keys because of which a second attempt adds no row; None when some insert has none, or cannot be told."""
    found = [_writing(design, kind, attempt) for attempt in (1, 2)]
    if found[0] is None or found[1] is None:
        return None
    first, second = ([statement for written in each for statement, is_sure in written if not is_sure] for each in found if each)
    if len(first) != len(second):
        return None
    names: list[str] = []
    for one, other in zip(first, second, strict=True):
        construct = one.constant.construct
        if not isinstance(construct, Insert) or not isinstance(construct.table, Table):
            return None
        own, again = _cells(one, construct), _cells(other, construct)
        same = {column for column, value in own.items() if column in again and again[column] == value and value is not None}
        name = next((name for name, columns in _keys(construct.table) if columns <= same), None)
        if name is None or one.constant is not other.constant:
            return None
        names.append(name)
    return sorted(set(names))


def _cells(statement: Statement, construct: Insert) -> dict[str, object]:
    """The values that an insert gives to columns, where they are parameters as they stand."""
    named = statement.constant.named(statement.parameters)
    values = getattr(construct, "_values", None) or {}
    return {
        column if isinstance(column, str) else str(column.name): named[bind.key]
        for column, bind in values.items()
        if isinstance(bind, BindParameter) and bind.key in named
    }


def _keys(table: Table) -> Iterator[tuple[str, set[str]]]:
    """The unique keys of a table with their columns, under the names that the server gives to those without one."""
    if table.primary_key.columns:
        yield str(table.primary_key.name or f"{table.name}_pkey"), {str(column.name) for column in table.primary_key.columns}
    for constraint in sorted(
        (found for found in table.constraints if isinstance(found, UniqueConstraint)), key=lambda found: str(found.name)
    ):
        columns = [str(column.name) for column in constraint.columns]
        yield str(constraint.name or f"{table.name}_{'_'.join(columns)}_key"), set(columns)
    for index in sorted(table.indexes, key=lambda found: str(found.name)):
        if index.unique and index.dialect_options["postgresql"].get("where") is None:
            yield str(index.name), {str(column.name) for column in index.columns}
