"""Which statements decide which invariant: each returns a direction and a key for every violation."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

import psycopg

from bench.checker.in_sql import content, presence, reads, references
from bench.checker.violation import Violation

CHECKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "I1": presence.DURABILITY,
        "I2": presence.NO_PHANTOM,
        "I3": presence.EXACTLY_ONCE,
        "I4": presence.AGREEMENT,
        "I5": content.CONTENT_AGREEMENT,
        "I6": content.ORDER_AGREEMENT,
        "I7": content.REAL_TIME_ORDER,
        "I8": reads.NO_GAP,
        "I9": references.REFERENCES,
        "I10": references.PARTICIPANTS,
        "I11": references.ONE_TO_ONE,
        "I12": presence.NO_LEAK,
        "I13": reads.READ_YOUR_WRITES,
        "I14": reads.MONOTONIC_READS,
        "I15": content.EDITS_AND_DELETES,
        "I16": reads.ATOMIC_VISIBILITY,
        "I18": references.ONE_ROW,
        "I19": presence.NO_LOST_REPLY,
        "I20": reads.LIVENESS,
    }
)


Key = tuple[str, ...]


def run(connection: psycopg.Connection[Any]) -> set[tuple[str, Key, str]]:
    """Every violation once: the invariant, the key as `bench.checker.in_sql.tables` writes it, and the direction.

    The tables of this transaction are filled and derived by now.
    """
    return {
        (name, tuple(key), direction)
        for name, statements in CHECKS.items()
        for statement in statements
        for direction, key in connection.execute(statement.encode())
    }


def told(found: Iterable[tuple[str, Key, str]], text: Callable[[int], str]) -> list[Violation]:
    """The violations in texts, sorted; `text` gives that of an id's number."""
    return sorted(
        Violation(name, tuple(part[1:] if part[0] == "=" else text(int(part[1:])) for part in key), direction)
        for name, key, direction in found
    )
