"""What an agent makes sure of with every message, made once for each fact: its rows and ids come out the same each time."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Generic, TypeVar

from variants.contract import Ensure

Fact = TypeVar("Fact")

REMEMBERED = 20_000
"""So many are kept; then all are forgotten and made anew. Some 30 MB at the most."""


class Remembered(Generic[Fact]):
    """By key, the `Ensure` that was made of a fact. It holds for that very fact alone: another one of the same key is made anew."""

    __slots__ = ("_made",)

    def __init__(self) -> None:
        self._made: dict[Hashable, tuple[Fact, Ensure]] = {}

    def get(self, key: Hashable, fact: Fact) -> Ensure | None:
        """What was made of this fact, or None."""
        made = self._made.get(key)
        return made[1] if made is not None and made[0] is fact else None

    def keep(self, key: Hashable, fact: Fact, ensure: Ensure) -> Ensure:
        """Keep it; gives it back."""
        if len(self._made) >= REMEMBERED:
            self._made.clear()
        self._made[key] = (fact, ensure)
        return ensure
