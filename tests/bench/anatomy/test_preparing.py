"""Scenes are set up with inserts alone, and a store that does not follow the model is found out."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from bench.anatomy.preparing import set_up
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.scenes import FIRST, KINDS, WARM, exists, scene
from bench.stores import Store
from variants.contract import Begin, Design, Options, Rejected, Side, Task, Writing
from variants.dual import Dual
from workloads.model import Model
from workloads.operations import Context, Write


def test_a_scene_that_is_set_up_at_once_leaves_what_the_model_has(fresh_store: Callable[[Design], Store]) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    with store.links(Exchange.SHARED) as links:
        for kind in KINDS:
            for state in (WARM, FIRST):
                if exists(kind, 2, state):
                    found = scene(kind, 2, state, f"{kind}{state}")
                    set_up(store.design, links, model, (*found.setup, *found.target))
    proof = prove("dual", store.design, model, observe(store))
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
