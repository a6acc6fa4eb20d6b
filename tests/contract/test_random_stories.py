"""Random stories: whatever the rules allow, each registered design does what the reference model does."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bench.drive.flights import Atomicity, Exchange
from bench.perform import apply_all
from bench.stores import Store, tables_of
from tests.contract.checks import wrong_answers, wrong_facts
from tests.contract.stories import STORIES, Story
from variants.contract import Design
from workloads.model import Model
from workloads.operations import Reply, Send

FreshStore = Callable[[Design], Store]


@pytest.fixture
def store(design: Design, fresh_store: FreshStore) -> Store:
    """One store for all examples, emptied for each."""
    return fresh_store(design)


def check(store: Store, story: Story, atomicity: Atomicity, exchange: Exchange) -> None:
    event(f"messages: {sum(isinstance(write, (Send, Reply)) for write in story.writes) // 5 * 5}+")
    empty(store)
    model = Model()
    with store.links(exchange) as links:
        apply_all(store.design, links, model, story.writes, atomicity, exchange)
        assert wrong_answers(store, links, model, story.reads()) == []
    assert wrong_facts(store, model) == ()


def empty(store: Store) -> None:
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        names = ", ".join(f'"{table.name}"' for table in tables_of(store.design))
        connection.execute(f"TRUNCATE {names}".encode())


CHOICES = {"story": STORIES, "atomicity": st.sampled_from(Atomicity), "exchange": st.sampled_from(Exchange)}
HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=40, deadline=None, suppress_health_check=HEALTH)
@given(**CHOICES)
def test_a_random_story_ends_as_the_model_says(store: Store, story: Story, atomicity: Atomicity, exchange: Exchange) -> None:
    check(store, story, atomicity, exchange)


@pytest.mark.full
@settings(max_examples=300, deadline=None, suppress_health_check=HEALTH)
@given(**CHOICES)
def test_many_random_stories_end_as_the_model_says(store: Store, story: Story, atomicity: Atomicity, exchange: Exchange) -> None:
    check(store, story, atomicity, exchange)
