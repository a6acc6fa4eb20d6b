"""Rows altered and deleted by raw SQL: whether the proof turns red, the database refuses, or nobody notices."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Table
from sqlalchemy.types import JSON

from bench.drive.errors import ContractError
from bench.stores import tables_of
from bench.verify.altering import (
    MISSING,
    Path,
    altering,
    at,
    deleting,
    document,
    entry,
    other_entry,
    other_value,
    paths,
    placed,
    with_entry,
)
from bench.verify.holding import Holding
from bench.verify.reasons import path_reasons, reason_of
from bench.verify.stage import Stage

ROWS = ("first", "middle", "last")
"""Which rows of a table are altered and deleted, as they lie there."""

SWAPS_MAX = 16
"""Cells of a foreign-key column that are altered to another key that exists; more are sampled."""

_REFUSALS = (psycopg.errors.IntegrityError, psycopg.errors.GeneratedAlways)


@dataclass(frozen=True, slots=True)
class Unseen:
    """What nobody noticed, or a reason that does not hold: `where` is `table`, `table.column` or `table.column, entry path`."""

    where: str
    problem: str


class Tampering:
    """A stage on which a story was told, and a connection to alter what it left.

    A sample of `swaps_max` other keys for each foreign-key column is drawn by `random`.
    """

    def __init__(
        self, stage: Stage, holding: Holding, connection: psycopg.Connection[Any], random: Random, swaps_max: int = SWAPS_MAX
    ) -> None:
        self._stage = stage
        self._holding = holding
        self._connection = connection
        self._random = random
        self._swaps_max = swaps_max

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
                if isinstance(column.type, JSON) and reason_of(column) is None:
                    yield from self._altered_entries(table, column)

    def _altered(self, table: Table, column: Column[Any]) -> Iterator[Unseen]:
        where, reason = f"{table.name}.{column.name}", reason_of(column)
        value = other_value(column)
        if value is None:
            if reason is None:
                yield Unseen(where, f"no other value is known for its type {column.type!r}: give the column's info a reason")
            return
        changes: Sequence[tuple[str, sql.Composed]]
        changes = [(f"altered in the {row} row", altering(column, value, at(table, row))) for row in ROWS]
        if column.foreign_keys:
            # A key that is nowhere is refused whatever the column means; one that exists tells more.
            changes = self._swaps(column) or changes
        elif reason is not None:
            # A reason may hold for some rows alone, so all of them are tried.
            changes += [("altered in a row", altering(column, value, placed(place))) for place, _ in self._cells(column)]
        unnoticed = next((how for how, change in changes if self._unnoticed(change)), None)
        if reason is None and unnoticed:
            yield Unseen(where, f"{unnoticed}, nothing turns red, and the column's info has no reason")
        elif reason is not None and not unnoticed:
            yield Unseen(where, f"is seen in every row, so this reason is stale: {reason}")

    def _swaps(self, column: Column[Any]) -> list[tuple[str, sql.Composed]]:
        """Updates of cells of a foreign key to other keys of the table that it points at, and to NULL where that is allowed."""
        points_at = min(column.foreign_keys, key=lambda key: key.target_fullname).column
        keys = [key for _, key in self._cells(points_at)]
        possible = [
            (place, other)
            for place, held in self._cells(column)
            for other in (*keys, *([None] if column.nullable else []))
            if other != held
        ]
        chosen = self._random.sample(possible, min(len(possible), self._swaps_max))
        return [
            ("pointed at another row that is there" if other is not None else "set to NULL",
             altering(column, sql.Literal(other), placed(place)))
            for place, other in chosen
        ]  # fmt: skip

    def _altered_entries(self, table: Table, column: Column[Any]) -> Iterator[Unseen]:
        """The same for the entries of documents: each altered, and each removed."""
        reasons = path_reasons(column)
        held: dict[Path, list[tuple[str, Mapping[str, Any]]]] = {}
        for place, found in self._cells(column):
            for path in paths(found):
                held.setdefault(path, []).append((place, found))
        for path, rows in held.items():
            name = ".".join(path)
            where, reason = f"{table.name}.{column.name}, entry {name}", reasons.get(name)
            # A reason may hold for some rows alone, so all of them are tried.
            tried = rows if reason is not None else [rows[0], rows[len(rows) // 2], rows[-1]]
            unnoticed = self._unnoticed_entry(column, path, tried)
            if reason is None and unnoticed:
                yield Unseen(where, f"{unnoticed}, nothing turns red, and the column's info has no reason for it")
            elif reason is not None and not unnoticed:
                yield Unseen(where, f"is seen in every row, so this reason is stale: {reason}")
        for name in reasons.keys() - {".".join(path) for path in held}:
            yield Unseen(f"{table.name}.{column.name}, entry {name}", "is in no row of the story, so its reason is stale")

    def _unnoticed_entry(self, column: Column[Any], path: Path, rows: Sequence[tuple[str, Mapping[str, Any]]]) -> str | None:
        """What goes unnoticed of an entry: another value of it, or its removal (of null, which is none, nothing is removed)."""
        ways: tuple[tuple[str, Callable[[object], object]], ...] = (("altered", other_entry), ("removed", lambda _: MISSING))
        for place, found in dict(rows).items():
            value = entry(found, path)
            for how, other in ways:
                if how == "removed" and value is None:
                    continue
                changed = document(with_entry(found, path, other(value)))
                if self._unnoticed(altering(column, changed, placed(place))):
                    return f"{how} in a row"
        return None

    def deleted_rows(self) -> Iterator[Unseen]:
        """Tables of which a row can go unnoticed."""
        for table in tables_of(self._stage.store.design):
            unnoticed = [row for row in ROWS if self._has_rows(table) and self._unnoticed(deleting(table, at(table, row)))]
            if unnoticed and reason_of(table) is None:
                yield Unseen(table.name, f"the {unnoticed[0]} row deleted, nothing turns red")

    def _has_rows(self, table: Table) -> bool:
        query = sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table.name))
        (found,) = self._connection.execute(query).fetchone() or (False,)
        return bool(found)

    def _cells(self, column: Column[Any]) -> list[tuple[str, Any]]:
        """Where each row lies, and what it has in this column."""
        table, name = sql.Identifier(column.table.name), sql.Identifier(column.name)
        query = sql.SQL("SELECT ctid::text, {} FROM {} ORDER BY ctid").format(name, table)
        return [(str(place), value) for place, value in self._connection.execute(query)]

    def _unnoticed(self, change: sql.Composed) -> bool:
        """Whether neither the database refuses a change nor the proof sees it; the change is undone."""
        # By the driver's own rollback it would forget the prepared views: planning them takes longer than reading them.
        self._connection.pgconn.exec_(b"BEGIN")
        try:
            self._connection.execute(change, prepare=False)
            return not self._holding.differences(self._stage.kinds, self._stage.observe(self._connection))
        except (*_REFUSALS, ContractError):
            return False
        finally:
            self._connection.pgconn.exec_(b"ROLLBACK")
