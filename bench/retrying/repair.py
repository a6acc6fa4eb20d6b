"""A repair pass over one operation: what there is in part of it is written again until it is whole.

It looks at the store through the canonical views, so it is the same for every design. What it writes leaves alone what is there,
so it may die at any point and be run again, and a whole operation is left as it is.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.crash.judge import Outcome

ROUNDS_MAX = 10
"""Times that an operation is written again before the repair gives up."""


@dataclass(frozen=True, slots=True)
class Repaired:
    """What was found, what there was in the end, and how often the operation was written for it."""

    found: Outcome
    ended: Outcome
    rounds: int


def repair(look: Callable[[], Outcome], write_again: Callable[[], object], rounds: int = ROUNDS_MAX) -> Repaired:
    """Write an operation again until it is whole.

    Only what is there in part is mended: of a lost operation nothing is there, and a message stored twice under two ids cannot be
    made one by writing. `write_again` may fail; what counts is what the store shows.
    """
    found = ended = look()
    done = 0
    while ended is Outcome.PARTIAL and done < rounds:
        write_again()
        done += 1
        ended = look()
    return Repaired(found, ended, done)
