"""I17: after the faults, a repair leaves nothing broken, and doing it again changes nothing. Pure.

It looks at one store at three moments: after the repair, after a second one, and, for a repair of a store in which nothing was
wrong, before it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from bench.checker.check import check
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation

NAME = "I17"
MUST_HOLD = tuple(f"I{number}" for number in range(1, 16))
_STORED = ("c_server", "c_channel", "c_agent", "c_member", "c_message", "a_server", "a_channel", "a_member", "a_message")


def converged(repaired: Rows, again: Rows, *, peer_delivery: bool = True) -> list[Violation]:
    """What a repair left broken, and what a second one changed."""
    left = check(columns_of(repaired, peer_delivery=peer_delivery), MUST_HOLD)
    residue = {Violation(NAME, (violation.invariant, *violation.key), "residue") for violation in left}
    return sorted(residue | set(_changed(repaired, again, "not idempotent")))


def harmless(good: Rows, repaired: Rows) -> list[Violation]:
    """What a repair changed in a store in which nothing was wrong."""
    return sorted(set(_changed(good, repaired, "harmful")))


def _changed(before: Rows, after: Rows, direction: str) -> Iterator[Violation]:
    for relation in _STORED:
        own, other = Counter(getattr(before, relation)), Counter(getattr(after, relation))
        for row in (own - other) | (other - own):
            yield Violation(NAME, (relation, *(str(part) for part in row[:2])), direction)
