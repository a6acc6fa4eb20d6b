"""Scenes are set up with inserts alone, and a store that does not follow the model is found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from sqlalchemy import literal_column, select

from bench.anatomy.preparing import insisting, set_up
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.scenes import FIRST, KINDS, WARM, exists, scene
from bench.stores import Store
from variants.contract import Begin, Commit, Design, Ensure, Options, Query, Rejected, Side, Statement, Task, Writing
from variants.dual import Dual
from workloads.model import Model
from workloads.operations import Context, Write


def statement(number: int) -> Statement:
    return Query(Side.AGENT, select(literal_column(str(number))))()


FIND, ADD, ADD_TOO, OTHER = map(statement, range(4))


def test_a_row_that_may_exist_is_inserted_without_a_look_and_answered_by_its_key() -> None:
    answers: list[object] = []

    def body() -> Writing:
        answers.append((yield Begin(Side.AGENT)))
        answers.append((yield Ensure(FIND, (ADD, ADD_TOO), "key")))
        answers.append((yield (OTHER, Ensure(FIND, (ADD, ADD_TOO), "second"), OTHER)))
        answers.append((yield Commit(Side.AGENT)))
        return None

    task = insisting(Task("agent", "agent", body()))
    sent = [next(task.body), task.body.send(None), task.body.send([None, None]), task.body.send(["a", None, None, "b"])]
    assert sent == [Begin(Side.AGENT), (ADD, ADD_TOO), (OTHER, ADD, ADD_TOO, OTHER), Commit(Side.AGENT)]
    with pytest.raises(StopIteration):
        task.body.send(None)
    assert answers == [None, "key", ["a", "second", "b"], None]


def test_a_scene_that_is_set_up_at_once_leaves_what_the_model_has(fresh_store: Callable[[Design], Store]) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with store.links(Exchange.SHARED) as links:
        for kind in KINDS:
            for state in (WARM, FIRST):
                if exists(kind, 2, state):
                    found = scene(kind, 2, state, f"{kind}{state}")
                    set_up(store.design, links, model, (*found.setup, *found.target))
    proof = prove("dual", (), model, observe(store))
    assert proof.differences == ()
    assert len(model.projection().a_message) > 0


class Refusing(Dual):
    """Refuses whatever it is asked."""

    name = "refusing"

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        def body() -> Writing:
            yield Begin(Side.CENTRAL)
            return Rejected("not today")

        return [Task("central", "central", body())]


def test_a_store_that_refuses_what_the_model_takes_makes_the_measurement_invalid(
    fresh_store: Callable[[Design], Store],
) -> None:
    store = fresh_store(Refusing(Options()))
    with store.links(Exchange.SHARED) as links, pytest.raises(InvalidMeasurement, match="ended fail: not today"):
        set_up(store.design, links, Model(), scene("send", 0, WARM, "x").setup)
