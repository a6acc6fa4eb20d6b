"""Whom violations hit."""

from __future__ import annotations

from bench.checker.blast import Blast, blast
from bench.checker.violation import Violation
from tests.bench.checker.stories import ANN, BOB, CHANNEL, correct, message


def test_the_blast_counts_each_message_channel_agent_and_user_once() -> None:
    rows = correct()
    hit = [
        Violation("I4", (ANN, message(rows, "m1")), "central-only"),
        Violation("I4", (BOB, message(rows, "m1")), "central-only"),
        Violation("I1", ("m4",), "lost"),
        Violation("I10", ("central", CHANNEL, BOB), "lost"),
    ]
    assert blast(hit, rows) == Blast(messages=2, channels=1, agents=2, users=1)
    assert blast([], rows) == Blast(0, 0, 0, 0)
