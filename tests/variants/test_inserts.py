"""Every insert of a design can be given an ON CONFLICT clause: the harness derives that form of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Column, Insert, Integer, MetaData, Table, Text, literal_column
from sqlalchemy.dialects import postgresql

from bench.verify.world import whole_story
from tests.variants.test_index_levels import DRAWN
from variants.contract import Build, Ensure, Options, Query, Statement, Task
from variants.schema.inserts import one_row
from variants.statements import Side
from workloads.model import Model

THINGS = Table("things", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text), Column("made", Text))


def test_an_insert_of_one_row_has_a_parameter_for_each_column() -> None:
    query = Query(Side.CENTRAL, one_row(THINGS))
    assert query.names == {"id", "name", "made"}
    assert query(needs_rows=False, made="c", id=1, name="b").parameters == (1, "b", "c")


def test_a_column_may_be_left_to_its_default_or_be_given_an_expression() -> None:
    query = Query(Side.CENTRAL, one_row(THINGS, by_default={"made"}, name=literal_column("'fixed'")))
    assert query.sql == "INSERT INTO things (id, name) VALUES ($1::INTEGER, 'fixed')"


def actions(task: Task) -> Iterator[Statement | Ensure]:
    """What a task asks for, one by one, when every edit finds its message."""
    answer: object = None
    try:
        while True:
            action = task.body.send(answer)
            for part in action if isinstance(action, tuple) else (action,):
                if isinstance(part, (Statement, Ensure)):
                    yield part
            answer = [("found",)] if isinstance(action, Statement) and action.needs_rows else None
    except StopIteration:
        return


def cold(found: Statement | Ensure) -> tuple[Statement, ...]:
    """What is sent of it in the end when the row that it looks for is absent."""
    return found.add if isinstance(found, Ensure) else (found,)


@pytest.mark.parametrize("build", DRAWN)
def test_an_insert_of_any_operation_can_do_nothing_on_conflict(build: Build) -> None:
    design, model, seen = build(Options()), Model(), set[Query]()
    for step in whole_story():
        context = model.context(step.write)
        tasks = design.write(step.write, context)
        seen |= {sent.constant for task in tasks for found in actions(task) for sent in cold(found)}
        if not step.refused:
            model.apply(step.write, context)
    inserts = [query.construct for query in seen if isinstance(query.construct, Insert)]
    assert len(inserts) >= 6
    assert [insert for insert in inserts if not isinstance(insert, postgresql.Insert)] == []
