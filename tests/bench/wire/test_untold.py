"""Statements that write and answer as a read does: their commits are seen nevertheless."""

from __future__ import annotations

import struct

import pytest
from sqlalchemy import Column, MetaData, Table, Text, bindparam, delete, select, text
from sqlalchemy.dialects.postgresql import insert

from bench.wire.evidence import Tags
from bench.wire.passage import Watch
from bench.wire.protocol import Message
from bench.wire.untold import Executed, writes_untold
from variants.contract import Query, Side

NOTES = Table("notes", MetaData(), Column("id", Text, primary_key=True))
ADDED = insert(NOTES).values(id=bindparam("id")).returning(NOTES.c.id).cte("added")


@pytest.mark.parametrize(
    ("construct", "untold"),
    [
        (select(ADDED.c.id), True),
        (text("WITH gone AS (DELETE FROM notes RETURNING id) SELECT id FROM gone"), True),
        (insert(NOTES).values(id=bindparam("id")), False),
        (delete(NOTES).where(NOTES.c.id == bindparam("id")), False),
        (select(NOTES.c.id), False),
    ],
)
def test_a_query_around_a_change_of_rows_writes_and_its_tag_does_not_say_so(construct: object, untold: bool) -> None:
    assert writes_untold(Query(Side.CENTRAL, construct)) is untold  # type: ignore[arg-type]  # any construct


def test_a_lone_select_that_writes_ends_a_transaction_and_one_that_reads_does_not() -> None:
    tags = Tags()
    for writes in (False, True):
        tags.completed("SELECT 1", writes=writes)
        tags.ready(inside=False)
    assert tags.noted == ("COMMIT",)


def message(kind: str, body: bytes = b"") -> Message:
    return Message(kind, kind.encode() + struct.pack("!I", len(body) + 4) + body)


def bound(name: bytes) -> bytes:
    return b"\0" + name + b"\0" + b"\0" * 6


def test_each_completed_command_is_known_by_the_statement_that_was_bound() -> None:
    executed = Executed(frozenset({b"s1"}))
    for name in (b"s0", b"s1", b"s0"):
        executed.sent(message("B", bound(name)))
        executed.sent(message("E", b"\0" * 5))
    executed.sent(message("S"))
    assert [executed.completed() for _ in range(3)] == [False, True, False]
    executed.ready()
    assert executed.completed() is False


def test_a_command_that_fails_takes_along_what_shares_its_sync_and_nothing_of_the_next_one() -> None:
    executed = Executed(frozenset({b"s1"}))
    for name in (b"s0", b"s1"):
        executed.sent(message("B", bound(name)))
        executed.sent(message("E", b"\0" * 5))
    executed.sent(message("S"))
    executed.sent(message("B", bound(b"s1")))
    executed.sent(message("E", b"\0" * 5))
    executed.sent(message("S"))
    executed.refused()
    executed.ready()
    assert executed.completed() is True


@pytest.mark.parametrize(("writing", "tags"), [(frozenset({b"s1"}), ("COMMIT",)), (frozenset[bytes](), ())])
def test_the_gate_counts_its_transaction(writing: frozenset[bytes], tags: tuple[str, ...]) -> None:
    watch = Watch(None, writing=writing)
    sent = message("B", bound(b"s1")), message("E", b"\0" * 5), message("S")
    watch.from_client(b"".join(one.raw for one in sent))
    watch.from_server(message("2").raw + message("C", b"SELECT 1\0").raw + message("Z", b"I").raw)
    assert watch.evidence.tags == tags
