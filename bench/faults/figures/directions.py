"""On which side a part of an operation is, told from who has something of it. Pure."""

from __future__ import annotations

import enum
from collections.abc import Sequence

from variants.contract import CENTRAL_ACTOR


class Direction(enum.StrEnum):
    """Where what is left in part is."""

    CENTRAL_ONLY = "central only"
    """The central side has it, and an agent lacks it, wholly or in part."""

    AGENT_ONLY = "agent only"
    """An agent has something of it, and the central side has not."""

    NEITHER = "within one side"
    """One side has a part of its own, and nothing of the other is missing."""


def direction(parts: Sequence[str]) -> Direction:
    """The direction of a split, from `parts` as a judgement words them: `central`, `agent 1 of 2`, `agent 2 of 2 in part`."""
    central = [part for part in parts if part.partition(" ")[0] == CENTRAL_ACTOR]
    agents = [part for part in parts if part.partition(" ")[0] != CENTRAL_ACTOR]
    if not central:
        return Direction.AGENT_ONLY if agents else Direction.NEITHER
    whole = [part for part in agents if part.endswith(tuple("0123456789"))]
    expected = {int(part.split()[3]) for part in agents if len(part.split()) >= 4 and part.split()[3].isdigit()}
    if expected and len(whole) == max(expected):
        return Direction.NEITHER
    return Direction.CENTRAL_ONLY
