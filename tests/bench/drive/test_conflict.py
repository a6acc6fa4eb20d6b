"""Inserts that do not mind a row that is there. No server takes part."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Column, MetaData, Table, Text, bindparam, delete, insert, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as postgres_insert

from bench.drive.conflict import Tolerant, obstacle
from bench.drive.errors import ContractError
from variants.contract import Begin, Commit, Ensure, Query, Rejected, Side, Statement, Task, Writing

NOTES = Table("notes", MetaData(), Column("id", Text, primary_key=True), Column("kind", Text), Column("body", JSONB))

VALUES = {"kind": "message", "id": bindparam("id"), "body": bindparam("body")}
ADD = Query(Side.AGENT, postgres_insert(NOTES).values(VALUES))
SURE = Query(Side.AGENT, postgres_insert(NOTES).values(VALUES).on_conflict_do_nothing())
RENEW = Query(Side.AGENT, postgres_insert(NOTES).values(VALUES).on_conflict_do_update(index_elements=["id"], set_={"kind": "x"}))
LOOK = Query(Side.AGENT, select(NOTES.c.id))
DROP = Query(Side.AGENT, delete(NOTES))
GENERAL = Query(Side.AGENT, insert(NOTES).values(VALUES))
RETURNING = Query(Side.AGENT, postgres_insert(NOTES).values(VALUES).returning(NOTES.c.id))


def add(query: Query, *, needs_rows: bool = False) -> Statement:
    return query(needs_rows=needs_rows, id="a", body={"n": 1})


def yielded(tolerant: Tolerant, *actions: Any, end: Rejected | None = None) -> tuple[list[Any], list[Any], object]:
    """What comes out for these actions, what the design is answered, and what it returns; each answer is a number."""
    answers: list[Any] = []

    def body() -> Writing:
        for action in actions:
            answer = yield action
            answers.append(answer)
        return end

    (task,) = tolerant.tasks([Task("agent", "agent", body())])
    assert (task.name, task.actor) == ("agent", "agent")
    out: list[Any] = []
    answer: Any = None
    while True:
        try:
            out.append(task.body.send(answer))
        except StopIteration as stop:
            return out, answers, stop.value
        answer = len(out)


def test_an_insert_gets_an_on_conflict_and_keeps_its_parameters() -> None:
    (found,), answers, _ = yielded(Tolerant(), add(ADD, needs_rows=True))
    assert found.constant.sql == f"{ADD.sql} ON CONFLICT DO NOTHING"
    assert found.constant.types == ADD.types
    assert (found.parameters, found.side, found.needs_rows) == (add(ADD).parameters, Side.AGENT, True)
    assert "message" in found.parameters
    assert answers == [1]


def test_everything_else_stays_what_it_is() -> None:
    actions = [Begin(Side.AGENT), LOOK(), add(SURE), add(RENEW), DROP(needs_rows=False), Commit(Side.AGENT)]
    out, answers, end = yielded(Tolerant(), *actions, end=Rejected("no"))
    assert out == actions
    assert answers == [1, 2, 3, 4, 5, 6]
    assert end == Rejected("no")


def test_inserts_in_groups_and_behind_a_look_get_it_too() -> None:
    tolerant = Tolerant()
    maybe = Ensure(LOOK(), (add(ADD), add(SURE)), "key")
    (group, alone), _, _ = yielded(tolerant, (add(ADD), LOOK(), maybe), maybe)
    (inserted,), _, _ = yielded(tolerant, add(ADD))
    expected = Ensure(LOOK(), (inserted, add(SURE)), "key")
    assert group == (inserted, LOOK(), expected)
    assert alone == expected


def test_a_statement_is_made_once() -> None:
    tolerant = Tolerant()
    (first,), _, _ = yielded(tolerant, add(ADD))
    (second,), _, _ = yielded(tolerant, ADD(needs_rows=False, id="b", body={}))
    assert first.constant is second.constant


@pytest.mark.parametrize(
    ("statement", "problem"),
    [
        (add(GENERAL), "is not PostgreSQL's insert of SQLAlchemy"),
        (add(RETURNING, needs_rows=True), "asks for the inserted row"),
        (Query(Side.AGENT, text("INSERT INTO notes VALUES ('a')"))(), "is not PostgreSQL's insert of SQLAlchemy"),
    ],
)
def test_an_insert_that_cannot_get_one_is_a_breach_that_names_it(statement: Statement, problem: str) -> None:
    reason = obstacle(statement)
    assert reason is not None
    assert reason.startswith(problem)
    with pytest.raises(ContractError, match="INSERT INTO notes"):
        yielded(Tolerant(), statement)


@pytest.mark.parametrize("statement", [LOOK(), add(ADD), add(SURE), add(RENEW), DROP(), add(RETURNING)])
def test_what_can_be_repeated_has_no_obstacle(statement: Statement) -> None:
    assert obstacle(statement) is None


def test_a_text_that_only_reads_has_no_obstacle() -> None:
    assert obstacle(Query(Side.AGENT, text("SELECT 'insert'"))()) is None
