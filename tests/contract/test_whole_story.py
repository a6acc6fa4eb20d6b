"""One world that asks for everything: each registered design ends every operation, answers every read and stores every fact
as the reference model does, less its declared gaps.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.drive.flights import Atomicity, Exchange
from bench.perform import apply_all
from bench.stores import Store
from tests.contract.checks import wrong_answers, wrong_facts
from tests.contract.world import all_reads, whole_story
from variants.contract import Design
from workloads.model import Model, Refused
from workloads.operations import WRITES


@pytest.mark.parametrize("exchange", list(Exchange))
@pytest.mark.parametrize("atomicity", list(Atomicity))
def test_a_design_does_what_the_model_does(
    design: Design, atomicity: Atomicity, exchange: Exchange, fresh_store: Callable[[Design], Store]
) -> None:
    store, model, story = fresh_store(design), Model(), whole_story()
    with store.links(exchange) as links:
        # Raises when an operation ends otherwise than the model says.
        apply_all(design, links, model, (step.write for step in story), atomicity, exchange)
        assert wrong_answers(store, links, model, all_reads(story[-1].write.at_ms)) == []
    assert wrong_facts(store, model) == ()


def test_the_story_is_refused_where_it_says_so_and_nowhere_else() -> None:
    model = Model()
    for step in whole_story():
        refused = False
        try:
            model.apply(step.write, model.context(step.write))
        except Refused:
            refused = True
        assert refused is step.refused, step.write


def test_the_story_has_every_kind_of_write_and_of_fact() -> None:
    assert {type(step.write) for step in whole_story()} == set(WRITES)
    model = Model()
    for step in whole_story():
        if not step.refused:
            model.apply(step.write, model.context(step.write))
    facts = model.projection()
    assert all(len(getattr(facts, name)) > 1 for name in facts.__slots__)
    held = {row.agent for row in facts.a_message}
    assert len(held) == 3
    assert any(row.rev == 1 for row in facts.a_message)
    assert any(row.in_reply_to is None for row in facts.c_message)
