"""The checker in SQL: all invariants, decided by PostgreSQL in one snapshot of one database."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg

from bench.checker.columns import RELATIONS, VIEWS, Columns
from bench.checker.in_sql import checks, tables
from bench.checker.in_sql.loading import Part, load, load_views
from bench.checker.violation import Violation
from bench.stores import Store


@contextmanager
def checking(conninfo: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection for many checks, closed at the end."""
    with psycopg.connect(conninfo, autocommit=True) as connection:
        yield connection


def check_store_in_sql(
    connection: psycopg.Connection[Any], store: Store, history: Columns, part: Part | None = None
) -> list[Violation]:
    """Every violation in a store, or in this part of it, sorted: by its own views in one snapshot, and by this history.

    The views of `history` are not looked at. `connection` is to the store, in autocommit. Nothing but temporary tables is written;
    their first use makes them in this session, and they stay for the next. Raises `ContractError` when a view fails.
    """
    with _snapshot(connection):
        load_views(connection, store.design.name, store.design.views(), history.names, part)
        load(connection, history, [name for name in RELATIONS if name not in VIEWS])
        tables.derive(connection, peer_delivery=history.peer_delivery, maps_ids=history.maps_ids)
        found = checks.run(connection)
        texts = _texts(connection, {int(cell[1:]) for _, key, _ in found for cell in key if cell[0] == "#"})
        return checks.told(found, texts.__getitem__)


def check_rows_in_sql(connection: psycopg.Connection[Any], columns: Columns) -> list[Violation]:
    """The same of a store that is in no database: these columns are copied to any one, over a connection in autocommit."""
    with _snapshot(connection):
        load(connection, columns)
        tables.derive(connection, peer_delivery=columns.peer_delivery, maps_ids=columns.maps_ids)
        return checks.told(checks.run(connection), columns.names.text)


def _texts(connection: psycopg.Connection[Any], codes: Collection[int]) -> dict[int, str]:
    return dict(connection.execute("SELECT code, text FROM checker_name WHERE code = ANY(%s)", (list(codes),)).fetchall())


@contextmanager
def _snapshot(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """One transaction, REPEATABLE READ, READ ONLY; it may fill temporary tables all the same."""
    tables.create(connection)
    with connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
