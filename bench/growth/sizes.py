"""What grows: three axes with their limits, and how a size stands in the raw rows. Pure."""

from __future__ import annotations

from typing import NamedTuple

AGENTS, ROWS, CHANNELS = "agents", "rows", "channels"
AXES = (AGENTS, ROWS, CHANNELS)

ROWS_MIN, ROWS_MAX = 1_000, 10_000_000
CHANNELS_MIN, CHANNELS_MAX = 10, 100_000

AGENTS_TOLD = 50
"""The largest k that the design note's reader asks about: a line that ends before it is extended to it."""

_BETWEEN = " at "


class Place(NamedTuple):
    """A kind of operation at a size."""

    kind: str
    size: int


def written(kind: str, size: int) -> str:
    """The kind of operation as the raw rows hold it: `send at 50`."""
    return f"{kind}{_BETWEEN}{size}"


def read(text: str) -> Place | None:
    """What `written` wrote; None for any other text."""
    kind, between, size = text.rpartition(_BETWEEN)
    return Place(kind, int(size)) if between and size.isdecimal() and len(size) <= 12 else None


def is_by_decade(axis: str) -> bool:
    """Whether sizes of this axis are compared by their ratio: stored rows and channels are, agents are counted one by one."""
    return axis != AGENTS


def extended_to(axis: str, sizes: list[int]) -> int | None:
    """A size beyond all measured ones that a reader will ask about; None where there is none."""
    if axis == AGENTS:
        return AGENTS_TOLD if max(sizes) < AGENTS_TOLD else None
    return 10 * max(sizes)
