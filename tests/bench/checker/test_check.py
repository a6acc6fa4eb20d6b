"""What each invariant finds, and what it leaves to the others."""

from __future__ import annotations

from typing import Any

import pytest

from bench.checker.check import Violation, check
from bench.checker.rows import AgentMember, Copy, Link, Member, Read, Rows, Seen, Session, columns_of
from tests.bench.checker.stories import (
    ANN,
    BOB,
    CHANNEL,
    CHAT,
    OPENING,
    SERVER,
    ZOE,
    central,
    copy_of,
    correct,
    message,
    operated,
    read_something,
    reply,
    send,
    told,
)
from workloads.operations import Edit


def found(rows: Rows, *, peer_delivery: bool = True) -> list[Violation]:
    return check(columns_of(rows, peer_delivery=peer_delivery))


def test_a_correct_store_breaks_nothing() -> None:
    assert found(correct()) == []
    assert found(correct(peer_delivery=False), peer_delivery=False) == []
    assert found(Rows()) == []


def test_an_acknowledged_send_that_is_nowhere_is_lost_and_nothing_else() -> None:
    rows = correct()
    lost = message(rows, "m1")
    rows.c_message.remove(central(rows, "m1"))
    for agent in (ANN, BOB):
        rows.a_message.remove(copy_of(rows, "m1", agent))
    answering = central(rows, "r1")
    rows.c_message[rows.c_message.index(answering)] = answering._replace(reply_to=None)
    for agent in (ANN, BOB):
        place = rows.a_message.index(copy_of(rows, "r1", agent))
        rows.a_message[place] = rows.a_message[place]._replace(reply_to=None)
    assert found(rows) == [Violation("I1", ("m1",), "lost")]
    told(rows, "m1", "info")
    assert found(rows) == []
    assert lost


@pytest.mark.parametrize("end", ["info", "pending"])
def test_a_delete_of_unknown_end_excuses_what_is_gone(end: str) -> None:
    rows = correct()
    told(rows, "d1", end)
    assert [violation for violation in found(rows) if violation.invariant != "I20"] == []


def test_a_delete_that_was_told_to_fail_excuses_nothing() -> None:
    rows = correct()
    told(rows, "d1", "fail")
    assert found(rows) == [Violation("I1", ("m3",), "lost")]


def test_what_a_failed_send_left_behind_is_a_phantom() -> None:
    rows = correct()
    told(rows, "m4", "fail")
    assert found(rows) == [Violation("I2", (message(rows, "m4"),), "failed")]


def test_a_message_of_nobody_is_a_phantom_and_no_split() -> None:
    rows = correct()
    rows.c_message.append(central(rows, "m4")._replace(message="stray", seq=99))
    assert found(rows) == [Violation("I2", ("stray",), "phantom")]


def test_an_edit_number_of_a_failed_edit_is_a_phantom() -> None:
    rows = correct()
    told(rows, "e1", "fail")
    assert found(rows) == [Violation("I2", (message(rows, "m2"),), "failed")]


def test_a_retry_under_another_id_doubles_the_operation_on_both_sides() -> None:
    rows = correct()
    rows.written.append(rows.written[-1]._replace(op="m4", message="m4-again"))
    rows.c_message.append(central(rows, "m4")._replace(message="m4-again"))
    rows.a_message.append(copy_of(rows, "m4", ANN)._replace(message="m4-again"))
    rows.id_map.append(Link(ANN, "message", "m4-again", "again"))
    assert set(found(rows)) == {Violation("I3", (holder, "m4"), "duplicate") for holder in ("central", ANN)}


def test_a_copy_that_is_missing_is_central_only_and_one_too_many_agent_only() -> None:
    rows = correct()
    rows.a_message.remove(copy_of(rows, "m4", ANN))
    assert found(rows) == [Violation("I4", (ANN, message(rows, "m4")), "central-only")]
    rows = correct()
    rows.c_message.remove(central(rows, "m4"))
    told(rows, "m4", "info")
    assert found(rows) == [Violation("I4", (ANN, message(rows, "m4")), "agent-only")]


