"""What the database itself refuses: a second row where one is meant, and keys that point nowhere."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import pytest
from psycopg import sql

from bench.drive.flights import Exchange
from bench.registry import build, load
from bench.stores import Store, tables_of
from bench.verify.world import whole_story
from tests.performing import apply_all
from variants.contract import Design, Indexes, NotOffered, Options
from workloads.model import Model

FreshStore = Callable[[Design], Store]

IN_AGENT_TABLES = [("participants", '"agentId" IS NOT NULL', "a second row of a member in an agent's room")]
IN_CENTRAL_TABLES = [
    ("channel_participants", "true", "a second membership"),
    ("server_agents", "true", "an agent added twice"),
]
OF_CENTRAL_ROWS = [
    ("worlds", '"agentId" IS NOT NULL', "a second world of an agent for one server"),
    ("worlds", '"agentId" IS NULL', "a second central row for one server"),
    ("rooms", '"agentId" IS NULL', "a second central row for one channel"),
    ("participants", '"agentId" IS NULL', "a second central row for one member"),
]
UNIQUE = {
    "dual": [*IN_AGENT_TABLES, *IN_CENTRAL_TABLES],
    "option_a": [*IN_AGENT_TABLES, *OF_CENTRAL_ROWS],
    "option_a_shared": [*IN_AGENT_TABLES, *OF_CENTRAL_ROWS],
    "option_b": [*IN_AGENT_TABLES, *IN_CENTRAL_TABLES],
    "option_b_envelope": [*IN_AGENT_TABLES, *IN_CENTRAL_TABLES],
    "hybrid": IN_AGENT_TABLES,
    "floor": [
        ("members", "true", "a second membership"),
        ("server_agents", "true", "an agent added twice"),
        ("subscriptions", "to_at IS NULL", "a second open interval"),
    ],
}
"""Tables with the rows to double, by design: the copy gets an id of its own where the table has one.

An agent's worlds and rooms are not among them: their ids derive from what they are about, so the primary key is enough.
"""

KEYED_BY_THEIR_OWN_ID = {"worlds", "rooms"}
"""In Option A: central rows are told by a NULL agent alone, so there is one more key; it comes with the level advised."""


@contextmanager
def filled(design: Design, fresh_store: FreshStore) -> Iterator[tuple[Store, psycopg.Connection[tuple[object, ...]]]]:
    """A store with the whole story in it, and a connection to it."""
    store = fresh_store(design)
    with store.links(Exchange.SHARED) as links:
        apply_all(design, links, Model(), (step.write for step in whole_story()), exchange=Exchange.SHARED)
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        yield store, connection


def doubling(store: Store, table_name: str, condition: str) -> sql.Composed:
    """An insert of one of these rows once more, under a new id; an interval also begins at another time."""
    (table,) = [table for table in tables_of(store.design) if table.name == table_name]
    renewed = {"id": sql.SQL("gen_random_uuid()"), "from_at": sql.SQL("from_at + interval '1 s'")}
    columns = [column.name for column in table.columns]
    values = [renewed.get(name, sql.Identifier(name)) for name in columns]
    return sql.SQL("INSERT INTO {table} ({columns}) SELECT {values} FROM {table} WHERE {condition} LIMIT 1").format(
        table=sql.Identifier(table_name),
        columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
        values=sql.SQL(", ").join(values),
        condition=sql.SQL(condition),
    )


@pytest.mark.parametrize("level", [Indexes.ADVISED, Indexes.DECLARED])
@pytest.mark.parametrize("name", list(UNIQUE))
def test_a_second_row_where_one_is_meant_is_refused_by_the_database(name: str, level: Indexes, fresh_store: FreshStore) -> None:
    with filled(load([name])[name](Options(indexes=level)), fresh_store) as (store, connection):
        for table, condition, meaning in UNIQUE[name]:
            if level is Indexes.DECLARED and table in KEYED_BY_THEIR_OWN_ID:
                continue
            found = connection.execute(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1".encode()).fetchone()
            assert found is not None, f"{name} has no row to double: {meaning}"
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute(doubling(store, table, condition))


@pytest.mark.parametrize("name", ["option_b", "option_b_envelope", "hybrid"])
@pytest.mark.parametrize(("table", "column"), [("rooms", "channelId"), ("worlds", "serverId")])
def test_an_agents_row_for_a_channel_or_server_that_is_nowhere_is_refused_where_the_note_wants_keys(
    name: str, table: str, column: str, fresh_store: FreshStore
) -> None:
    with (
        filled(build(load([name]), Options())[name], fresh_store) as (_, connection),
        pytest.raises(psycopg.errors.ForeignKeyViolation),
    ):
        connection.execute(f'UPDATE {table} SET "{column}" = "{column}" || \'!\''.encode())


def test_duals_agent_tables_are_not_tied_to_its_central_ones(fresh_store: FreshStore) -> None:
    with filled(build(load(["dual"]), Options())["dual"], fresh_store) as (_, connection):
        changed = connection.execute('UPDATE rooms SET "channelId" = "channelId" || \'!\'').rowcount
    assert changed > 0


def keys_between_sides(design: Design) -> list[str]:
    """Foreign keys from a table of one side to a table of the other."""
    sides = {table.name: side for side, metadata in design.tables.items() for table in metadata.tables.values()}
    return sorted(
        f"{table.name}.{key.parent.name} -> {key.column.table.name}.{key.column.name}"
        for table in tables_of(design)
        for key in table.foreign_keys
        if sides[table.name] is not sides[key.column.table.name]
    )


OF_OPTION_B = [
    "rooms.channelId -> channels.id",
    "server_agents.agent_id -> agents.id",
    "worlds.serverId -> message_servers.id",
]


def test_keys_cross_the_sides_as_each_design_says() -> None:
    designs = build(load(UNIQUE), Options())
    assert {name: keys_between_sides(design) for name, design in designs.items()} == {
        "dual": ["server_agents.agent_id -> agents.id"],
        "option_a": ["root_messages.channel_id -> rooms.id"],
        "option_a_shared": [],
        "option_b": OF_OPTION_B,
        "option_b_envelope": OF_OPTION_B,
        "hybrid": ["rooms.channelId -> central_channels.id", "worlds.serverId -> central_servers.id"],
        "floor": [],
    }


@pytest.mark.parametrize("name", ["dual", "option_b", "hybrid", "floor"])
def test_no_key_crosses_the_sides_when_they_are_two_databases(name: str) -> None:
    design = build(load([name]), Options(cross_side_foreign_keys=False))[name]
    assert keys_between_sides(design) == []


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("option_a", "rooms, worlds and participants are central and agents' at once"),
        ("option_a_shared", "rooms, worlds and participants are central and agents' at once"),
        ("option_b_envelope", "a page of a channel takes the texts from the agents' tables"),
    ],
)
def test_a_design_that_two_databases_cannot_hold_says_why(name: str, reason: str) -> None:
    with pytest.raises(NotOffered) as refused:
        load([name])[name](Options(cross_side_foreign_keys=False))
    assert refused.value.reason == f"two databases cannot hold this design: {reason}"


@pytest.mark.parametrize("name", list(UNIQUE))
def test_a_design_that_runs_nowhere_has_no_indexes_as_found_on_disk(name: str) -> None:
    with pytest.raises(NotOffered, match="no server runs this design"):
        load([name])[name](Options(indexes=Indexes.DEPLOYED))
