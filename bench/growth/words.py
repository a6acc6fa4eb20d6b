"""Bounds of growth in words. Pure."""

from __future__ import annotations

from collections.abc import Callable


def bounds_in_words(low: float | None, high: float | None, told: Callable[[float], str]) -> str:
    """In brackets: " [low, high]", each told so; nothing where one repetition alone gave none."""
    return "" if low is None or high is None else f" [{told(low)}, {told(high)}]"
