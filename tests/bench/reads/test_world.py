from __future__ import annotations

from collections import Counter
from itertools import islice

import numpy as np
import pytest

from bench.errors import UserError
from bench.reads.asked import BUSIEST, KINDS, USUAL, mix, targets
from bench.reads.world import Scale, World, world
from workloads.model import Model
from workloads.operations import CreateChannel, Join, LatestPage, RecallContext, Role, Send, kind_of


@pytest.fixture(scope="module")
def small() -> World:
    return world(Scale(2_000), seed=3)


def test_the_same_size_and_seed_give_the_same_world(small: World) -> None:
    again = list(world(Scale(2_000), seed=3).writes())
    assert list(small.writes()) == again == list(small.writes())
    assert list(world(Scale(2_000), seed=4).writes()) != again


def test_a_world_has_as_many_messages_and_memberships_as_rows_are_asked_for(small: World) -> None:
    kinds = Counter(kind_of(write) for write in small.writes())
    assert kinds["send"] == 2_000
    assert kinds["join"] == 2_000
    assert kinds["create_channel"] == 200
    assert kinds["add_agent"] == 200
    assert kinds.keys() == {"create_server", "add_agent", "create_channel", "join_agent", "join", "send"}


def test_one_channel_is_far_larger_than_the_others(small: World) -> None:
    messages = Counter(write.channel_id for write in small.writes() if isinstance(write, Send))
    assert messages[small.rooms[0].id] == 400
    assert min(messages.values()) == 1
    assert len(messages) == 200
    channels = Counter(write.server_id for write in small.writes() if isinstance(write, CreateChannel))
    assert channels.pop(small.servers[0]) == 2 * max(channels.values())


def test_the_model_takes_every_write_and_every_channel_has_an_agent_before_anybody_else(small: World) -> None:
    model = Model()
    entered: set[str] = set()
    for write in small.writes():
        if isinstance(write, Join):
            assert write.member.role is Role.AGENT or write.channel_id in entered
            entered.add(write.channel_id)
        model.apply(write, model.context(write))
    assert entered == {room.id for room in small.rooms}


def test_every_kind_of_read_is_asked_of_the_busiest_and_of_a_usual_place(small: World) -> None:
    model = Model()
    for write in small.writes():
        model.apply(write, model.context(write))
    asked = targets(small)
    assert [(target.kind, target.place) for target in asked] == [(kind, place) for kind in KINDS for place in (BUSIEST, USUAL)]
    answers = {(target.kind, target.place): len(model.answer(target.read)) for target in asked}
    assert all(answers.values())
    assert answers["list_channels", BUSIEST] > answers["list_channels", USUAL]
    recalls = [target.read for target in asked if isinstance(target.read, RecallContext)]
    assert len({recall.agent_id for recall in recalls}) == 2


@pytest.mark.parametrize("rows", [0, 999, 10_000_001])
def test_a_size_that_is_none_is_refused(rows: int) -> None:
    with pytest.raises(UserError, match=f"rows {rows}: give a number from 1000"):
        Scale(rows)


def test_reads_come_in_turns_and_the_servers_of_an_agent_every_third(small: World) -> None:
    asked = [kind_of(read) for read in islice(mix(small, np.random.default_rng(1)), 19)]
    assert asked == [*KINDS, *KINDS[:-1], *KINDS[:-1]]


def test_busy_channels_are_read_more_often(small: World) -> None:
    pages = [read for read in islice(mix(small, np.random.default_rng(1)), 2_000) if isinstance(read, LatestPage)]
    share = sum(page.channel_id == small.rooms[0].id for page in pages) / len(pages)
    assert 0.15 < share < 0.25
