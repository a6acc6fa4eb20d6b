"""What was recorded at the real server: elizaOS server 1.6.1, storage only, a group channel over Socket.IO, PostgreSQL 15.

One user message that every one of k agents answers once; each answer reaches the other agents. A warm message is one in a channel
in which everybody has spoken, a cold one the first in a channel that exists with its members. `SELECT a+b` reads a joined with b.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Recorded:
    """Totals of one message: `statements` without BEGIN and COMMIT, `rows` inserted by table."""

    statements: int
    explicit_transactions: int
    rows: Mapping[str, int]


WARM: Mapping[int, Recorded] = {
    1: Recorded(21, 2, {"central_messages": 2, "memories": 2}),
    2: Recorded(59, 6, {"central_messages": 3, "memories": 6}),
    4: Recorded(195, 20, {"central_messages": 5, "memories": 20}),
}
COLD: Mapping[int, Recorded] = {
    1: Recorded(25, 3, {"central_messages": 2, "memories": 2, "worlds": 1, "rooms": 1, "entities": 1}),
    2: Recorded(69, 10, {"central_messages": 3, "memories": 6, "worlds": 2, "rooms": 2, "entities": 4}),
    4: Recorded(223, 36, {"central_messages": 5, "memories": 20, "worlds": 4, "rooms": 4, "entities": 16}),
}

KINDS_WARM: Mapping[int, Mapping[str, int]] = {
    1: {
        "BEGIN": 2,
        "COMMIT": 2,
        "INSERT central_messages": 2,
        "INSERT memories": 2,
        "SELECT channel_participants": 2,
        "SELECT channels": 3,
        "SELECT entities+components": 1,
        "SELECT memories+embeddings": 5,
        "SELECT rooms": 3,
        "SELECT worlds": 3,
    },
    2: {
        "BEGIN": 6,
        "COMMIT": 6,
        "INSERT central_messages": 3,
        "INSERT memories": 6,
        "SELECT channel_participants": 6,
        "SELECT channels": 4,
        "SELECT entities+components": 4,
        "SELECT memories+embeddings": 16,
        "SELECT rooms": 10,
        "SELECT worlds": 10,
    },
}
KINDS_COLD: Mapping[int, Mapping[str, int]] = {
    1: {
        "BEGIN": 3,
        "COMMIT": 3,
        "INSERT central_messages": 2,
        "INSERT entities": 1,
        "INSERT memories": 2,
        "INSERT rooms": 1,
        "INSERT worlds": 1,
        "SELECT channel_participants": 2,
        "SELECT channels": 4,
        "SELECT entities+components": 1,
        "SELECT memories+embeddings": 5,
        "SELECT rooms": 3,
        "SELECT worlds": 3,
    },
    2: {
        "BEGIN": 10,
        "COMMIT": 10,
        "INSERT central_messages": 3,
        "INSERT entities": 4,
        "INSERT memories": 6,
        "INSERT rooms": 2,
        "INSERT worlds": 2,
        "SELECT channel_participants": 6,
        "SELECT channels": 6,
        "SELECT entities+components": 4,
        "SELECT memories+embeddings": 16,
        "SELECT rooms": 10,
        "SELECT worlds": 10,
    },
}

_STORED = ("SELECT channels", "INSERT central_messages", "SELECT channels")
_REMEMBERED = (*("SELECT memories+embeddings",) * 3, "BEGIN", "INSERT memories", "COMMIT")
_ANSWERED = ("SELECT memories+embeddings", "BEGIN", "INSERT memories", "COMMIT")
_MAPPED = ("SELECT rooms", "SELECT worlds", "SELECT memories+embeddings")
_POSTED = ("INSERT central_messages", "SELECT channels", "SELECT channel_participants")
_NOTICE = ("SELECT rooms", "SELECT worlds")
_HEARD = ("SELECT channel_participants", "SELECT worlds", "SELECT rooms", "SELECT entities+components")
_HEARD_FIRST = (
    *("SELECT channels", "SELECT channel_participants", "SELECT worlds", "INSERT worlds", "SELECT rooms", "INSERT rooms"),
    *("SELECT entities+components", "BEGIN", "INSERT entities", "COMMIT"),
)

SEQUENCE_WARM: Sequence[str] = (*_STORED, *_HEARD, *_REMEMBERED, *_ANSWERED, *_MAPPED, *_POSTED, *_NOTICE)
"""One agent, in order, as recorded."""
SEQUENCE_COLD: Sequence[str] = (*_STORED, *_HEARD_FIRST, *_REMEMBERED, *_ANSWERED, *_MAPPED, *_POSTED, *_NOTICE)

ORDER_WARM = (*range(13), 23, 24, 17, 18, *range(13, 17), *range(19, 23))
"""The places of the recorded sequence in the order of `dual_deployed`: the notice before the answer, which is an operation of its
own; room and world looked up before the answer is stored, not after."""
ORDER_COLD = (0, 1, 2, 4, 5, 6, 7, 3, *range(8, 19), 29, 30, 23, 24, *range(19, 23), *range(25, 29))
"""As for a warm message; and the channel's details where the room is made."""


def statements(kinds: Mapping[str, int]) -> int:
    """All of them but BEGIN and COMMIT."""
    return Counter(kinds).total() - kinds["BEGIN"] - kinds["COMMIT"]
