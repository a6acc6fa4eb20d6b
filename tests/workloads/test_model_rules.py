"""What the reference model refuses, and that a refusal changes nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.workloads.world import ADA, BEN, OTHER_SERVER, SERVER, World, member
from workloads.ids import named_id
from workloads.model import Refused
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Edit,
    Join,
    Leave,
    Member,
    Role,
    Send,
    Write,
)


def refusal(world: World, act: Callable[[], object]) -> str:
    """The reason of a refusal, after a look that nothing changed."""
    before = world.model.projection(), world.model.bounds(), world.model.subscriptions()
    with pytest.raises(Refused) as refused:
        act()
    assert (world.model.projection(), world.model.bounds(), world.model.subscriptions()) == before
    assert str(refused.value) == refused.value.reason
    assert "\n" not in refused.value.reason
    return refused.value.reason


def test_a_server_is_not_created_twice() -> None:
    world = World()
    again = CreateServer("again", world.next_ms(), SERVER, "Other name", "test")
    assert refusal(world, lambda: world.do(again)) == f"server {SERVER} exists already"


def test_a_channel_is_not_created_twice() -> None:
    world = World()
    world.open()
    assert refusal(world, world.open) == "channel talk exists already"


@pytest.mark.parametrize(
    "write",
    [
        CreateChannel("k", 5_000, "c", OTHER_SERVER, "c", ChannelKind.PUBLIC, "test"),
        AddAgent("k", 5_000, OTHER_SERVER, ADA, "Ada"),
    ],
)
def test_nothing_happens_on_an_unknown_server(write: Write) -> None:
    world = World()
    assert refusal(world, lambda: world.do(write)) == f"no server {OTHER_SERVER}"


@pytest.mark.parametrize(
    "act",
    [
        lambda world: world.join("ann"),
        lambda world: world.leave("ann"),
        lambda world: world.send("m", "ann"),
        lambda world: world.reply("m", ADA, "n"),
        lambda world: world.edit("m", "new", 1),
        lambda world: world.delete("m"),
    ],
)
def test_nothing_happens_in_an_unknown_channel(act: Callable[[World], object]) -> None:
    world = World()
    assert refusal(world, lambda: act(world)) == "no channel talk"


@pytest.mark.parametrize("behind_ms", [0, 1, 500])
def test_a_write_that_is_not_after_the_last_one_of_its_channel_is_refused(behind_ms: int) -> None:
    world = World()
    world.open("ann")
    late = Send("late", world.now_ms - behind_ms, "talk", "ann", "hi", "test")
    assert "is not after the last write of channel talk" in refusal(world, lambda: world.do(late))


def test_channels_keep_their_times_apart() -> None:
    world = World()
    world.open("ann")
    at_ms = world.now_ms
    world.open(channel="other")
    world.open(channel="third")
    world.do(Send("m", at_ms + 1, "talk", "ann", "hi", "test"))
    assert [row.created_at_ms for row in world.model.projection().c_message] == [at_ms + 1]


@pytest.mark.parametrize(
    "act",
    [
        lambda world: world.send("n", "ann"),
        lambda world: world.reply("r", ADA, "m"),
        lambda world: world.edit("m", "new", 1),
        lambda world: world.delete("m"),
        lambda world: world.join("bob"),
        lambda world: world.leave("ann"),
    ],
)
def test_every_kind_of_write_moves_the_time_of_its_channel(act: Callable[[World], object]) -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann")
    act(world)
    same_time = Join("late", world.now_ms, "talk", member("cat"))
    assert "is not after the last write of channel talk" in refusal(world, lambda: world.do(same_time))


def test_a_write_without_effect_still_moves_the_time_of_its_channel() -> None:
    world = World()
    world.open("ann")
    world.join("ann")
    early = Send("m", world.now_ms, "talk", "ann", "hi", "test")
    assert "is not after" in refusal(world, lambda: world.do(early))


def test_a_refused_write_does_not_move_the_time_of_its_channel() -> None:
    world = World()
    world.open("ann")
    at_ms = world.next_ms()
    with pytest.raises(Refused):
        world.do(Send("m", at_ms, "talk", "nobody", "hi", "test"))
    world.do(Send("m", at_ms, "talk", "ann", "hi", "test"))
    assert len(world.model.projection().c_message) == 1


def test_an_agent_is_added_to_a_server_once_and_keeps_its_first_name() -> None:
    world = World()
    before = world.model.projection()
    world.do(AddAgent("again", world.next_ms(), SERVER, ADA, "another name"))
    assert world.model.projection() == before
    world.do(CreateServer("s2", world.next_ms(), OTHER_SERVER, "Second", "test"))
    world.do(AddAgent("third", world.next_ms(), OTHER_SERVER, ADA, "another name"))
    assert {row.name for row in world.model.projection().c_agent if row.agent == ADA} == {f"name of {ADA[:4]}"}


def test_an_agent_joins_only_channels_of_servers_it_was_added_to() -> None:
    world = World()
    world.open()
    stranger = Join("j", world.next_ms(), "talk", Member(named_id("stranger"), Role.AGENT))
    assert "was not added to the server of channel talk" in refusal(world, lambda: world.do(stranger))


def test_an_agent_is_no_user_and_a_user_no_agent() -> None:
    world = World()
    world.open("ann")
    as_user = Join("j", world.next_ms(), "talk", Member(ADA, Role.USER))
    assert refusal(world, lambda: world.do(as_user)) == f"{ADA} is an agent, not a user"
    as_agent = AddAgent("a", world.next_ms(), SERVER, "ann", "Ann")
    assert refusal(world, lambda: world.do(as_agent)) == "ann is a user, not an agent"


def test_no_server_and_no_channel_has_the_id_of_an_agent() -> None:
    world = World()
    server = CreateServer("s", world.next_ms(), ADA, "Ada's", "test")
    assert refusal(world, lambda: world.do(server)) == f"{ADA} is an agent, not a server"
    channel = CreateChannel("c", world.next_ms(), ADA, SERVER, "Ada's", ChannelKind.DIRECT, "test")
    assert refusal(world, lambda: world.do(channel)) == f"{ADA} is an agent, not a channel"


def test_no_agent_has_the_id_of_a_server_or_a_channel() -> None:
    world = World()
    room = named_id("a channel")
    world.open(channel=room)
    as_server = AddAgent("a", world.next_ms(), SERVER, SERVER, "Server")
    assert refusal(world, lambda: world.do(as_server)) == f"{SERVER} is a server, not an agent"
    as_channel = AddAgent("b", world.next_ms(), SERVER, room, "Channel")
    assert refusal(world, lambda: world.do(as_channel)) == f"{room} is a channel, not an agent"


@pytest.mark.parametrize("pair", [("ann", "bob"), (ADA, "ann")])
def test_a_direct_channel_holds_two_members(pair: tuple[str, str]) -> None:
    world = World()
    world.open(*pair, kind=ChannelKind.DIRECT)
    assert "has two members already" in refusal(world, lambda: world.join("cat"))
    world.join("ann")
    world.leave("ann")
    world.join("cat")
    assert len(world.model.projection().c_member) == 2


def test_joining_twice_changes_nothing() -> None:
    world = World()
    world.open("ann", ADA)
    before = world.model.projection(), world.model.subscriptions()
    world.join("ann")
    world.join(ADA)
    assert (world.model.projection(), world.model.subscriptions()) == before


def test_leaving_without_being_a_member_changes_nothing() -> None:
    world = World()
    world.open("ann", ADA)
    before = world.model.projection(), world.model.subscriptions()
    world.leave("bob")
    world.leave(BEN)
    assert (world.model.projection(), world.model.subscriptions()) == before


def test_somebody_leaves_as_what_they_joined_as() -> None:
    world = World()
    world.open(ADA)
    as_user = Leave("l", world.next_ms(), "talk", Member(ADA, Role.USER))
    assert refusal(world, lambda: world.do(as_user)) == f"{ADA} is a member of channel talk as agent"


@pytest.mark.parametrize("who", ["bob", ADA])
def test_only_users_who_are_members_send(who: str) -> None:
    world = World()
    world.open("ann", ADA)
    assert refusal(world, lambda: world.send("m", who)) == f"user {who} is not a member of channel talk"


def test_only_agents_that_are_members_reply() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann")
    assert refusal(world, lambda: world.reply("r", BEN, "m")) == f"agent {BEN} is not a member of channel talk"
    world.leave(ADA)
    assert refusal(world, lambda: world.reply("r", ADA, "m")) == f"agent {ADA} is not a member of channel talk"


def test_who_left_does_not_send() -> None:
    world = World()
    world.open("ann")
    world.leave("ann")
    assert "is not a member" in refusal(world, lambda: world.send("m", "ann"))


def test_a_key_is_used_by_one_message() -> None:
    world = World()
    world.open("ann")
    world.send("m", "ann")
    assert refusal(world, lambda: world.send("m", "ann")) == "a message with key m was accepted already"


def test_only_messages_ever_accepted_in_the_channel_are_answered() -> None:
    world = World()
    world.open("ann", ADA)
    world.open("ann", channel="other")
    world.send("m", "ann", channel="other")
    for key in ("m", "unknown"):
        expected = f"message {key}, which is answered, was never in channel talk"
        assert refusal(world, lambda key=key: world.send("n", "ann", answers=key)) == expected  # type: ignore[misc]
        assert refusal(world, lambda key=key: world.reply("n", ADA, key)) == expected  # type: ignore[misc]


def test_only_messages_that_exist_in_the_channel_are_edited() -> None:
    world = World()
    world.open("ann")
    world.open("ann", channel="other")
    world.send("gone", "ann")
    world.send("elsewhere", "ann", channel="other")
    world.delete("gone")
    for key in ("unknown", "gone", "elsewhere"):
        reason = refusal(world, lambda key=key: world.edit(key, "new", 1))  # type: ignore[misc]
        assert reason == f"no such message: {key} in channel talk"


def test_an_older_edit_is_refused_and_the_same_one_is_taken_again() -> None:
    world = World()
    world.open("ann")
    world.send("m", "ann")
    world.edit("m", "second", 2)
    assert refusal(world, lambda: world.edit("m", "late", 1)) == "edit 1 of message m is older than edit 2"
    world.edit("m", "second", 2)
    assert [(row.text, row.rev) for row in world.model.projection().c_message] == [("second", 2)]


def test_deleting_what_is_not_there_changes_nothing() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann")
    world.delete("m")
    before = world.model.projection()
    world.delete("m")
    world.delete("never sent")
    assert world.model.projection() == before
    assert before.c_message == ()


def test_a_message_is_not_deleted_through_another_channel() -> None:
    world = World()
    world.open("ann")
    world.open("ann", channel="other")
    world.send("m", "ann")
    assert refusal(world, lambda: world.delete("m", "other")) == "message m is of another channel than other"


def test_a_context_of_a_write_that_will_be_refused_is_given_all_the_same() -> None:
    world = World()
    context = world.model.context(Edit("e", 9_999, "nowhere", "m", "text", 1))
    assert context.channel is None
    assert context.members == ()
    assert world.model.context(Join("j", 9_999, "nowhere", member("ann"))).created_at_ms == 9_999
