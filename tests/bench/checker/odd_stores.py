"""Odd stores under plain histories, each with what is wrong with it: ids, places and links that are doubled, shared or missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.checker.rows import AgentMember, Rows
from bench.checker.violation import Violation
from tests.bench.checker.odd import Odd, again, odd
from tests.bench.checker.stories import (
    ANN,
    BOB,
    CHANNEL,
    CHAT,
    OPENING,
    central,
    copy_of,
    correct,
    message,
    reply,
    send,
    told,
)
from workloads.operations import Delete


def _duplicates() -> Iterable[Odd]:
    """Three ids of one operation, each of them there twice."""
    rows = correct((*OPENING, send("m1", 10), send("m2", 11)))
    first = message(rows, "m1")
    for number in (2, 3):
        rows.written.append(rows.written[0]._replace(op="m1", message=f"{first}-{number}"))
        rows.c_message.append(central(rows, "m1")._replace(message=f"{first}-{number}"))
        rows.a_message += [copy_of(rows, "m1", agent)._replace(message=f"{first}-{number}") for agent in (ANN, BOB)]
    many = [Violation("I3", (holder, "m1"), "duplicate") for holder in ("central", ANN, BOB)]
    yield odd("one operation under three ids", again(rows), *many)
    rows.c_message += [row for row in rows.c_message if row.message != message(rows, "m2")]
    rows.a_message += [copy for copy in rows.a_message if copy.message != message(rows, "m2")]
    yield odd("one operation under three ids, each twice", rows, *many)
    rows.a_message[:] = [copy for copy in rows.a_message if copy.agent != BOB or copy.message != f"{first}-3"]
    lacking = Violation("I4", (BOB, f"{first}-3"), "central-only")
    yield odd("one operation under three ids, one of them not at an agent", again(rows), *many, lacking)


def _order() -> Iterable[Odd]:
    """An order that an agent no longer knows is another order."""
    rows = correct()
    rows.a_message[:] = [copy._replace(seq=1) if copy.agent == BOB else copy for copy in rows.a_message]
    yield odd("an agent whose messages all have one place", rows, Violation("I6", (BOB, CHANNEL), "order"))
    rows = correct()
    rows.a_message[:] = [copy._replace(seq=-copy.seq) if copy.agent == ANN else copy for copy in rows.a_message]
    yield odd("an agent whose order is turned round", rows, Violation("I6", (ANN, CHANNEL), "order"))
    rows = correct()
    rows.a_message[:] = [copy._replace(seq=1000 * copy.seq) for copy in rows.a_message]
    yield odd("places of another kind in the same order", rows)


def _ends() -> Iterable[Odd]:
    """Ends that nobody heard, and what that leaves to be said."""
    rows = correct()
    told(rows, "m4", "pending")
    yield odd("a message of a call without an end", rows, Violation("I20", ("m4",), "unfinished"))
    for end in ("info", "pending"):
        rows = correct()
        told(rows, "j2", end)
        ended = [Violation("I20", ("j2",), "unfinished")] if end == "pending" else []
        yield odd(f"a join that ended {end}", rows, *ended)
    rows = correct((*OPENING, send("m1", 10), reply("r1", 11, "m1")), peer_delivery=False)
    stray = copy_of(rows, "r1", ANN)._replace(agent=BOB)
    rows.a_message.append(stray)
    rows.a_member.append(AgentMember(BOB, CHANNEL, ANN))
    leaked = Violation("I12", (BOB, str(stray.message)), "leaked")
    yield odd("a reply that another agent should not hear", again(rows), leaked, peer_delivery=False)
    rows = correct()
    rows.c_channel[:] = [row._replace(server=None) for row in rows.c_channel]
    rows.a_channel[:] = [row._replace(server=None) for row in rows.a_channel]
    yield odd("channels that do not tell their server", rows)


def _silent(*, told_of_reply: str = "ok") -> Rows:
    """The author's copy of its own reply does not tell of which message it is, as in the real server."""
    rows = correct()
    told(rows, "r1", told_of_reply)
    place = rows.a_message.index(copy_of(rows, "r1", ANN))
    rows.a_message[place] = rows.a_message[place]._replace(message=None)
    answering = rows.a_message.index(copy_of(rows, "m2", ANN))
    rows.a_message[answering] = rows.a_message[answering]._replace(reply_to=None)
    return again(rows)


