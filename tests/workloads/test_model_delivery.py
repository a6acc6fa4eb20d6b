"""Who gets a copy, what becomes of it, and what an agent then knows."""

from __future__ import annotations

import pytest

from tests.workloads.world import ADA, BEN, OTHER_SERVER, SERVER, START_MS, World
from workloads.ids import central_message_id
from workloads.operations import ChannelKind, CreateChannel, CreateServer
from workloads.projection import AgentMemberRow


def links(world: World, agent: str | None = None) -> dict[str, str | None]:
    """Text of each message to the id it answers, centrally or as an agent has it."""
    found = world.model.projection()
    if agent is None:
        return {str(row.text): row.in_reply_to for row in found.c_message}
    return {str(row.text): row.in_reply_to for row in found.a_message if row.agent == agent}


def heard(world: World) -> set[tuple[str, str]]:
    """Agent and member of the lower bound."""
    return {(row.agent, row.member) for row in world.model.projection().a_member}


def test_every_agent_of_the_channel_gets_a_copy_and_no_other_one() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann", "hello")
    assert world.texts_of(ADA) == ["hello"]
    assert world.texts_of(BEN) == []


def test_an_agent_that_joins_later_does_not_get_the_past() -> None:
    world = World()
    world.open("ann")
    world.send("m", "ann", "before")
    world.join(ADA)
    world.send("n", "ann", "after")
    assert world.texts_of(ADA) == ["after"]


def test_an_agent_that_left_keeps_its_copies_and_gets_no_new_ones() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann", "while there")
    world.leave(ADA)
    world.send("n", "ann", "when gone")
    assert world.texts_of(ADA) == ["while there"]


def test_the_author_of_a_reply_has_a_copy_and_the_others_by_peer_delivery() -> None:
    for peer_delivery, texts_of_ben in ((True, ["question", "answer"]), (False, ["question"])):
        world = World(peer_delivery=peer_delivery)
        world.open("ann", ADA, BEN)
        world.send("m", "ann", "question")
        world.reply("r", ADA, "m", "answer")
        assert sorted(world.texts_of(ADA)) == ["answer", "question"]
        assert sorted(world.texts_of(BEN)) == sorted(texts_of_ben)


def test_edits_and_deletes_reach_agents_that_left() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann", "old")
    world.send("n", "ann", "short-lived")
    world.leave(ADA)
    world.edit("m", "new", 3)
    world.delete("n")
    found = world.model.projection()
    assert [(row.text, row.rev) for row in found.a_message] == [("new", 3)]
    assert [(row.text, row.rev) for row in found.c_message] == [("new", 3)]


def test_a_link_to_a_deleted_message_is_gone_on_both_sides() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann", "question")
    world.reply("r", ADA, "m", "answer")
    world.send("s", "ann", "more", answers="m")
    assert set(links(world).values()) == set(links(world, ADA).values()) == {None, central_message_id("m")}
    world.delete("m")
    assert links(world) == links(world, ADA) == {"answer": None, "more": None}


def test_a_link_to_a_deleted_message_may_still_be_asked_for() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann", "question")
    world.delete("m")
    world.reply("r", ADA, "m", "answer")
    assert links(world) == links(world, ADA) == {"answer": None}


def test_a_link_to_what_an_agent_never_got_is_no_link_on_its_side() -> None:
    world = World()
    world.open("ann")
    world.send("m", "ann", "question")
    world.join(ADA)
    world.send("s", "ann", "more", answers="m")
    world.reply("r", ADA, "m", "answer")
    assert links(world) == {"question": None, "more": central_message_id("m"), "answer": central_message_id("m")}
    assert links(world, ADA) == {"more": None, "answer": None}


def test_without_peer_delivery_a_reply_to_a_reply_has_no_link_where_the_first_is_unknown() -> None:
    world = World(peer_delivery=False)
    world.open("ann", ADA, BEN)
    world.send("m", "ann", "question")
    world.reply("r", ADA, "m", "answer")
    world.send("s", "ann", "thanks", answers="r")
    assert links(world, ADA)["thanks"] == central_message_id("r")
    assert links(world, BEN)["thanks"] is None


def test_an_agent_has_heard_of_the_authors_it_was_told_of_itself_too() -> None:
    world = World()
    world.open("ann", "bob", ADA, BEN)
    assert heard(world) == set()
    world.send("m", "ann")
    assert heard(world) == {(ADA, "ann"), (BEN, "ann")}
    world.reply("r", ADA, "m")
    assert heard(world) == {(ADA, "ann"), (BEN, "ann"), (ADA, ADA), (BEN, ADA)}


def test_what_was_heard_of_a_member_is_forgotten_when_either_leaves() -> None:
    for leaver, left in (("ann", {(ADA, "bob"), (BEN, "bob")}), (ADA, {(BEN, "ann"), (BEN, "bob")})):
        world = World()
        world.open("ann", "bob", ADA, BEN)
        world.send("m", "ann")
        world.send("n", "bob")
        world.leave(leaver)
        assert heard(world) == left
        world.join(leaver)
        assert heard(world) == left