def test_a_delete_that_stopped_half_way_is_a_split() -> None:
    rows = correct(CHAT[:12])
    assert operated(rows, "m3").told == "ok"
    assert CHAT[12].key == "d1"
    rows = correct(CHAT[:13])
    told(rows, "d1", "info")
    again = correct(CHAT[:12])
    rows.a_message.append(copy_of(again, "m3", BOB))
    rows.id_map.append(Link(BOB, "message", message(again, "m3"), "m3 of bob"))
    assert found(rows) == [Violation("I4", (BOB, message(rows, "m3")), "agent-only")]


def test_with_a_join_of_unknown_end_an_agent_may_have_copies_and_need_not() -> None:
    rows = correct()
    told(rows, "j2", "info")
    assert found(rows) == []
    for copy in [copy for copy in rows.a_message if copy.agent == BOB]:
        rows.a_message.remove(copy)
    assert found(rows) == []


@pytest.mark.parametrize(
    ("column", "value"), [("content", "other words"), ("author", BOB), ("channel", "elsewhere"), ("reply_to", "m4")]
)
def test_a_copy_that_says_something_else_is_altered_in_that_column(column: str, value: str) -> None:
    rows = correct()
    copy = copy_of(rows, "m2", ANN)
    value = message(rows, value) if column == "reply_to" else value
    cells: Any = {**copy._asdict(), column: value}
    altered = Copy(**cells)
    rows.a_message[rows.a_message.index(copy)] = altered
    assert Violation("I5", (ANN, message(rows, "m2"), column), "altered") in found(rows)


def test_an_edit_that_did_not_arrive_is_stale_and_not_altered() -> None:
    rows = correct()
    copy = copy_of(rows, "m2", ANN)
    rows.a_message[rows.a_message.index(copy)] = copy._replace(content="as it was", rev=0)
    assert found(rows) == [Violation("I15", (ANN, message(rows, "m2")), "stale")]
    told(rows, "e1", "info")
    assert found(rows) == [Violation("I5", (ANN, message(rows, "m2"), "content"), "altered")]


def test_of_two_edits_the_greater_number_counts() -> None:
    edits = (Edit("e1", 11, CHANNEL, "m1", "one", 1), Edit("e2", 12, CHANNEL, "m1", "two", 2))
    rows = correct((*OPENING, send("m1", 10), *edits))
    row = central(rows, "m1")
    rows.c_message[0] = row._replace(rev=1, content="one")
    assert found(rows) == [Violation("I15", ("central", row.message), "stale")]


def test_another_order_at_an_agent_is_told_by_channel() -> None:
    rows = correct()
    first, second = copy_of(rows, "m1", BOB), copy_of(rows, "r1", BOB)
    rows.a_message[rows.a_message.index(first)] = first._replace(seq=second.seq)
    rows.a_message[rows.a_message.index(second)] = second._replace(seq=first.seq)
    assert found(rows) == [Violation("I6", (BOB, CHANNEL), "order")]


def test_a_message_that_stands_before_an_older_one_is_out_of_order_unless_the_two_overlapped() -> None:
    rows = correct((*OPENING, send("m1", 10), send("m2", 11)))
    older, newer = central(rows, "m1"), central(rows, "m2")
    rows.c_message[:] = [older._replace(seq=newer.seq), newer._replace(seq=older.seq)]
    rows.a_message.clear()
    rows.subscription.clear()
    rows.id_map.clear()
    assert found(rows) == [Violation("I7", (CHANNEL, "m2"), "order")]
    place = rows.history.index(operated(rows, "m1"))
    rows.history[place] = rows.history[place]._replace(done_ns=operated(rows, "m2").invoke_ns)
    assert found(rows) == []


