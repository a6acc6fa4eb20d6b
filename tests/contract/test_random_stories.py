"""Random stories: whatever the rules allow, every registered design does what the reference model does, or declares the gap."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from bench.registry import build, known, load
from bench.stores import Store
from bench.verify.awkward import AGENTS
from bench.verify.holding import Holding
from bench.verify.rehearsal import Rehearsal, rehearse
from bench.verify.stage import WAYS, Stage, Way
from bench.verify.stories import STORIES, Story
from bench.verify.wording import worded
from variants.contract import Design, Options
from workloads.operations import Delete, Edit, Join, Leave, Reply, Role, Send
from workloads.validate import check

FreshStore = Callable[[Design], Store]

HEALTH = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
CHOICES = {"story": STORIES, "way": st.sampled_from(WAYS)}


@pytest.fixture
def stages(fresh_store: FreshStore) -> Iterator[list[Stage]]:
    """A stage of every registered design, for all stories of a test."""
    designs = build(load(known()), Options())
    with ExitStack() as stack:
        yield [stack.enter_context(Stage.opened(fresh_store(design))) for design in designs.values()]


def live(stages: list[Stage], story: Story, way: Way) -> None:
    """Every design lives the same story."""
    holding = Holding(rehearse(story.writes, story.reads()))
    for name in sorted(events(holding.story)):
        event(name)
    for stage in stages:
        for fault in stage.tell(holding, way):
            lines = "\n".join(worded(write) for write in fault.writes)
            pytest.fail(f"{stage.store.design.name}, {fault.way}: {fault.promise}\n{lines}\n{fault.read}\n{fault}")


@settings(max_examples=50, deadline=None, suppress_health_check=HEALTH)
@given(**CHOICES)
def test_a_random_story_ends_in_every_design_as_the_model_says(stages: list[Stage], story: Story, way: Way) -> None:
    live(stages, story, way)


@pytest.mark.full
@pytest.mark.timeout(3600)
@settings(max_examples=3000, deadline=None, suppress_health_check=HEALTH)
@given(**CHOICES)
def test_many_random_stories_end_in_every_design_as_the_model_says(stages: list[Stage], story: Story, way: Way) -> None:
    live(stages, story, way)


def events(story: Rehearsal) -> set[str]:
    """What happens in a story that a careless design gets wrong."""
    found: set[str] = set()
    left: set[tuple[str, str]] = set()
    deleted: set[str] = set()
    sent: dict[str, str] = {}
    for act in story.acts:
        match act.write:
            case Join(channel_id=channel, member=member) if act.refusal is None:
                if (channel, member.id) in left:
                    found.add(f"{member.role} joins again")
                if member.role is Role.AGENT and channel in sent.values():
                    found.add("agent joins late")
            case Leave(channel_id=channel, member=member) if act.refusal is None:
                left.add((channel, member.id))
                found.add(f"{member.role} leaves")
            case Send(key=key, channel_id=channel) | Reply(key=key, channel_id=channel):
                found.add("message sent twice" if key in sent else "message")
                sent[key] = channel
                if act.context.reply_to_id is None and (isinstance(act.write, Reply) or act.write.in_reply_to):
                    found.add("answer to a deleted message")
            case Edit(message_key=message, rev=rev):
                found.add("edit of an unknown message" if message not in sent else "edit")
                if message in deleted:
                    found.add("edit of a deleted message")
                elif act.refusal is not None and message in sent:
                    found.add("overtaken edit")
                if rev > 1 and act.refusal is None:
                    found.add("second edit")
            case Delete(message_key=message):
                found.add("delete of an unknown message" if message not in sent else "delete")
                if message in deleted:
                    found.add("delete of a deleted message")
                deleted.add(message)
    return found


def kinds_of_ids(story: Story) -> set[str]:
    """What is special about the ids in a story."""
    ids = [*story.channels, *story.users, story.writes[0].key]
    found = set()
    for given_id in ids:
        categories = {unicodedata.category(character) for character in given_id}
        directions = {unicodedata.bidirectional(character) for character in given_id}
        found |= {"255 bytes"} if len(given_id.encode()) == 255 else set()
        found |= {"one byte"} if len(given_id.encode()) == 1 else set()
        found |= {"right to left"} if directions & {"R", "AL"} else set()
        found |= {"combining"} if categories & {"Mn", "Mc"} else set()
        found |= {"control"} if "Cc" in categories else set()
        found |= {"beyond 16 bits"} if any(ord(character) > 0xFFFF for character in given_id) else set()
        found |= {"around an agent's id"} if any(agent in given_id and agent != given_id for agent in AGENTS) else set()
    for one, other in ((one, other) for group in (story.channels, story.users) for one in group for other in group if one != other):
        found |= {"prefix of another"} if other.startswith(one) else set()
        found |= {"another in other case"} if one.casefold() == other.casefold() else set()
        found |= {"another in other form"} if unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other) else set()
    return found


SHARES = {
    "message": 0.8,
    "user joins again": 0.2,
    "agent joins again": 0.2,
    "agent joins late": 0.2,
    "user leaves": 0.3,
    "agent leaves": 0.3,
    "message sent twice": 0.1,
    "answer to a deleted message": 0.1,
    "edit": 0.5,
    "second edit": 0.1,
    "overtaken edit": 0.02,
    "edit of a deleted message": 0.1,
    "edit of an unknown message": 0.2,
    "delete": 0.4,
    "delete of a deleted message": 0.1,
    "delete of an unknown message": 0.2,
    "255 bytes": 0.1,
    "one byte": 0.05,
    "right to left": 0.05,
    "combining": 0.1,
    "control": 0.05,
    "beyond 16 bits": 0.1,
    "around an agent's id": 0.05,
    "prefix of another": 0.2,
    "another in other case": 0.02,
    "another in other form": 0.02,
}
"""In how many stories each thing happens, at the least. Hypothesis mixes in constants of the code: shares move with it."""


def test_the_stories_hold_what_tells_designs_apart() -> None:
    seen: Counter[str] = Counter()
    stories = 0

    @settings(
        max_examples=300, derandomize=True, database=None, deadline=None, phases=[Phase.generate], suppress_health_check=HEALTH
    )
    @given(STORIES)
    def look(story: Story) -> None:
        nonlocal stories
        stories += 1
        rehearsal = rehearse(story.writes, ())
        seen.update(events(rehearsal) | kinds_of_ids(story))
        for write in story.writes:
            check(write)

    look()
    assert stories == 300
    assert {name: seen[name] / stories for name, share in SHARES.items() if seen[name] / stories < share} == {}
