"""Every level of every factor, for every design: the whole story ends as the model says, and the proof holds.

A level that does not exist for a design is left out here and told why elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bench.cells import missing, variant_of
from bench.client import Client
from bench.drive.conflict import Conflict
from bench.drive.drivers import Told
from bench.factors import Levels, name, parse, single_levels
from bench.perform import check_outcome
from bench.proof.compare import prove
from bench.proof.masks import masked_answer, shortfalls_of
from bench.proof.observe import observe
from bench.registry import known, load
from bench.stores import Store
from bench.verify.world import all_reads, whole_story
from variants.contract import Design
from workloads.model import Model, Refused
from workloads.operations import LatestPage, PageBack, RecallContext, Reply, Send, Write

TOGETHER = (
    "dual[outbox,ensure=remembered,ids=fresh,conflict=on_conflict,retry=2+repair]",
    "hybrid[joined,ensure=insert,conflict=on_conflict]",
    "option_a[outbox,ensure=insert]",
)
"""Levels of several factors at once."""


def every_variant() -> Iterator[str]:
    """Each design at each level of each factor that there is, but for what other tests perform: defaults and joined.

    Of the retries, which nothing asks for here, the most stand for all.
    """
    for design, make in load(known()).items():
        for factor, level, levels in single_levels():
            told_elsewhere = level in {factor.default, "joined"} or (factor.name == "retry" and not levels.repair)
            if not told_elsewhere and missing(design, make, levels) is None:
                yield name(design, levels)
    yield from TOGETHER


def refusal(model: Model, operation: Write, client: Client) -> str | None:
    try:
        model.apply(operation, client.context(model, operation))
    except Refused as refused:
        return refused.reason
    return None


def is_resent(operation: Write, reason: str | None) -> bool:
    """A message that was accepted already: on conflict it is left alone and told ok, which is the level's point."""
    return isinstance(operation, (Send, Reply)) and reason is not None and "was accepted already" in reason


def perform_story(client: Client, model: Model) -> int:
    """Everything that can be asked, each answer held against the model; the time of the last write."""
    shortfalls = shortfalls_of(client.store.design)
    story = [step.write for step in whole_story()]
    for operation in story:
        context = client.context(model, operation)
        reason = refusal(model, operation, client)
        if client.levels.conflict is Conflict.ON_CONFLICT and is_resent(operation, reason):
            continue
        check_outcome(client.store.design.name, operation, client.write(operation, context), reason)
    client.settle()
    for asked in all_reads(story[-1].at_ms):
        completion = client.read(asked)
        assert completion.told is Told.OK, (asked, completion)
        found, expected = list(completion.value), list(masked_answer(asked, shortfalls, model))
        if not isinstance(asked, (LatestPage, PageBack, RecallContext)):
            found, expected = sorted(found), sorted(expected)
        assert found == expected, asked
    return story[-1].at_ms


def ends_as_the_model_says(store: Store, levels: Levels, *, peer_delivery: bool = True) -> None:
    model = Model(peer_delivery=peer_delivery)
    with Client.opened(store, levels) as client:
        perform_story(client, model)
    assert prove(store.design.name, store.design, model, observe(store)).differences == ()


@pytest.mark.parametrize("variant", list(every_variant()))
def test_the_whole_story_ends_as_the_model_says_at_every_level(variant: str, fresh_store: Callable[[Design], Store]) -> None:
    design, levels = parse(variant)
    store = fresh_store(variant_of(design, load([design])[design], levels))
    ends_as_the_model_says(store, levels)


@pytest.mark.parametrize("variant", [*known(), "dual[outbox]", "hybrid[outbox]"])
def test_the_whole_story_ends_as_the_model_says_where_agents_are_not_told_of_replies(
    variant: str, fresh_store: Callable[[Design], Store]
) -> None:
    design, levels = parse(variant)
    store = fresh_store(variant_of(design, load([design])[design], levels))
    ends_as_the_model_says(store, levels, peer_delivery=False)
