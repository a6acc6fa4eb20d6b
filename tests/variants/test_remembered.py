"""What is made of a fact is made once, and never given for another fact."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text, bindparam, select

from variants.contract import Ensure, Query, Side
from variants.schema.identity import memory_id, unique_uuid
from variants.schema.remembered import REMEMBERED, Remembered

THINGS = Table("things", MetaData(), Column("id", Text))
FIND = Query(Side.AGENT, select(THINGS.c.id).where(THINGS.c.id == bindparam("id")))


class Fact:
    """One that is equal to no other."""


def ensure(key: str) -> Ensure:
    return Ensure(FIND(id=key), (), key)


def test_it_is_given_back_for_the_very_fact_it_was_made_of() -> None:
    remembered, fact, made = Remembered[Fact](), Fact(), ensure("a")
    assert remembered.get("key", fact) is None
    assert remembered.keep("key", fact, made) is made
    assert remembered.get("key", fact) is made
    assert remembered.get("key", Fact()) is None
    assert remembered.get("other", fact) is None


def test_it_holds_a_bounded_number() -> None:
    remembered, fact, made = Remembered[Fact](), Fact(), ensure("a")
    for number in range(REMEMBERED + 1):
        remembered.keep(number, fact, made)
    assert remembered.get(0, fact) is None
    assert remembered.get(REMEMBERED, fact) is made


def test_the_id_of_a_copy_is_that_of_its_message_and_agent() -> None:
    assert memory_id("agent", "message") == unique_uuid("agent", "message-agent")


def test_the_values_of_a_call_go_by_their_names_again() -> None:
    query = Query(Side.AGENT, select(THINGS.c.id).where(THINGS.c.id == bindparam("id"), THINGS.c.id != "fixed"))
    assert query.named(query(id="x").parameters) == {"id": "x"}
