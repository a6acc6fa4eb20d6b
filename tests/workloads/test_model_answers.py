"""The expected answers of reads."""

from __future__ import annotations

from tests.workloads.world import ADA, BEN, OTHER_SERVER, SERVER, World
from workloads.answers import (
    IsParticipantRow,
    ListedChannelRow,
    ListedServerRow,
    PageRow,
    ParticipantRow,
    RecallRow,
)
from workloads.ids import central_message_id, named_id
from workloads.operations import (
    AddAgent,
    ChannelKind,
    CreateChannel,
    CreateServer,
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    RecallContext,
)


def talk(messages: int) -> World:
    """A channel with Ada, Ann and messages `0`, `1`, ... of Ann."""
    world = World()
    world.open("ann", ADA)
    for number in range(messages):
        world.send(f"m{number}", "ann", str(number))
    return world


def texts(world: World, read: LatestPage | PageBack | RecallContext) -> list[str]:
    return [str(row.text) for row in world.model.answer(read) if isinstance(row, (PageRow, RecallRow))]


def test_the_latest_page_has_the_newest_messages_newest_first() -> None:
    world = talk(5)
    assert texts(world, LatestPage("talk", limit=3)) == ["4", "3", "2"]
    assert texts(world, LatestPage("talk")) == ["4", "3", "2", "1", "0"]


def test_a_page_row_has_central_ids_and_the_time_of_the_operation() -> None:
    world = talk(1)
    world.send("n", "ann", "more", answers="m0")
    row = world.model.answer(LatestPage("talk", limit=1))
    expected = PageRow(central_message_id("n"), "ann", "more", central_message_id("m0"), world.now_ms)
    assert row == (expected,)
    world.delete("m0")
    assert world.model.answer(LatestPage("talk")) == (expected._replace(in_reply_to=None),)


def test_deleted_messages_make_room_for_older_ones_on_a_page() -> None:
    world = talk(5)
    world.delete("m4")
    world.delete("m2")
    world.edit("m3", "three", 1)
    assert texts(world, LatestPage("talk", limit=2)) == ["three", "1"]
    assert texts(world, RecallContext(ADA, "talk", limit=2)) == ["three", "1"]


def test_a_page_back_has_what_is_strictly_before_its_time() -> None:
    world = talk(5)
    times = {row.text: row.created_at_ms for row in world.model.projection().c_message}
    assert texts(world, PageBack("talk", times["3"], limit=2)) == ["2", "1"]
    assert texts(world, PageBack("talk", times["3"] + 1, limit=1)) == ["3"]
    assert texts(world, PageBack("talk", 0)) == []
    assert texts(world, PageBack("talk", times["4"] + 10**9)) == ["4", "3", "2", "1", "0"]


def test_an_agent_recalls_what_it_was_told_and_what_it_said() -> None:
    world = talk(2)
    world.reply("r", ADA, "m1", "answer")
    world.leave(ADA)
    world.send("n", "ann", "unheard")
    rows = world.model.answer(RecallContext(ADA, "talk"))
    assert [row.text for row in rows if isinstance(row, RecallRow)] == ["answer", "1", "0"]
    assert rows[0] == RecallRow(central_message_id("r"), ADA, "answer", world.now_ms - 2)
    assert texts(world, RecallContext(ADA, "talk", limit=1)) == ["answer"]
    assert world.model.answer(RecallContext(BEN, "talk")) == ()


def test_channels_and_members_are_listed_by_id() -> None:
    world = talk(0)
    world.open(channel="a room", kind=ChannelKind.PRIVATE)
    assert world.model.answer(ListChannels(SERVER)) == (
        ListedChannelRow("a room", "# a room"),
        ListedChannelRow("talk", "# talk"),
    )
    world.join("Zoe")
    assert world.model.answer(ListParticipants("talk")) == tuple(ParticipantRow(who) for who in sorted([ADA, "Zoe", "ann"]))
    world.leave("ann")
    assert world.model.answer(ListParticipants("talk")) == tuple(ParticipantRow(who) for who in sorted([ADA, "Zoe"]))


def test_is_participant_answers_one_row_for_users_and_agents() -> None:
    world = talk(0)
    for who, there in (("ann", True), (ADA, True), (BEN, False), ("bob", False)):
        assert world.model.answer(IsParticipant("talk", who)) == (IsParticipantRow(there),)
    assert world.model.answer(IsParticipant("unknown", "ann")) == (IsParticipantRow(False),)


def test_the_servers_of_an_agent_are_those_it_was_added_to() -> None:
    world = World()
    world.do(CreateServer("s2", world.next_ms(), OTHER_SERVER, "Second", "test"))
    world.do(AddAgent("a2", world.next_ms(), OTHER_SERVER, ADA, "Ada"))
    rows = (ListedServerRow(SERVER, "Home"), ListedServerRow(OTHER_SERVER, "Second"))
    assert world.model.answer(ListServers(ADA)) == tuple(sorted(rows))
    assert world.model.answer(ListServers(BEN)) == (ListedServerRow(SERVER, "Home"),)


def test_what_is_unknown_has_no_rows() -> None:
    model = World().model
    for read in (
        LatestPage("unknown"),
        PageBack("unknown", 10**12),
        RecallContext(ADA, "unknown"),
        ListChannels(OTHER_SERVER),
        ListParticipants("unknown"),
        ListServers(named_id("nobody")),
    ):
        assert model.answer(read) == ()


def test_an_empty_channel_is_listed_with_empty_pages() -> None:
    world = World()
    world.do(CreateChannel("c", world.next_ms(), "new", SERVER, "new", ChannelKind.PUBLIC, "test"))
    assert world.model.answer(LatestPage("new")) == ()
    assert world.model.answer(ListParticipants("new")) == ()
    assert world.model.answer(ListChannels(SERVER)) == (ListedChannelRow("new", "new"),)