def test_the_author_of_a_deleted_message_stays_heard_of() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann")
    world.delete("m")
    assert heard(world) == {(ADA, "ann")}
    assert world.model.channels_told() == {"talk"}
    assert world.model.servers_told() == {SERVER}


def test_an_agent_knows_a_server_and_a_channel_from_its_first_message_on() -> None:
    world = World()
    world.open("ann", ADA)
    assert world.model.projection().a_server == ()
    assert world.model.projection().a_channel == ()
    world.send("m", "ann")
    found = world.model.projection()
    assert [row[0] for row in found.a_server] == [ADA]
    assert found.a_server[0][1:] == found.c_server[0]
    assert [row[0] for row in found.a_channel] == [ADA]
    assert found.a_channel[0][1:] == found.c_channel[0]
    world.leave(ADA)
    assert world.model.projection().a_channel == found.a_channel


def test_the_upper_bounds_hold_what_an_agent_may_know_at_the_earliest() -> None:
    world = World()
    world.open("ann", ADA)
    bounds = world.model.bounds()
    assert {row.agent for row in bounds.a_server} == {ADA, BEN}
    assert [row.agent for row in bounds.a_channel] == [ADA]
    assert set(bounds.a_member) == {AgentMemberRow(ADA, "talk", "ann"), AgentMemberRow(ADA, "talk", ADA)}
    world.leave(ADA)
    assert world.model.bounds().a_member == ()
    assert world.model.bounds().a_channel == bounds.a_channel


def test_a_projection_of_some_channels_has_them_and_their_servers_only() -> None:
    world = World()
    world.do(CreateServer("s2", world.next_ms(), OTHER_SERVER, "Second", "test"))
    world.do(CreateChannel("c2", world.next_ms(), "far", OTHER_SERVER, "far", ChannelKind.PRIVATE, "test"))
    world.open("ann", ADA)
    world.open("bob", BEN, channel="other")
    world.send("m", "ann", "here")
    world.send("n", "bob", "there", channel="other")
    found = world.model.projection({"talk"})
    whole = world.model.projection()
    assert [row.server for row in found.c_server] == [SERVER]
    assert found.c_agent == whole.c_agent
    assert [row.agent for row in found.a_server] == sorted([ADA, BEN])
    for relation in ("c_channel", "c_member", "c_message", "a_channel", "a_member", "a_message"):
        rows = getattr(found, relation)
        assert rows == tuple(row for row in getattr(whole, relation) if row.channel == "talk")
        assert rows
    assert {row.channel for row in world.model.bounds(["talk"]).a_channel} == {"talk"}
    assert world.model.projection(["unknown"]).c_server == ()


def test_a_projection_has_canonical_json_and_the_times_of_the_operations() -> None:
    world = World()
    world.open("ann")
    world.send("m", "ann", "hello")
    found = world.model.projection()
    assert found.c_server[0].metadata == '{"a":"\u00e9","b":1}'
    assert found.c_server[0].created_at_ms == START_MS
    assert found.c_message[0].metadata == '{"k":"m"}'
    assert (found.c_channel[0].kind, found.c_channel[0].topic) == ("public", "all")


def test_subscriptions_are_half_open_intervals_from_joining_to_leaving() -> None:
    world = World()
    world.open("ann")
    world.join(ADA)
    first = world.now_ms
    world.join(ADA)
    world.leave(ADA)
    left = world.now_ms
    world.join(ADA)
    assert world.model.subscriptions() == ((ADA, "talk", first, left), (ADA, "talk", world.now_ms, None))


def test_a_message_is_delivered_exactly_inside_of_subscriptions() -> None:
    world = World()
    world.open("ann")
    for step in range(12):
        if step % 4 == 1:
            world.join(ADA)
        if step % 4 == 3:
            world.leave(ADA)
        world.send(f"m{step}", "ann", str(step))
    intervals = world.model.subscriptions()
    expected = {
        row.text
        for row in world.model.projection().c_message
        if any(i.from_ms <= row.created_at_ms and (i.to_ms is None or row.created_at_ms < i.to_ms) for i in intervals)
    }
    assert set(world.texts_of(ADA)) == expected == {"1", "2", "5", "6", "9", "10"}


@pytest.mark.parametrize("told", [False, True])
def test_the_facts_behind_gaps_follow_joining_being_told_and_leaving(told: bool) -> None:
    world = World()
    world.do(CreateServer("s2", world.next_ms(), OTHER_SERVER, "Second", "test"))
    world.open("ann", ADA)
    world.open("ann", channel="quiet")
    if told:
        world.send("m", "ann")
        world.delete("m")
    world.leave(ADA)
    model = world.model
    assert model.channels_ever_joined_by_agents() == {"talk"}
    assert model.channels_with_agent_now() == set()
    assert model.channels_told() == ({"talk"} if told else set())
    assert model.servers_with_agent_ever() == {SERVER}
    assert model.servers_told() == ({SERVER} if told else set())
