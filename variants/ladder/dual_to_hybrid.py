"""The ladder from `dual` to `hybrid`, and one rung further: all of a message in one transaction.

Six changes make the one of the other. Where a transaction begins and ends is the same in both, one for each side: so the change of
the transaction boundary is the factor `joined`, taken on the design at the end.
"""

from __future__ import annotations

from functools import partial

from variants.ladder.rung import Change, RungDesign
from variants.ladders import Ladder, Rung

CHANGES: tuple[Change, ...] = tuple(Change)
"""In the order in which they are made; after the last one the design is `hybrid`."""

BETWEEN: tuple[str, ...] = (
    "ladder_early_rows",
    "ladder_names_only",
    "ladder_no_participants",
    "ladder_no_server_agents",
    "ladder_keys",
)
"""The designs between the ends, by name; each has one more of the changes."""


def dual_to_hybrid() -> Ladder:
    """Which of the hybrid's changes makes which difference to the design that it replaces?"""
    between = (
        Rung(name, CHANGES[place].value, partial(RungDesign, name, frozenset(CHANGES[: place + 1])))
        for place, name in enumerate(BETWEEN)
    )
    return Ladder(
        question="Which of the hybrid's changes makes which difference to today's storage?",
        rungs=(
            Rung("dual", "both schemas whole, as the note draws today's storage"),
            *between,
            Rung("hybrid", CHANGES[-1].value),
            Rung("hybrid[joined]", "transaction boundary: all of an operation in one transaction"),
        ),
    )
