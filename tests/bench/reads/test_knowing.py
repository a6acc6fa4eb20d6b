"""A lookup is answered without the server only when the server could answer nothing else."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, bindparam, delete, func, insert, select, text, update

from bench.reads.knowing import Knowledge
from variants.contract import Query, Rows, Side, Statement

METADATA = MetaData()
ROOMS = Table(
    "rooms", METADATA, Column("id", Text, primary_key=True), Column("name", Text), Column("state", Text, server_default="x")
)
NOTES = Table("notes", METADATA, Column("id", Text, primary_key=True), Column("room", Text, ForeignKey("rooms.id")))


def _query(construct: object) -> Query:
    return Query(Side.CENTRAL, construct)  # type: ignore[arg-type]  # Core's statements share no public base that mypy sees


FIND = _query(select(ROOMS).where(ROOMS.c.id == bindparam("id")).limit(1))
BY_NAME = _query(select(ROOMS.c.id).where(ROOMS.c.name == bindparam("name")))
BY_STATE = _query(select(ROOMS.c.id).where(ROOMS.c.state == bindparam("state")))
COUNT = _query(select(func.count()).select_from(ROOMS).where(ROOMS.c.name == bindparam("name")))
EITHER = _query(select(ROOMS.c.id).where((ROOMS.c.id == bindparam("id")) | (ROOMS.c.name == bindparam("name"))))
JOINED = _query(select(ROOMS.c.id, NOTES.c.id).join_from(ROOMS, NOTES, isouter=True).where(ROOMS.c.id == bindparam("id")))
NEWEST = _query(select(NOTES.c.id).order_by(NOTES.c.id.desc()).limit(bindparam("limit", type_=Integer)))
ADD = _query(insert(ROOMS).values(id=bindparam("id"), name=bindparam("name")))
ADD_NOTE = _query(insert(NOTES).values(id=bindparam("id"), room=bindparam("room")))
ADD_HIDDEN = _query(insert(ROOMS).values(id=func.md5(bindparam("id")), name=bindparam("name")))
RENAME = _query(update(ROOMS).where(ROOMS.c.id == bindparam("id_")).values(name=bindparam("to")))
REMOVE = _query(delete(ROOMS).where(ROOMS.c.id == bindparam("id_")))
ANYTHING = _query(text("DELETE FROM rooms"))


def _knowing(*sent: Statement) -> Knowledge:
    knowledge = Knowledge()
    for statement in sent:
        knowledge.note(statement)
    return knowledge


def _found(knowledge: Knowledge, statement: Statement, rows: Rows) -> Knowledge:
    knowledge.learn(statement, rows)
    return knowledge


@pytest.mark.parametrize("lookup", [FIND(id="r1"), BY_NAME(name="r1"), JOINED(id="r1")])
def test_what_was_never_inserted_is_not_there(lookup: Statement) -> None:
    assert _knowing(ADD(id="r2", name="two")).answer(lookup) == ()


@pytest.mark.parametrize("lookup", [FIND(id="R2"), BY_NAME(name="two"), JOINED(id="r2")])
def test_what_may_be_there_is_asked_for(lookup: Statement) -> None:
    assert _knowing(ADD(id="r2", name="two")).answer(lookup) is None


@pytest.mark.parametrize("lookup", [BY_STATE(state="y"), COUNT(name="y"), EITHER(id="y", name="z"), NEWEST(limit=3)])
def test_a_read_that_is_no_plain_lookup_is_asked_for_until_its_tables_change(lookup: Statement) -> None:
    knowledge = _knowing(ADD(id="r2", name="two"))
    assert knowledge.answer(lookup) is None


def test_a_count_is_asked_for_each_time() -> None:
    assert _found(_knowing(), COUNT(name="y"), [(0,)]).answer(COUNT(name="y")) is None


def test_a_row_found_by_its_key_outlives_inserts_into_its_table() -> None:
    knowledge = _found(_knowing(ADD(id="r1", name="one")), FIND(id="r1"), [("r1", "one", "x")])
    knowledge.note(ADD(id="r2", name="two"))
    assert knowledge.answer(FIND(id="r1")) == [("r1", "one", "x")]


def test_rows_found_otherwise_end_with_an_insert() -> None:
    knowledge = _found(_knowing(ADD(id="r1", name="one")), BY_NAME(name="one"), [("r1",)])
    assert knowledge.answer(BY_NAME(name="one")) == [("r1",)]
    knowledge.note(ADD(id="r2", name="one"))
    assert knowledge.answer(BY_NAME(name="one")) is None


def test_a_joined_row_ends_with_an_insert_into_the_other_table() -> None:
    knowledge = _found(_knowing(ADD(id="r1", name="one")), JOINED(id="r1"), [("r1", None)])
    knowledge.note(ADD(id="r2", name="two"))
    assert knowledge.answer(JOINED(id="r1")) == [("r1", None)]
    knowledge.note(ADD_NOTE(id="n1", room="r1"))
    assert knowledge.answer(JOINED(id="r1")) is None


@pytest.mark.parametrize("change", [RENAME(id_="r1", to="new"), REMOVE(id_="r1"), ANYTHING()])
def test_nothing_known_of_a_table_outlives_a_change_of_its_rows(change: Statement) -> None:
    knowledge = _found(_knowing(ADD(id="r1", name="one")), FIND(id="r1"), [("r1", "one", "x")])
    knowledge.note(change)
    assert knowledge.answer(FIND(id="r1")) is None
    assert knowledge.answer(BY_NAME(name="new")) is None


def test_rows_made_by_the_server_may_have_any_value() -> None:
    assert _knowing(ADD_HIDDEN(id="r1", name="one")).answer(FIND(id="r9")) is None
