"""What each operation means, said by hand, and held against the reference model and every registered design on a real server.

Other tests hold the designs to the model. Here the model itself is held to what people would say; a design that says otherwise may
do so only by a gap or a defect that it declares, and each of these is spelled out too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.verify.stage import Stage
from tests.contract.chats import AGENTS, ANN, BOB, CAT, ROOM, SERVER, Chat, told_texts
from workloads.ids import central_message_id
from workloads.operations import (
    ChannelKind,
    IsParticipant,
    Join,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    Member,
    RecallContext,
    Reply,
    Role,
    Send,
)

LATE = AGENTS[8]
AFTER_ALL_MS = 2_000_000_000_000
DESIGNS = Path(__file__).resolve().parents[2] / "docs" / "designs.md"


@pytest.mark.parametrize("k", [2, 8])
def test_an_edit_reaches_every_copy_that_of_a_departed_agent_too(stages: list[Stage], k: int) -> None:
    chat = Chat.opened(agents=k)
    chat.join(ROOM, ANN)
    chat.send("q", ROOM, ANN, "first words")
    chat.reply("r", ROOM, AGENTS[1], "q", "first answer")
    chat.leave(ROOM, AGENTS[0], ANN)
    chat.agent(LATE, SERVER)
    chat.join(ROOM, LATE)
    chat.edit(ROOM, "q", "last words", 1)
    chat.edit(ROOM, "r", "last answer", 1)
    told = chat.told(stages)
    for agent in AGENTS[:k]:
        assert told.texts(RecallContext(agent, ROOM)) == ["last answer", "last words"]
        stale = dict(told.otherwise(RecallContext(agent, ROOM)))
        assert told_texts(stale.pop("dual_deployed")) == ["first answer", "first words"]
        assert not stale
    assert sorted(told.copies("last words")) == sorted(told.copies("last answer")) == sorted(AGENTS[:k])
    assert told.texts(LatestPage(ROOM)) == ["last answer", "last words"]
    assert not told.otherwise(LatestPage(ROOM))
    assert told.lost()["dual_deployed"]["edit_leaves_copies"] == 2 * k


@pytest.mark.parametrize("k", [2, 8])
def test_a_delete_removes_every_copy_that_of_a_departed_agent_too(stages: list[Stage], k: int) -> None:
    chat = Chat.opened(agents=k)
    chat.join(ROOM, ANN)
    chat.send("q", ROOM, ANN, "a question")
    chat.reply("r", ROOM, AGENTS[1], "q", "an answer")
    chat.send("s", ROOM, ANN, "a second question", "q")
    chat.leave(ROOM, AGENTS[0])
    chat.delete(ROOM, "q")
    chat.delete(ROOM, "r")
    told = chat.told(stages)
    for agent in AGENTS[:k]:
        assert told.texts(RecallContext(agent, ROOM)) == ["a second question"]
        stale = dict(told.otherwise(RecallContext(agent, ROOM)))
        assert told_texts(stale.pop("dual_deployed")) == ["a second question", "an answer", "a question"]
        assert not stale
    assert [(row.text, row.in_reply_to) for row in told.model.projection().c_message] == [("a second question", None)]
    assert {(row.text, row.in_reply_to) for row in told.model.projection().a_message} == {("a second question", None)}
    assert len(told.model.projection().a_message) == k
    # Two messages stay at each agent, and the third keeps its link to the first.
    assert told.lost()["dual_deployed"]["delete_leaves_copies"] == 3 * k


def test_edits_and_deletes_reach_the_copies_of_a_room_that_everybody_has_left(stages: list[Stage]) -> None:
    chat = Chat.opened(agents=2)
    chat.join(ROOM, ANN)
    chat.send("kept", ROOM, ANN, "first words")
    chat.send("gone", ROOM, ANN, "a slip")
    chat.leave(ROOM, ANN, *AGENTS[:2])
    chat.edit(ROOM, "kept", "last words", 1)
    chat.delete(ROOM, "gone")
    told = chat.told(stages)
    assert told.texts(LatestPage(ROOM)) == ["last words"]
    assert [told.texts(RecallContext(agent, ROOM)) for agent in AGENTS[:2]] == [["last words"], ["last words"]]
    assert told.first(ListParticipants(ROOM)) == []


def test_a_user_who_leaves_is_in_no_list_and_everything_it_said_stays(stages: list[Stage]) -> None:
    chat = Chat.opened(agents=1)
    chat.join(ROOM, ANN, BOB)
    chat.send("a", ROOM, ANN, "I was here")
    chat.send("b", ROOM, BOB, "so was I", "a")
    chat.leave(ROOM, ANN)
    chat.leave(ROOM, ANN)
    chat.edit(ROOM, "a", "I was here, once", 1)
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == sorted([BOB, AGENTS[0]])
    assert told.first(IsParticipant(ROOM, ANN)) == [False]
    assert told.texts(LatestPage(ROOM)) == told.texts(RecallContext(AGENTS[0], ROOM)) == ["so was I", "I was here, once"]
    assert {row.author for row in told.model.projection().a_message} == {ANN, BOB}
    assert ANN not in {row.member for row in told.model.bounds().a_member}
    assert not told.otherwise(ListParticipants(ROOM))
    assert told.refusal(Send("late", AFTER_ALL_MS, ROOM, ANN, "hear me", "test")) == "user ann is not a member of channel room"


def test_a_user_who_comes_back_finds_the_past_and_speaks_again(stages: list[Stage]) -> None:
    chat = Chat.opened(agents=1)
    chat.join(ROOM, ANN)
    chat.send("a", ROOM, ANN, "before")
    chat.leave(ROOM, ANN)
    chat.join(ROOM, ANN, ANN)
    chat.send("b", ROOM, ANN, "after", "a")
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, AGENTS[0]])
    assert told.texts(LatestPage(ROOM)) == told.texts(RecallContext(AGENTS[0], ROOM)) == ["after", "before"]
    assert [row.in_reply_to for row in told.model.projection().c_message if row.text == "after"] == [central_message_id("a")]


def test_an_agent_that_leaves_is_told_no_more_and_keeps_what_it_knew(stages: list[Stage]) -> None:
    gone, there = AGENTS[:2]
    chat = Chat.opened(agents=2)
    chat.join(ROOM, ANN)
    chat.send("a", ROOM, ANN, "one")
    chat.leave(ROOM, gone)
    chat.send("b", ROOM, ANN, "two")
    chat.join(ROOM, gone)
    chat.send("c", ROOM, ANN, "three")
    chat.leave(ROOM, gone)
    told = chat.told(stages)
    assert told.texts(RecallContext(gone, ROOM)) == ["three", "one"]
    assert told.texts(RecallContext(there, ROOM)) == told.texts(LatestPage(ROOM)) == ["three", "two", "one"]
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, there])
    assert told.first(IsParticipant(ROOM, gone)) == [False]
    assert told.first(ListServers(gone)) == [SERVER]
    assert {row.member for row in told.model.bounds().a_member if row.agent == gone} == set()
    assert [told.otherwise(read) for read in (ListParticipants(ROOM), RecallContext(gone, ROOM))] == [{}, {}]
    refusal = told.refusal(Reply("late", AFTER_ALL_MS, ROOM, gone, "hear me", "test", "a"))
    assert refusal == f"agent {gone} is not a member of channel room"


def test_what_an_agent_that_joins_late_sees_of_the_past_is_nothing_and_the_designs_page_says_so(stages: list[Stage]) -> None:
    early = AGENTS[0]
    chat = Chat.opened(agents=1)
    chat.join(ROOM, ANN, BOB)
    chat.send("a", ROOM, ANN, "long ago")
    chat.reply("r", ROOM, early, "a", "long ago, too")
    chat.agent(LATE, SERVER)
    chat.join(ROOM, LATE)
    chat.edit(ROOM, "a", "long ago, edited", 1)
    chat.send("b", ROOM, ANN, "about long ago", "a")
    chat.send("c", ROOM, ANN, "about now", "b")
    chat.reply("s", ROOM, LATE, "a", "I know it by name alone")
    told = chat.told(stages)
    assert told.texts(RecallContext(LATE, ROOM)) == ["I know it by name alone", "about now", "about long ago"]
    links = {row.text: row.in_reply_to for row in told.model.projection().a_message if row.agent == LATE}
    assert links == {"about long ago": None, "about now": central_message_id("b"), "I know it by name alone": None}
    central = {row.text: row.in_reply_to for row in told.model.projection().c_message}
    assert central["about long ago"] == central["I know it by name alone"] == central_message_id("a")
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, BOB, early, LATE])
    # The one design that answers otherwise does not link an agent's own words to the central message.
    assert set(told.otherwise(RecallContext(LATE, ROOM))) == {"dual_deployed"}
    assert set(told.lost()) <= {"dual_deployed", "option_a", "option_a_shared"}
    assert "Nothing is handed to an agent that joins later" in " ".join(DESIGNS.read_text().split())


def test_a_direct_channel_of_a_user_and_an_agent_holds_these_two(stages: list[Stage]) -> None:
    agent = AGENTS[0]
    chat = Chat.opened(ChannelKind.DIRECT, agents=1)
    chat.agent(AGENTS[1], SERVER)
    chat.join(ROOM, ANN)
    chat.send("a", ROOM, ANN, "just us")
    chat.reply("r", ROOM, agent, "a", "just us")
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, agent])
    assert told.texts(LatestPage(ROOM)) == told.texts(RecallContext(agent, ROOM)) == ["just us", "just us"]
    assert {row.kind for row in told.model.projection().c_channel} == {"direct"}
    assert {row.kind for row in told.model.projection().a_channel} == {"direct"}
    assert not told.otherwise(ListParticipants(ROOM))
    for third in (Member(BOB, Role.USER), Member(AGENTS[1], Role.AGENT)):
        assert told.refusal(Join("x", AFTER_ALL_MS, ROOM, third)) == "direct channel room has two members already"
    # ann's id, and the channel's, are no UUIDs.
    assert {name: kinds for name, kinds in told.lost().items() if name != "dual_deployed"} == {
        "option_a": {"id_form": 2},
        "option_a_shared": {"id_form": 2},
    }


def test_a_direct_channel_of_two_users_holds_these_two_less_what_is_declared(stages: list[Stage]) -> None:
    chat = Chat.opened(ChannelKind.DIRECT)
    chat.join(ROOM, ANN, BOB)
    chat.send("a", ROOM, ANN, "private")
    chat.leave(ROOM, ANN)
    chat.join(ROOM, CAT)
    chat.send("c", ROOM, CAT, "now me")
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == [BOB, CAT]
    assert told.texts(LatestPage(ROOM)) == ["now me", "private"]
    assert told.otherwise(ListParticipants(ROOM)) == {"hybrid": ()}
    assert told.otherwise(IsParticipant(ROOM, BOB)) == {"hybrid": ((False,),)}
    assert told.otherwise(IsParticipant(ROOM, ANN)) == {}
    assert {name: told_texts(rows) for name, rows in told.otherwise(LatestPage(ROOM)).items()} == {
        "option_b_envelope": [None, None]
    }


def test_a_channel_without_any_agent_is_whole_less_what_is_declared(stages: list[Stage]) -> None:
    chat = Chat.opened()
    chat.join(ROOM, ANN, BOB)
    chat.send("a", ROOM, ANN, "anybody?")
    chat.send("b", ROOM, BOB, "me", "a")
    chat.send("c", ROOM, BOB, "a slip")
    chat.edit(ROOM, "a", "anybody here?", 1)
    chat.delete(ROOM, "c")
    told = chat.told(stages)
    assert told.texts(LatestPage(ROOM)) == ["me", "anybody here?"]
    assert told.first(ListParticipants(ROOM)) == [ANN, BOB]
    assert told.first(ListChannels(SERVER)) == [ROOM]
    assert not told.model.projection().a_message
    assert told.lost() == {
        "option_a": {"id_form": 3},
        "option_a_shared": {"id_form": 3},
        "option_b": {"channel_attributes_before_message": 1, "server_attributes_before_message": 1},
        "option_b_envelope": {
            "channel_attributes_before_message": 1,
            "message_content_without_agent": 2,
            "server_attributes_before_message": 1,
        },
        "hybrid": {
            "channel_attributes_before_join": 1,
            "channel_server_before_join": 1,
            "members_without_agent": 2,
            "server_attributes_before_agent": 1,
        },
    }
    assert told.otherwise(ListParticipants(ROOM)) == told.otherwise(ListChannels(SERVER)) == {"hybrid": ()}
    assert set(told.otherwise(LatestPage(ROOM))) == {"option_b_envelope"}


def test_a_user_without_any_message_is_a_member_like_any(stages: list[Stage]) -> None:
    agent = AGENTS[0]
    chat = Chat.opened(agents=1)
    chat.join(ROOM, ANN, BOB)
    chat.send("a", ROOM, ANN, "hello")
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, BOB, agent])
    assert told.first(IsParticipant(ROOM, BOB)) == [True]
    assert told.first(IsParticipant(ROOM, CAT)) == [False]
    # An agent may know somebody who never spoke, and need not.
    assert (agent, ROOM, BOB) in told.model.bounds().a_member
    assert (agent, ROOM, BOB) not in told.model.projection().a_member
    chat.leave(ROOM, BOB)
    told = chat.told(stages)
    assert told.first(ListParticipants(ROOM)) == sorted([ANN, agent])
    assert not told.otherwise(ListParticipants(ROOM))
