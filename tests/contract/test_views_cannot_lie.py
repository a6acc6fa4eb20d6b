"""What is stored is what is proved: a row that is altered or deleted by raw SQL turns the proof red, or the database refuses it.

A column that the proof does not see is listed with the reason. A design that is registered from elsewhere may have columns of its
own that no fact of the domain needs; so it is held to its tables here, and to its columns only when it is listed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Column, Table
from sqlalchemy.types import ARRAY, JSON, TIMESTAMP, BigInteger, Boolean, Integer, Text, Uuid

from bench.drive.flights import Exchange
from bench.perform import apply_all
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.registry import build, load
from bench.stores import Store, tables_of
from tests.contract.world import whole_story
from variants.contract import Design, Options
from workloads.model import Model

FreshStore = Callable[[Design], Store]
Connection = psycopg.Connection[Any]

IN_AGENT_TABLES = {
    "agents.enabled": "no operation turns an agent off; the real server's column, always its default",
    "agents.created_at": "when an agent was registered is no fact of the domain",
    "entities.created_at": "when an agent first heard of somebody is no fact of the domain",
    "entities.names": "the id as given is read from metadata; this is a display name",
    "participants.id": "a key that nothing refers to",
    "participants.created_at": "when a membership was noted is no fact of the domain",
    "participants.roomState": "no operation sets it; the real server's column, always NULL",
    "memories.worldId": "the room tells its world; the real server's column, without a key there, too",
    "memories.unique": "no operation sets it; the real server's column, always its default",
}
IN_ROOT_MESSAGES = {"root_messages.updated_at": "the time of the last edit is no fact of the domain: its number is"}
UNOBSERVED: dict[str, dict[str, str]] = {
    "dual": {
        **IN_AGENT_TABLES,
        **IN_ROOT_MESSAGES,
        "message_servers.server_type": "the note lists it, no operation carries it; always NULL",
    },
    "option_a": {**IN_AGENT_TABLES, **IN_ROOT_MESSAGES},
    "option_b": {**IN_AGENT_TABLES, **IN_ROOT_MESSAGES},
    "hybrid": {**IN_AGENT_TABLES, **IN_ROOT_MESSAGES},
    "floor": {},
}


class Told:
    """A store with the whole story in it, the model of the same, and a connection to alter it."""

    def __init__(self, store: Store, connection: Connection) -> None:
        self.store = store
        self.connection = connection
        self.model = Model()
        with store.links(Exchange.SHARED) as links:
            writes = (step.write for step in whole_story())
            apply_all(store.design, links, self.model, writes, exchange=Exchange.SHARED)

    def is_whole(self) -> bool:
        """Whether the proof holds, within the open transaction."""
        seen = observe(self.store, connection=self.connection)
        return prove(self.store.design.name, self.store.design.gaps(), self.model, seen).holds

    def goes_unnoticed(self, change: sql.Composed) -> bool:
        """Whether neither the database refuses a change nor the proof sees it; the change is undone."""
        try:
            with self.connection.transaction(force_rollback=True):
                assert self.connection.execute(change).rowcount == 1
                return self.is_whole()
        except psycopg.errors.IntegrityError:
            return False


@contextmanager
def told(design: Design, fresh_store: FreshStore) -> Iterator[Told]:
    store = fresh_store(design)
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        found = Told(store, connection)
        assert found.is_whole()
        yield found


def other_value(column: Column[Any]) -> sql.Composable:
    """An expression for another value than the stored one."""
    name = sql.Identifier(column.name)
    match column.type:
        case Uuid():
            return sql.SQL("gen_random_uuid()")
        case TIMESTAMP():
            return sql.SQL("coalesce({} + interval '1 h', '2001-01-01')").format(name)
        case Boolean():
            return sql.SQL("NOT {}").format(name)
        case JSON():
            return sql.SQL("""'{"planted": true}'""")
        case Integer() | BigInteger():
            return sql.SQL("{} + 1").format(name)
        case ARRAY():
            return sql.SQL("ARRAY['planted']")
        case Text():
            return sql.SQL("coalesce({} || '!', 'planted')").format(name)
    raise AssertionError(f"no other value for {column!r}")


def one_row(table: Table, direction: str) -> sql.Composed:
    """The first or the last row of a table as it lies there."""
    chosen = sql.SQL("ctid = (SELECT ctid FROM {} ORDER BY ctid {} LIMIT 1)")
    return chosen.format(sql.Identifier(table.name), sql.SQL("ASC" if direction == "first" else "DESC"))


def altering(table: Table, column: Column[Any], direction: str) -> sql.Composed:
    return sql.SQL("UPDATE {} SET {} = {} WHERE {}").format(
        sql.Identifier(table.name), sql.Identifier(column.name), other_value(column), one_row(table, direction)
    )


def deleting(table: Table, direction: str) -> sql.Composed:
    return sql.SQL("DELETE FROM {} WHERE {}").format(sql.Identifier(table.name), one_row(table, direction))


ROWS = ("first", "last")


@pytest.mark.parametrize("name", list(UNOBSERVED))
def test_an_altered_cell_of_any_column_is_seen_or_refused_but_in_the_columns_listed_here(
    name: str, fresh_store: FreshStore
) -> None:
    with told(build(load([name]), Options())[name], fresh_store) as story:
        unnoticed = {
            f"{table.name}.{column.name}"
            for table in tables_of(story.store.design)
            for column in table.columns
            if any(story.goes_unnoticed(altering(table, column, row)) for row in ROWS)
        }
    assert unnoticed == UNOBSERVED[name].keys()


def test_a_deleted_row_of_any_table_is_seen_or_refused(design: Design, fresh_store: FreshStore) -> None:
    with told(design, fresh_store) as story:
        unnoticed = [
            f"{row} row of {table.name}"
            for table in tables_of(design)
            for row in ROWS
            if story.goes_unnoticed(deleting(table, row))
        ]
    assert unnoticed == []


def test_a_row_that_is_stored_twice_under_another_id_is_seen(fresh_store: FreshStore) -> None:
    with told(build(load(["floor"]), Options())["floor"], fresh_store) as story:
        columns = sql.SQL("channel_id, author_id, text, source_type, reply_to, rev, metadata, created_at")
        again = sql.SQL("INSERT INTO messages (id, {columns}) SELECT 'planted', {columns} FROM messages LIMIT 1")
        assert not story.goes_unnoticed(again.format(columns=columns))