def _own(rows: Rows) -> int:
    return next(place for place, copy in enumerate(rows.a_message) if copy.message is None)


def _silent_copies() -> Iterable[Odd]:
    """Copies that do not tell their message are told by their channel, author and time."""
    yield odd("an own reply without a link", _silent())
    it = message(correct(), "r1")

    def without_central(end: str) -> Rows:
        rows = _silent(told_of_reply=end)
        rows.c_message[:] = [
            row._replace(reply_to=None) if row.reply_to == it else row for row in rows.c_message if row.message != it
        ]
        rows.a_message[:] = [
            row._replace(reply_to=None) if row.reply_to == it else row for row in rows.a_message if row.message != it
        ]
        return again(rows)

    only = Violation("I4", (ANN, it), "agent-only")
    alone = without_central("info")
    yield odd("an own reply without a link, which is nowhere else", alone, only, Violation("I19", ("r1",), "agent-only"))
    lost = without_central("ok")
    yield odd("an own reply without a link, told ok and posted nowhere", lost, only, Violation("I19", ("r1",), "lost"))
    rows = _silent()
    rows.a_message.append(rows.a_message[_own(rows)])
    yield odd("an own reply without a link, twice", rows, Violation("I3", (ANN, "r1"), "duplicate"))
    rows = _silent()
    rows.a_message.pop(_own(rows))
    yield odd("an own reply that is gone", again(rows), Violation("I4", (ANN, it), "central-only"))
    yield odd("an own reply without a link, told to fail", _silent(told_of_reply="fail"), Violation("I2", (it,), "failed"))
    rows = _silent()
    rows.a_message[_own(rows)] = rows.a_message[_own(rows)]._replace(content="something else")
    yield odd("an own reply without a link says something else", rows, Violation("I5", (ANN, it, "content"), "altered"))
    rows = _silent()
    rows.a_message.append(rows.a_message[_own(rows)]._replace(created_at_ms=999, seq=99))
    yield odd("a copy without a link, of no message at all", rows, Violation("I2", (ANN, CHANNEL), "phantom"))
    rows = _silent()
    rows.a_message.append(rows.a_message[_own(rows)]._replace(created_at_ms=central(rows, "m1").created_at_ms, seq=99))
    yield odd("a copy without a link at the time of another's message", rows, Violation("I2", (ANN, CHANNEL), "phantom"))
    gone = (*CHAT, Delete("d2", 18, CHANNEL, "r1"))
    rows = correct(gone)
    rows.a_message.append(copy_of(correct(), "r1", ANN)._replace(message=None))
    yield odd("an own reply without a link outlives its delete", again(rows), Violation("I15", (ANN, it), "resurrected"))
    rows = _silent()
    rows.written.append(rows.written[0]._replace(op="r1", message=f"{it}-2"))
    rows.c_message.append(central(rows, "r1")._replace(message=f"{it}-2"))
    rows.a_message.append(copy_of(rows, "r1", BOB)._replace(message=f"{it}-2"))
    rows.a_message.append(rows.a_message[_own(rows)])
    both = [Violation("I3", (holder, "r1"), "duplicate") for holder in ("central", ANN, BOB)]
    yield odd("an own reply without a link, stored and posted twice", again(rows), *both)


def odd_stores() -> Iterator[Odd]:
    """All of them, made anew."""
    for made in (_duplicates(), _order(), _ends(), _silent_copies()):
        yield from made


def operated_twice() -> tuple[Rows, Rows]:
    """Histories that nobody can judge: an operation with two ends, and two operations under one message id."""
    two_ends, one_id = correct(), correct()
    two_ends.history.append(two_ends.history[-1]._replace(told="fail"))
    one_id.written.append(one_id.written[0]._replace(op="m4"))
    return two_ends, one_id
