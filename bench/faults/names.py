"""The names of the ways in which a fault is made. Pure, and cheap to import."""

from __future__ import annotations

import enum


class LaneName(enum.StrEnum):
    """PROXY: every connection goes through a gate and is cut for real, the lane of record. FAST: the cut is emulated."""

    PROXY = "proxy"
    FAST = "fast"


LANES = tuple(LaneName)

BETWEEN = "between operations"
"""What a client is doing that was told of the end of one operation and has not begun another."""
