"""Asks the server how it performs reads: the plans of a design's own statements, and the indexes and rows of its tables."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TIMESTAMP, TypeEngine

from bench.drive.drivers import Links, wait
from bench.drive.flights import Command, Exchange, Verb
from bench.reads.asked import Target
from bench.reads.plans import pages, scans, sorted_rows
from bench.results.schema import ReadPlan
from bench.stores import Store, tables_of
from variants.contract import Query, Reading, Rows, Statement

MODES: tuple[str, ...] = ("generic", "custom")
"""What a prepared statement may get: one plan for all parameters, or a plan for each."""

_EXPLAIN = "EXPLAIN (ANALYZE, BUFFERS, TIMING OFF, SUMMARY OFF, FORMAT JSON) EXECUTE asked"


def read_plans(store: Store, variant: str, targets: Iterable[Target]) -> list[ReadPlan]:
    """The plan of every statement of these reads, generic and custom; the statements are those that the drivers prepare."""
    with store.links(Exchange.PLAIN) as links, psycopg.connect(store.conninfo, autocommit=True) as connection:
        return [
            ReadPlan(
                variant=variant,
                kind=target.kind,
                target=target.place,
                statement=number,
                times=times,
                mode=mode,
                scans=scans(plan),
                sorted_rows=sorted_rows(plan),
                pages=pages(plan),
            )
            for target in targets
            for number, (statement, times) in enumerate(_distinct(_statements(links, store.design.read(target.read))), start=1)
            for mode, plan in _plans(connection, statement)
        ]


def table_rows(store: Store) -> dict[str, int]:
    """The rows of each table of the design, counted."""
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        found = {}
        for table in tables_of(store.design):
            row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table.name))).fetchone()
            found[table.name] = 0 if row is None else int(row[0])
    return found


def settle(store: Store) -> None:
    """What a server that runs for a while has done: dead rows gone, pages marked visible, statistics for the planner."""
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        connection.execute("VACUUM (ANALYZE)")


def _statements(links: Links, reading: Reading) -> Iterator[Statement]:
    """The statements of a read, each performed, so that the next one is what it would be."""
    rows: Rows | None = None
    while True:
        try:
            statement = next(reading) if rows is None else reading.send(rows)
        except StopIteration:
            return
        (rows,) = wait(links[statement.side], (Command(Verb.EXECUTE, statement.side, statement, True),))
        yield statement


def _distinct(statements: Iterable[Statement]) -> list[tuple[Statement, int]]:
    """Each statement as it is sent first, and how many times it is sent, whatever its parameters."""
    found: dict[Query, list[Statement]] = {}
    for statement in statements:
        found.setdefault(statement.constant, []).append(statement)
    return [(same[0], len(same)) for same in found.values()]


def _plans(connection: psycopg.Connection[Any], statement: Statement) -> Iterator[tuple[str, dict[str, Any]]]:
    connection.execute(f"PREPARE asked AS {statement.constant.sql}".encode())
    values = sql.SQL(", ").join(map(_literal, statement.parameters, statement.constant.types))
    given = sql.SQL("({})").format(values) if statement.parameters else sql.SQL("")
    command = sql.SQL("{} {}").format(sql.SQL(_EXPLAIN), given)
    for mode in MODES:
        connection.execute(f"SET plan_cache_mode = force_{mode}_plan".encode())
        row = connection.execute(command).fetchone()
        if row is None:
            raise RuntimeError("EXPLAIN answered nothing")
        yield mode, row[0][0]["Plan"]
    connection.execute("DEALLOCATE asked")


def _literal(value: object, kind: TypeEngine[Any]) -> sql.Composable:
    """A parameter as text: the server gives it the type that the statement asks for."""
    if value is None or (isinstance(value, bool | int) and not isinstance(kind, TIMESTAMP)):
        return sql.Literal(value)
    if isinstance(kind, TIMESTAMP) and isinstance(value, int):
        return sql.Literal(datetime.fromtimestamp(value / 1000, UTC).replace(tzinfo=None).isoformat(timespec="milliseconds"))
    if isinstance(kind, JSONB):
        return sql.Literal(json.dumps(value))
    return sql.Literal(str(value))
