from __future__ import annotations

from collections import Counter

import pytest

from bench.growth.sizes import Place, extended_to, is_by_decade, read, written
from bench.growth.world import World, agents_world, channels_world, read_of, rows_world, silent_world
from workloads.model import Model
from workloads.operations import AddAgent, CreateChannel, CreateServer, Join, Send
from workloads.validate import check


def lived(world: World) -> Model:
    """The reference model takes every write: refuses what is out of order."""
    model = Model()
    for write in world.writes():
        check(write)
        model.apply(write, model.context(write))
    return model


WORLDS = [agents_world((0, 1, 3), 1), rows_world(1_000, 1), channels_world(10, 1), channels_world(11_000, 1), silent_world(1)]


@pytest.mark.parametrize("world", WORLDS[:3])
def test_the_reference_model_takes_every_write_of_a_world(world: World) -> None:
    model = lived(world)
    assert len(model.projection().c_message) == world.stored
    assert model.channels_told() >= {room.id for room in world.all_rooms if room.agents}


@pytest.mark.parametrize("world", WORLDS)
def test_a_world_is_the_same_at_each_call_and_has_as_many_messages_as_it_says(world: World) -> None:
    once = list(world.writes())
    assert once == list(world.writes())
    sends = Counter(write.channel_id for write in once if isinstance(write, Send))
    assert [sends[room.id] for room in world.all_rooms] == list(world.messages)


def test_along_the_agents_each_channel_has_the_first_k_agents_of_one_server() -> None:
    world = agents_world((0, 2, 5), 7)
    assert {size: len(rooms[0].agents) for size, rooms in world.rooms.items()} == {0: 0, 2: 2, 5: 5}
    assert world.rooms[5][0].agents[:2] == world.rooms[2][0].agents
    kinds = Counter(type(write) for write in world.writes())
    assert (kinds[CreateServer], kinds[AddAgent], kinds[CreateChannel]) == (1, 5, 3)
    assert kinds[Join] == 3 * 5 + 7


def test_along_the_rows_a_hundred_channels_hold_them_and_the_first_a_fifth() -> None:
    for rows in (1_000, 10_000):
        world = rows_world(rows, 1)
        assert (len(world.all_rooms), world.stored, world.messages[0]) == (100, rows, rows // 5)
        assert max(world.messages[1:]) - min(world.messages[1:]) <= 1
    small, large = (len([w for w in rows_world(rows, 1).writes() if not isinstance(w, Send)]) for rows in (1_000, 10_000))
    assert small == large


def test_along_the_channels_the_messages_stay_and_each_server_has_ten_channels() -> None:
    world = channels_world(100, 1)
    assert (world.stored, set(world.messages)) == (10_000, {100})
    assert set(Counter(room.server for room in world.all_rooms).values()) == {10}
    assert channels_world(20_000, 1).stored == 20_000


def test_a_size_stands_in_the_raw_rows_beside_its_kind() -> None:
    assert read(written("latest_page", 10_000)) == Place("latest_page", 10_000)
    for text in ("send", "send at ", "send at x", "send at -1", f"send at {10**13}"):
        assert read(text) is None


def test_agents_are_extended_to_fifty_and_rows_by_one_decade() -> None:
    assert extended_to("agents", [0, 1, 8]) == 50
    assert extended_to("agents", [0, 50]) is None
    assert extended_to("rows", [10_000, 100_000]) == 1_000_000
    assert not is_by_decade("agents")
    assert is_by_decade("channels")


def test_a_kind_of_read_that_is_none_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="unknown kind"):
        read_of("gossip", rows_world(1_000, 1).all_rooms[0], 1, of_member=True)
