"""Rows that are not taken: each told by its place and a reason, never by what it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

SHOWN = 10
"""Rejected rows that are told one by one."""


class Rejections:
    """Counts rows by the reason why they were rejected, and keeps the places of the first ones.

    A reason is one of our own sentences: nothing of the source may stand in it.
    """

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()
        self._first: list[tuple[int, str]] = []

    def add(self, place: int, reason: str, rows: int = 1) -> None:
        """The row at this place, or so many from there on, is rejected."""
        self.reasons[reason] += rows
        if len(self._first) < SHOWN or place < self._first[-1][0]:
            self._first = sorted([*self._first, (place, reason)])[:SHOWN]

    @property
    def rows(self) -> int:
        """How many rows were rejected."""
        return self.reasons.total()

    def first(self, where: Callable[[int], str]) -> Iterator[str]:
        """The first rejected rows in their order; `where` says a place in words."""
        return (f"{where(place)} rejected: {reason}" for place, reason in self._first)
