"""Recorded messages become scripts of pgbench: constants, columns, NULL, and messages that differ."""

from __future__ import annotations

import pytest
from sqlalchemy import Boolean, Column, Integer, MetaData, Table, Text, bindparam, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB, TIMESTAMP

from bench.drive.flights import Command, Verb
from bench.pgbench.recording import Message
from bench.pgbench.script import scripts
from bench.pgbench.text import NotReplayable, script_sql, value_text
from variants.contract import Query, Side

THINGS = Table("things", MetaData(), Column("id", Integer), Column("name", Text), Column("kind", Text))
ADD = Query(Side.CENTRAL, insert(THINGS).values(id=bindparam("id"), name=bindparam("name"), kind=bindparam("kind")))
FIND = Query(Side.CENTRAL, select(THINGS.c.id).where(THINGS.c.name == bindparam("name")))
BEGIN, COMMIT = Command(Verb.BEGIN, Side.CENTRAL), Command(Verb.COMMIT, Side.CENTRAL)


def message(number: int, name: str | None = "a", kind: str = "same", *, finds: bool = False) -> Message:
    add = Command(Verb.EXECUTE, Side.CENTRAL, ADD(id=number, name=name, kind=kind))
    find = Command(Verb.EXECUTE, Side.CENTRAL, FIND(name=kind))
    return ((BEGIN, find), (add, COMMIT)) if finds else ((BEGIN, add, COMMIT),)


def lines(script: str) -> list[str]:
    return [line for line in script.splitlines() if not line.startswith(("SELECT v", "SELECT s", "\\set"))]


def test_what_varies_is_fetched_and_what_does_not_is_a_constant() -> None:
    made = scripts([[message(1), message(2)], [message(3), message(4)]], 1)
    assert made.columns == ("v0",)
    assert made.rows == ((("1",), ("2",)), (("3",), ("4",)))
    assert sorted(made.constants.values()) == ["a", "same"]
    assert made.plain.splitlines()[:2] == [
        "SELECT v0 FROM replay_parameters WHERE client = :client_id AND n = :i \\gset",
        "\\set i :i + 1",
    ]
    by_name = {value: name for name, value in made.constants.items()}
    insert_line = (
        f"INSERT INTO things (id, name, kind) VALUES (:v0::INTEGER, :{by_name['a']}::VARCHAR, :{by_name['same']}::VARCHAR);"
    )
    assert lines(made.plain) == ["BEGIN;", insert_line, "COMMIT;"]
    assert lines(made.pipelined) == ["\\startpipeline", "BEGIN;", insert_line, "COMMIT;", "\\endpipeline"]


def test_values_that_are_always_equal_are_fetched_once() -> None:
    made = scripts([[message(n, name=f"n{n}", kind=f"n{n}") for n in range(3)]], 1)
    assert made.columns == ("v0", "v1")
    assert made.rows[0] == (("0", "n0"), ("1", "n1"), ("2", "n2"))
    assert ":v0::INTEGER, :v1::VARCHAR, :v1::VARCHAR" in made.plain


def test_an_iteration_holds_several_messages_and_a_rest_is_left_out() -> None:
    made = scripts([[message(n) for n in range(5)]], 2)
    assert made.messages == 2
    assert made.rows == ((("0", "1"), ("2", "3")),)
    assert lines(made.plain).count("BEGIN;") == 2


def test_null_is_a_variable_that_nobody_sets() -> None:
    made = scripts([[message(1, name=None), message(2, name=None)]], 1)
    assert ":nothing::VARCHAR" in made.plain
    assert "nothing" not in made.columns
    assert "nothing" not in made.constants


def test_messages_of_different_statements_are_chosen_between() -> None:
    made = scripts([[message(1), message(2, finds=True), message(3, name=None)]], 1)
    assert made.columns[0] == "s0"
    assert [row[0] for row in made.rows[0]] == ["0", "1", "2"]
    found = [line for line in made.plain.splitlines() if line.startswith(("\\if", "\\elif", "\\endif"))]
    assert found == ["\\if :s0 = 0", "\\elif :s0 = 1", "\\elif :s0 = 2", "\\endif"]


def test_statements_that_are_transactions_of_their_own_get_pipelines_of_their_own() -> None:
    alone = [Command(Verb.EXECUTE, Side.CENTRAL, ADD(id=1, name="a", kind=kind), True) for kind in ("x", "y")]
    made = scripts([[(tuple(alone),)]], 1)
    assert [line for line in lines(made.pipelined) if line.startswith("\\")] == ["\\startpipeline", "\\endpipeline"] * 2


def test_too_many_sequences_are_refused() -> None:
    sent = [tuple((BEGIN, COMMIT) for _ in range(n + 1)) for n in range(17)]
    with pytest.raises(NotReplayable, match="more than 16 sequences"):
        scripts([sent], 1)


@pytest.mark.parametrize("sql", ["SELECT 'a:b'", "SELECT x[1:2] FROM t", "SELECT :name"])
def test_a_colon_before_a_name_cannot_be_written(sql: str) -> None:
    with pytest.raises(NotReplayable, match="takes for a variable"):
        script_sql(sql, [])


@pytest.mark.parametrize("sql", ["SELECT $$x$$", "SELECT $tag$x$tag$", "SELECT E'\\n'"])
def test_what_scripts_read_otherwise_is_refused(sql: str) -> None:
    with pytest.raises(NotReplayable, match="read otherwise"):
        script_sql(sql, [])


def test_only_parameters_outside_of_quotes_become_variables() -> None:
    made = script_sql("""SELECT $1::TEXT, '$1 isn''t it', "$2", $2""", ["a", "b"])
    assert made == """SELECT :a::TEXT, '$1 isn''t it', "$2", :b;"""


def test_values_are_written_as_the_server_reads_them() -> None:
    assert value_text(TIMESTAMP(), 1_767_225_600_123) == "2026-01-01 00:00:00.123000"
    assert value_text(JSONB(), {"a": [1, "ü"]}) == '{"a":[1,"ü"]}'
    assert value_text(Boolean(), True) == "true"
    assert value_text(Integer(), 5) == "5"
    assert value_text(Text(), "a\nb") == "a\nb"
    assert value_text(Text(), None) is None


def test_a_message_without_parameters_still_counts_its_iterations() -> None:
    bare = Command(Verb.EXECUTE, Side.CENTRAL, Query(Side.CENTRAL, text("SELECT 1"))(), True)
    made = scripts([[((bare,),), ((bare,),)]], 1)
    assert made.columns == ("n",)
    assert made.rows == ((("0",), ("1",)),)
