"""What `show` tells of a design: statements on one line, and sequences in which a look finds what was stored before."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bench.registry import build, load
from bench.show import Told, short, writes
from variants.contract import Options


@pytest.mark.parametrize(
    ("sql", "shown"),
    [
        ("INSERT INTO t (a, b) VALUES ($1::UUID, $2::VARCHAR)", "INSERT INTO t (a, b)"),
        ("INSERT INTO t (a) VALUES ($1) ON CONFLICT DO NOTHING", "INSERT INTO t (a) ON CONFLICT DO NOTHING"),
        ("SELECT t.a, t.b \nFROM t \nWHERE t.a = $1::UUID", "SELECT a, b FROM t WHERE a = ?"),
        ("SELECT " + ", ".join(f"t.column_{n}" for n in range(9)) + " FROM t", "SELECT 9 columns FROM t"),
        ("SELECT t.a FROM t JOIN u ON u.a = t.a", "SELECT t.a FROM t JOIN u ON u.a = t.a"),
        ("UPDATE t SET at=$1::TIMESTAMP WITHOUT TIME ZONE WHERE t.id = $2", "UPDATE t SET at=? WHERE id = ?"),
        ("DELETE FROM t WHERE t.id = ANY ($1::VARCHAR[])", "DELETE FROM t WHERE id = ANY (?)"),
    ],
)
def test_a_statement_is_shortened_to_what_tells_it_apart(sql: str, shown: str) -> None:
    assert short(sql) == shown


def told(design: str) -> Mapping[str, Told]:
    return {each.title: each for each in writes(build(load([design]), Options())[design])}


def first_words(sequence: Told, actor: str) -> list[str]:
    """The statements of the last actor of this name in the first sequence, by verb and table."""
    lines = [part.lines for part in sequence.ways[0][1] if part.actor == actor][-1]
    return [" ".join(word for word in line.split() if word in WORDS) for line in lines]


WORDS = frozenset(
    {"SELECT", "INSERT", "UPDATE", "DELETE", "BEGIN", "COMMIT"}
    | {"channels", "channel_participants", "worlds", "rooms", "entities", "memories"}
)


def test_who_leaves_is_found_among_the_others_so_the_whole_sequence_is_told() -> None:
    for kind in ("leave", "leave_agent"):
        assert first_words(told("dual_deployed")[kind], "central") == [
            "SELECT channel_participants",
            "BEGIN",
            "UPDATE channels",
            "DELETE channel_participants",
            "INSERT channel_participants SELECT",
            "COMMIT",
            "SELECT channels",
        ]


def test_a_warm_send_finds_room_world_and_author_and_not_the_message_that_it_stores() -> None:
    assert first_words(told("dual_deployed")["send"], "agent") == [
        *("SELECT channel_participants", "SELECT worlds", "SELECT rooms", "SELECT entities"),
        *("SELECT memories",) * 3,
        *("BEGIN", "INSERT memories", "COMMIT", "SELECT rooms", "SELECT worlds"),
    ]


@pytest.mark.parametrize(
    ("design", "counts"),
    [
        ("dual", {"add_agent": 3, "send": 9, "send, first contact": 18, "leave": 3}),
        ("dual_deployed", {"add_agent": 5, "send": 23, "send, first contact": 32, "reply": 18, "leave": 5, "delete": 3}),
        ("hybrid", {"add_agent": 4, "join": 6, "join_agent": 10, "send": 5, "send, first contact": 11}),
    ],
)
def test_statements_are_counted_as_a_server_would_be_sent_them(design: str, counts: Mapping[str, int]) -> None:
    """The figures are those of `storebench complexity`, which asks a server."""
    found = told(design)
    assert {kind: found[kind].statements for kind in counts} == counts