def test_references_to_what_is_not_there_dangle() -> None:
    rows = correct()
    rows.c_server.clear()
    assert {violation.key for violation in found(rows)} == {
        ("c_channel", CHANNEL, "server"),
        *(("c_agent", SERVER, agent, "server") for agent in (ANN, BOB)),
        *(("a_server", agent, SERVER, "server") for agent in (ANN, BOB)),
    }
    rows = correct()
    place = rows.c_message.index(central(rows, "m1"))
    rows.c_message[place] = rows.c_message[place]._replace(author="nobody")
    assert Violation("I9", ("c_message", message(rows, "m1"), "author"), "dangling") in found(rows)


def test_a_link_that_is_gone_is_unlinked_on_its_side() -> None:
    rows = correct()
    copy, row = copy_of(rows, "m2", ANN), central(rows, "m2")
    rows.a_message[rows.a_message.index(copy)] = copy._replace(reply_to=None)
    assert found(rows) == [Violation("I9", ("a_message", ANN, row.message, "reply_to"), "unlinked")]
    rows = correct()
    rows.c_message[rows.c_message.index(row)] = row._replace(reply_to=None)
    assert Violation("I9", ("c_message", row.message, "reply_to"), "unlinked") in found(rows)


def test_members_are_compared_with_the_history_and_with_what_agents_know() -> None:
    rows = correct()
    rows.c_member.append(Member(CHANNEL, ZOE))
    assert found(rows) == [Violation("I10", ("central", CHANNEL, ZOE), "duplicate")]
    rows = correct()
    rows.c_member.remove(Member(CHANNEL, ZOE))
    assert Violation("I10", ("central", CHANNEL, ZOE), "lost") in found(rows)
    rows = correct()
    rows.c_member.append(Member(CHANNEL, BOB))
    assert Violation("I10", ("central", CHANNEL, BOB), "stale") in found(rows)
    rows = correct()
    rows.a_member.remove(AgentMember(ANN, CHANNEL, ZOE))
    assert found(rows) == [Violation("I10", (ANN, CHANNEL, ZOE), "central-only")]
    rows = correct()
    rows.a_member.append(AgentMember(BOB, CHANNEL, ZOE))
    assert [(each.invariant, each.key, each.direction) for each in found(rows)] == [("I10", (BOB, CHANNEL, ZOE), "agent-only")]


def test_a_leave_of_unknown_end_allows_either() -> None:
    rows = correct()
    told(rows, "l2", "info")
    assert found(rows) == []


def test_an_id_is_one_for_each_thing_and_there_for_everything() -> None:
    rows = correct()
    rows.id_map.append(Link(ANN, "channel", CHANNEL, "a second id"))
    assert found(rows) == [Violation("I11", (ANN, "channel", CHANNEL), "ambiguous")]
    rows = correct()
    rows.id_map.remove(next(link for link in rows.id_map if link.agent == ANN and link.central == message(rows, "m1")))
    assert found(rows) == [Violation("I11", (ANN, "message", message(rows, "m1")), "missing")]
    rows = correct()
    rows.used_id.append(Link(ANN, "message", message(rows, "m1"), "derived otherwise"))
    assert found(rows) == [Violation("I11", (ANN, "message", message(rows, "m1")), "ambiguous")]


def test_without_a_second_id_space_no_id_is_missed() -> None:
    rows = correct()
    rows.id_map.clear()
    assert found(rows) == []


def test_a_copy_for_an_agent_that_had_left_leaks() -> None:
    rows = correct()
    leaked = copy_of(rows, "m4", ANN)._replace(agent=BOB)
    rows.a_message.append(leaked)
    rows.id_map.append(Link(BOB, "message", leaked.message, "m4 of bob"))
    assert found(rows) == [Violation("I12", (BOB, message(rows, "m4")), "leaked")]


def test_without_peer_delivery_a_reply_at_another_agent_leaks() -> None:
    rows = correct()
    assert Violation("I12", (BOB, message(rows, "r1")), "leaked") in found(rows, peer_delivery=False)


def test_an_id_that_two_agents_share_leaks() -> None:
    rows = correct()
    first, second = (next(link for link in rows.id_map if link.agent == agent and link.kind == "member") for agent in (ANN, BOB))
    rows.id_map[rows.id_map.index(second)] = second._replace(local=first.local)
    assert found(rows) == [Violation("I12", ("id", first.local), "leaked")]


