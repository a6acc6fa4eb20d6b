"""Rows altered and deleted by raw SQL: whether the proof turns red, the database refuses, or nobody notices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table
from sqlalchemy.types import ARRAY, JSON, TIMESTAMP, Boolean, Date, Enum, Integer, LargeBinary, Numeric, String, TypeEngine, Uuid

from bench.drive.errors import ContractError
from bench.stores import tables_of
from bench.verify.holding import Holding
from bench.verify.stage import Stage
from variants.contract import UNOBSERVED

ROWS = ("first", "middle", "last")
"""Which rows of a table are altered and deleted, as they lie there."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """What nobody noticed, or a reason that does not hold: `where` is `table` or `table.column`."""

    where: str
    problem: str


class Tampering:
    """A stage on which a story was told, and a connection to alter what it left."""

    def __init__(self, stage: Stage, holding: Holding, connection: psycopg.Connection[Any]) -> None:
        self._stage = stage
        self._holding = holding
        self._connection = connection

    def altered_cells(self) -> Iterator[Unseen]:
        """Columns whose altered cells go unnoticed without a reason, and reasons that are stale."""
        for table in tables_of(self._stage.store.design):
            filled = self._has_rows(table)
            if not filled and reason_of(table) is None:
                yield Unseen(table.name, "stays empty in the story, and its info has no reason")
            if filled and reason_of(table) is not None:
                yield Unseen(table.name, f"has rows in the story, so this reason is stale: {reason_of(table)}")
            for column in table.columns if filled else ():
                yield from self._altered(table, column)

    def _altered(self, table: Table, column: Column[Any]) -> Iterator[Unseen]:
        where, reason = f"{table.name}.{column.name}", reason_of(column)
        if other_value(column) is None:
            if reason is None:
                yield Unseen(where, f"no other value is known for its type {column.type!r}: give the column's info a reason")
            return
        unnoticed = [row for row in ROWS if self._unnoticed(altering(table, column, row))]
        if reason is None and unnoticed:
            yield Unseen(where, f"altered in the {unnoticed[0]} row, nothing turns red, and the column's info has no reason")
        elif reason is not None and not unnoticed:
            yield Unseen(where, f"is seen in every row, so this reason is stale: {reason}")

    def deleted_rows(self) -> Iterator[Unseen]:
        """Tables of which a row can go unnoticed."""
        for table in tables_of(self._stage.store.design):
            unnoticed = [row for row in ROWS if self._has_rows(table) and self._unnoticed(deleting(table, row))]
            if unnoticed and reason_of(table) is None:
                yield Unseen(table.name, f"the {unnoticed[0]} row deleted, nothing turns red")

    def _has_rows(self, table: Table) -> bool:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table.name))
        (found,) = self._connection.execute(query).fetchone() or (False,)
        return bool(found)

    def _unnoticed(self, change: sql.Composed) -> bool:
        """Whether neither the database refuses a change nor the proof sees it; the change is undone."""
        try:
            with self._connection.transaction(force_rollback=True):
                self._connection.execute(change)
                return not self._holding.differences(self._stage.kinds, self._stage.observe(self._connection))
        except (psycopg.errors.IntegrityError, psycopg.errors.GeneratedAlways, ContractError):
            return False


def reason_of(part: Table | Column[Any]) -> str | None:
    """Why the proof cannot see this column, or why this table stays empty, as the design says."""
    reason = part.info.get(UNOBSERVED)
    return str(reason) if reason else None


def other_value(column: Column[Any]) -> sql.Composable | None:
    """An expression for another value than the stored one; None for a type of which none is known."""
    name, kind = sql.Identifier(column.name), column.type
    match kind:
        case Uuid():
            return sql.SQL("gen_random_uuid()")
        case TIMESTAMP() | Date():
            return sql.SQL("coalesce({} + interval '1 day', '2001-01-01')").format(name)
        case Boolean():
            return sql.SQL("NOT coalesce({}, false)").format(name)
        case JSON():
            return sql.SQL("""'{"planted": true}'""")
        case ARRAY():
            return sql.SQL("array_append({}, {})").format(name, _element(kind.item_type))
        case Numeric():
            return sql.SQL("coalesce({}, 0) + 1").format(name)
        case LargeBinary():
            return sql.SQL("coalesce({}, '') || '\\x21'").format(name)
        case Enum():
            return _either(name, *kind.enums[:2]) if len(kind.enums) > 1 else None
        case String(length=None):
            return sql.SQL("coalesce({} || '!', 'planted')").format(name)
        case String():
            return _either(name, "!", "?")
        case Integer():
            return sql.SQL("coalesce({}, 0) + 1").format(name)
    return None


def _either(name: sql.Identifier, one: str, other: str) -> sql.Composable:
    """One of two values, whichever is not stored."""
    return sql.SQL("CASE WHEN {} = {other} THEN {one} ELSE {other} END").format(
        name, one=sql.Literal(one), other=sql.Literal(other)
    )


def _element(kind: TypeEngine[Any]) -> sql.Composable:
    """Something to append to an array: text is what all arrays of the designs hold, NULL fits any other."""
    return sql.SQL("'planted'") if isinstance(kind, String) else sql.SQL("NULL")


def _one_row(table: Table, row: str) -> sql.Composed:
    """The first, middle or last row of a table as it lies there."""
    name = sql.Identifier(table.name)
    skipped = sql.SQL("(SELECT count(*) / 2 FROM {})").format(name) if row == "middle" else sql.SQL("0")
    direction = sql.SQL("DESC" if row == "last" else "ASC")
    return sql.SQL("ctid = (SELECT ctid FROM {} ORDER BY ctid {} LIMIT 1 OFFSET {})").format(name, direction, skipped)


def altering(table: Table, column: Column[Any], row: str) -> sql.Composed:
    """An update of one cell; the column's type must have another value."""
    value = other_value(column)
    if value is None:
        raise ValueError(f"no other value for {column!r}")
    return sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(
        sql.Identifier(table.name), sql.Identifier(column.name), value, _one_row(table, row)
    )


def deleting(table: Table, row: str) -> sql.Composed:
    """A deletion of one row."""
    return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), _one_row(table, row))
