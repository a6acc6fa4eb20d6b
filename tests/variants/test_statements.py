"""A statement is compiled once and given its parameters by name."""

from __future__ import annotations

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, delete, insert, select, text, update

from variants.statements import Query, Side, Statement

THINGS = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text))
ADD = Query(Side.CENTRAL, insert(THINGS).values(id=bindparam("id"), name=bindparam("name")))


def test_the_text_has_numbered_parameters_and_their_types_in_order() -> None:
    assert ADD.sql == "INSERT INTO things (id, name) VALUES ($1::INTEGER, $2::VARCHAR)"
    assert [type(kind) for kind in ADD.types] == [Integer, Text]
    assert ADD.names == {"id", "name"}


def test_a_call_gives_the_values_in_the_order_of_the_parameters() -> None:
    assert ADD(name="a", id=1) == Statement(ADD, (1, "a"), Side.CENTRAL, True)
    assert ADD(needs_rows=False, name="a", id=1).needs_rows is False


def test_a_constant_of_the_construct_is_a_parameter_that_nobody_gives() -> None:
    add = Query(Side.AGENT, insert(THINGS).values(id=bindparam("id"), name="fixed"))
    assert add.names == {"id"}
    assert add(id=2).parameters == (2, "fixed")


def test_a_parameter_that_is_used_twice_is_given_once() -> None:
    find = Query(Side.AGENT, select(THINGS).where((THINGS.c.id == bindparam("id")) | (THINGS.c.id > bindparam("id"))))
    assert find.names == {"id"}
    assert set(find(id=3).parameters) == {3}


@pytest.mark.parametrize(
    ("given", "differing"),
    [({"id": 1}, "name"), ({"id": 1, "name": "a", "nmae": "b"}, "nmae"), ({"id": 1, "nmae": "b"}, "name, nmae")],
)
def test_a_missing_or_unknown_parameter_is_named(given: dict[str, object], differing: str) -> None:
    with pytest.raises(TypeError) as wrong:
        ADD(**given)  # type: ignore[arg-type]  # wrong on purpose
    assert str(wrong.value) == f"parameters differ from those of the statement by {differing}: {ADD.sql}"


def test_a_query_knows_whether_it_changes_rows() -> None:
    of_id = THINGS.c.id == bindparam("of")
    assert ADD.writes
    assert Query(Side.CENTRAL, update(THINGS).where(of_id).values(name="x")).writes
    assert Query(Side.CENTRAL, delete(THINGS).where(of_id)).writes
    assert not Query(Side.CENTRAL, select(THINGS).where(of_id)).writes


def test_two_statements_are_equal_only_with_the_same_query_and_values() -> None:
    again = Query(Side.CENTRAL, insert(THINGS).values(id=bindparam("id"), name=bindparam("name")))
    assert ADD(id=1, name="a") == ADD(id=1, name="a")
    assert ADD(id=1, name="a") != ADD(id=2, name="a")
    assert ADD(id=1, name="a") != again(id=1, name="a")


def test_a_query_prints_its_side_and_its_text() -> None:
    assert repr(ADD) == f"Query(central, {ADD.sql!r})"


def test_a_change_hidden_in_a_with_or_in_plain_text_is_a_write() -> None:
    table = Table("hidden", MetaData(), Column("id", Text, primary_key=True))
    added = table.insert().values(id="x").returning(table.c.id).cte("added")
    assert Query(Side.CENTRAL, select(added.c.id)).writes
    assert Query(Side.CENTRAL, text("WITH a AS (DELETE FROM hidden RETURNING id) SELECT id FROM a")).writes
    assert Query(Side.CENTRAL, text("insert into hidden values ('x')")).writes
    assert not Query(Side.CENTRAL, text("SELECT updated_at FROM hidden")).writes
    assert not Query(Side.CENTRAL, select(table.c.id)).writes
