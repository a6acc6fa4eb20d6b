"""What readers of a correct store see once all is said, and readers that see otherwise. Pure."""

from __future__ import annotations

from bench.checker.columns import NEVER
from bench.checker.rows import Read, Rows, Seen
from bench.mutants.stores import BUS, CODE, SERVER, StoreMutant, mutant
from bench.mutants.victims import Generator, drawn, plain_messages

CLIENT, READER = "client", "reader"
"""The process whose writes the history tells, and one that only reads."""

_FIRST, _SECOND = 1, 2


def add_reads(rows: Rows) -> None:
    """Pages, a cursor that comes to the end in two steps, and a snapshot of both sides, all of them right.

    The position of a message is its time. They begin when the last operation is done.
    """
    at_ns = max((operated.done_ns for operated in rows.history if operated.done_ns != NEVER), default=0)
    for channel in sorted({message.channel for message in rows.c_message}):
        own = sorted((message for message in rows.c_message if message.channel == channel), key=lambda row: row.created_at_ms)
        middle = own[len(own) // 2].created_at_ms
        for process, number in ((CLIENT, _FIRST), (READER, _FIRST), (READER, _SECOND)):
            name = f"page {number} of {process} in {channel}"
            rows.read.append(Read(name, process, "page", channel, invoke_ns=at_ns + number, done_ns=at_ns + number))
            rows.seen += [Seen(name, None, message.message, message.created_at_ms) for message in own]
        for number, start, end in ((_FIRST, 0, middle), (_SECOND, middle, own[-1].created_at_ms)):
            name = f"cursor {number} in {channel}"
            rows.read.append(Read(name, READER, "cursor", channel, start=start, invoke_ns=at_ns + number, done_ns=at_ns + number))
            part = [message for message in own if start < message.created_at_ms <= end]
            rows.seen += [Seen(name, None, message.message, message.created_at_ms) for message in part]
        name = f"snapshot of {channel}"
        rows.read.append(Read(name, READER, "snapshot", channel, invoke_ns=at_ns + 1, done_ns=at_ns + 1))
        rows.seen += [Seen(name, None, message.message, message.created_at_ms) for message in own]
        copies = [copy for copy in rows.a_message if copy.channel == channel and copy.message is not None]
        rows.seen += [Seen(name, copy.agent, str(copy.message), copy.created_at_ms) for copy in copies]


def misses_its_own_message(rows: Rows, generator: Generator) -> None:
    """A client reads a page that lacks what it was told is stored."""
    _forget(rows, generator, f"page {_FIRST} of {CLIENT}")


def sees_less_than_before(rows: Rows, generator: Generator) -> None:
    """A reader's second page lacks a message of its first."""
    _forget(rows, generator, f"page {_SECOND} of {READER}")


def passes_over_a_message(rows: Rows, generator: Generator) -> None:
    """A message takes its place in the order after a reader with a cursor went past it."""
    _forget(rows, generator, f"cursor {_FIRST}")


def shows_one_side_first(rows: Rows, generator: Generator) -> None:
    """At one moment a message is there centrally and not at an agent."""
    torn = [seen for seen in rows.seen if seen.read.startswith("snapshot") and seen.agent is not None]
    rows.seen.remove(drawn(torn, generator))


def shows_what_is_not_for_it(rows: Rows, generator: Generator) -> None:
    """A read forgets its agent filter and returns what another agent has."""
    _, message = drawn(plain_messages(rows), generator)
    subscribed = {row.agent for row in rows.subscription if row.channel == message.channel}
    stranger = drawn(sorted({row.agent for row in rows.c_agent} - subscribed), generator)
    name = f"page of {stranger}"
    rows.read.append(Read(name, stranger, "page", message.channel, stranger, complete=0))
    rows.seen.append(Seen(name, None, message.message, message.created_at_ms))


def _forget(rows: Rows, generator: Generator, name: str) -> None:
    """A message is left out of what a read returned: one that is not its last."""
    plain = {message.message for _, message in plain_messages(rows)}
    found = [seen for seen in rows.seen if seen.read.startswith(name)]
    last = max((seen.position for seen in found), default=0)
    rows.seen.remove(drawn([seen for seen in found if seen.message in plain and seen.position < last], generator))


READERS: tuple[StoreMutant, ...] = (
    mutant(misses_its_own_message, CODE, "I13"),
    mutant(sees_less_than_before, CODE, "I14"),
    mutant(passes_over_a_message, CODE, "I8"),
    mutant(shows_one_side_first, BUS, "I16"),
    mutant(shows_what_is_not_for_it, SERVER, "I12"),
)
"""Mistakes that only what was read shows."""
