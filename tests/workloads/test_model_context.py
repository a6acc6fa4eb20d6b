"""What the harness tells a design about a write."""

from __future__ import annotations

from tests.workloads.world import ADA, BEN, OTHER_SERVER, SERVER, World, member
from workloads.ids import central_message_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Reply,
    Role,
    Send,
)


def test_the_time_is_that_of_the_operation_for_every_attempt() -> None:
    world = World()
    write = CreateServer("s", 77, OTHER_SERVER, "Other", "test")
    for attempt in (1, 2, 3):
        context = world.model.context(write, attempt)
        assert (context.created_at_ms, context.attempt) == (77, attempt)


def test_asking_for_a_context_changes_nothing() -> None:
    world = World()
    world.open("ann", ADA)
    before = world.model.projection().digest()
    write = Send("m", world.next_ms(), "talk", "ann", "hi", "test")
    assert world.model.context(write) == world.model.context(write)
    assert world.model.projection().digest() == before


def test_the_id_of_a_message_is_that_of_its_key_or_of_key_and_attempt() -> None:
    world = World()
    world.open("ann", ADA)
    send = Send("m", world.next_ms(), "talk", "ann", "hi", "test")
    reply = Reply("r", world.next_ms(), "talk", ADA, "hi", "test", "m")
    for write in (send, reply):
        derived = {world.model.context(write, attempt).message_id for attempt in (1, 2)}
        assert derived == {central_message_id(write.key)}
        fresh = [world.model.context(write, attempt, fresh_ids=True).message_id for attempt in (1, 2)]
        assert fresh == [central_message_id(write.key, 1), central_message_id(write.key, 2)]


def test_edits_and_deletes_name_the_id_under_which_the_message_was_stored() -> None:
    world = World()
    world.open("ann", ADA)
    write = Send("m", world.next_ms(), "talk", "ann", "hi", "test")
    second = world.model.context(write, 2, fresh_ids=True)
    world.model.apply(write, second)
    for change in (Edit("e", world.next_ms(), "talk", "m", "new", 1), Delete("d", world.next_ms(), "talk", "m")):
        context = world.model.context(change, 5, fresh_ids=True)
        assert context.message_id == second.message_id == central_message_id("m", 2)
        assert context.holders == (ADA,)


def test_the_answered_message_is_named_until_it_is_deleted() -> None:
    world = World()
    world.open("ann", ADA)
    world.send("m", "ann")
    answer = Send("n", world.now_ms + 9, "talk", "ann", "hi", "test", in_reply_to="m")
    reply = Reply("r", world.now_ms + 9, "talk", ADA, "hi", "test", "m")
    assert world.model.context(answer).reply_to_id == world.model.context(reply).reply_to_id == central_message_id("m")
    world.delete("m")
    assert world.model.context(answer).reply_to_id is None
    assert world.model.context(reply).reply_to_id is None
    assert world.model.context(Send("o", world.now_ms + 9, "talk", "ann", "hi", "test")).reply_to_id is None


def test_a_message_goes_to_the_agents_of_the_channel_in_order_of_joining() -> None:
    world = World()
    world.open(BEN, "ann", ADA)
    context = world.send("m", "ann")
    assert context.recipients == (BEN, ADA)
    assert context.holders == ()
    assert context.members == (member(BEN), member("ann"), member(ADA))
    world.leave(BEN)
    world.join(BEN)
    assert world.send("n", "ann").recipients == (ADA, BEN)


def test_a_reply_goes_to_the_other_agents_or_to_none() -> None:
    for peer_delivery, recipients in ((True, (BEN,)), (False, ())):
        world = World(peer_delivery=peer_delivery)
        world.open("ann", ADA, BEN)
        assert world.send("m", "ann").recipients == (ADA, BEN)
        assert world.reply("r", ADA, "m").recipients == recipients


def test_who_joins_or_leaves_is_not_counted_among_members_and_recipients() -> None:
    world = World()
    world.open("ann", ADA)
    at_ms = world.now_ms + 9
    for who, recipients, members in (
        ("bob", (ADA,), (member("ann"), member(ADA))),
        ("ann", (ADA,), (member(ADA),)),
        (BEN, (ADA,), (member("ann"), member(ADA))),
        (ADA, (), (member("ann"),)),
    ):
        for write in (Join("j", at_ms, "talk", member(who)), Leave("l", at_ms, "talk", member(who))):
            context = world.model.context(write)
            assert (context.recipients, context.members) == (recipients, members)


def test_an_id_without_its_role_is_still_the_one_that_moves() -> None:
    world = World()
    world.open("ann", ADA)
    context = world.model.context(Leave("l", world.now_ms + 9, "talk", Member(ADA, Role.USER)))
    assert context.recipients == ()


def test_holders_are_all_agents_with_a_copy_departed_ones_too() -> None:
    world = World()
    world.open("ann", ADA, BEN)
    world.send("m", "ann")
    world.reply("r", BEN, "m")
    world.leave(ADA)
    assert world.edit("m", "new", 1).holders == (ADA, BEN)
    assert world.edit("r", "new", 1).holders == (BEN, ADA)
    assert world.delete("m").holders == (ADA, BEN)
    assert world.delete("m").holders == ()


def test_server_and_channel_are_what_created_the_place() -> None:
    world = World()
    opened = world.open("ann", ADA)
    at_ms = world.now_ms + 9
    for write in (
        Join("j", at_ms, "talk", member("bob")),
        Send("m", at_ms, "talk", "ann", "hi", "test"),
        Delete("d", at_ms, "talk", "m"),
    ):
        context = world.model.context(write)
        assert context.channel == opened
        assert context.server is not None
        assert context.server.server_id == SERVER
    for early in (
        CreateChannel("c", at_ms, "new", SERVER, "new", ChannelKind.PUBLIC, "test"),
        AddAgent("a", at_ms, SERVER, ADA, "Ada"),
    ):
        context = world.model.context(early)
        assert context.channel is None
        assert context.server is not None
        assert context.server.name == "Home"
    assert world.model.context(CreateServer("s2", at_ms, OTHER_SERVER, "Other", "test")).server is None