def test_what_an_agent_reads_it_must_have_been_told() -> None:
    rows = correct()
    rows.read.append(Read("recall", "bob", "cursor", CHANNEL, BOB, 1, 0, 0, 1))
    rows.seen.append(Seen("recall", None, message(rows, "m4"), 1))
    assert found(rows) == [Violation("I12", (BOB, message(rows, "m4")), "leaked")]


def test_a_deleted_message_that_is_there_again_is_resurrected_and_no_split() -> None:
    rows = correct()
    before = correct(CHAT[:12])
    rows.a_message.append(copy_of(before, "m3", ANN))
    rows.id_map.append(Link(ANN, "message", message(rows, "m3"), "m3 of ann"))
    assert found(rows) == [Violation("I15", (ANN, message(rows, "m3")), "resurrected")]


def test_a_channel_with_two_rows_is_one_too_many() -> None:
    rows = correct()
    rows.c_channel.append(rows.c_channel[0])
    assert found(rows) == [Violation("I18", ("channel", CHANNEL), "duplicate")]


def test_an_agent_that_is_on_a_server_twice_is_one_too_many() -> None:
    rows = correct()
    rows.c_agent.append(rows.c_agent[0])
    assert found(rows) == [Violation("I18", ("agent", SERVER, rows.c_agent[0].agent), "duplicate")]


def test_a_reply_that_its_author_alone_has_is_a_lost_reply_and_a_split() -> None:
    rows = correct((*OPENING, send("m1", 10), reply("r1", 11, "m1")))
    rows.c_message.remove(central(rows, "r1"))
    rows.a_message.remove(copy_of(rows, "r1", BOB))
    told(rows, "r1", "info")
    assert found(rows) == [
        Violation("I19", ("r1",), "agent-only"),
        Violation("I4", (ANN, message(rows, "r1")), "agent-only"),
    ]


def test_what_never_ends_or_stays_open_is_told() -> None:
    rows = correct()
    told(rows, "m4", "pending")
    rows.session.append(Session("prepared", "transaction 7"))
    assert found(rows) == [Violation("I20", ("m4",), "unfinished"), Violation("I20", ("prepared", "transaction 7"), "stuck")]


def test_readers_see_everything_once_nothing_is_wrong() -> None:
    rows = correct()
    read_something(rows, is_cut=False)
    assert found(rows) == []


def test_a_reader_with_a_cursor_that_misses_a_message_has_a_gap() -> None:
    rows = correct()
    read_something(rows, is_cut=True)
    assert found(rows) == [Violation("I8", ("reader", rows.c_message[0].message), "missed")]


def test_a_message_that_its_writer_does_not_read_afterwards_is_stale() -> None:
    rows = correct()
    read_something(rows, is_cut=False)
    missing = message(rows, "m4")
    rows.seen[:] = [seen for seen in rows.seen if not (seen.read.startswith("page") and seen.message == missing)]
    assert found(rows) == [Violation("I13", ("client", "m4"), "stale")]


def test_a_message_that_goes_away_between_two_reads_is_lost() -> None:
    rows = correct()
    read_something(rows, is_cut=False)
    rows.read[:] = [row._replace(process="somebody") for row in rows.read]
    gone = message(rows, "m4")
    rows.seen[:] = [seen for seen in rows.seen if not (seen.read == "page-2" and seen.message == gone)]
    assert found(rows) == [Violation("I14", ("somebody", gone), "lost")]


@pytest.mark.parametrize("side", [None, ANN])
def test_a_snapshot_that_shows_one_side_alone_is_torn(side: str | None) -> None:
    rows = correct()
    read_something(rows, is_cut=False)
    rows.seen.remove(next(s for s in rows.seen if s.read == "both" and s.agent == side and s.message == message(rows, "m4")))
    assert found(rows) == [Violation("I16", (ANN, message(rows, "m4")), "torn")]
