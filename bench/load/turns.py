"""Whose turn it is: operations that touch the same thing go one after another, in the order in which they are due. Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable, Sequence
from typing import Protocol


class Turning(Protocol):
    """Who says whose turn it is. `released` are those whose turn came by something that happened elsewhere, each told once."""

    def arrive(self, number: int, things: Sequence[Hashable]) -> bool: ...

    def leave(self, number: int) -> list[int]: ...

    def released(self) -> Sequence[int]: ...


class Turns:
    """A queue for each thing. Whoever is first in all the queues of what it touches may go."""

    def __init__(self) -> None:
        self._queues: dict[Hashable, deque[int]] = {}
        self._things: dict[int, Sequence[Hashable]] = {}
        self._behind: dict[int, int] = {}

    def arrive(self, number: int, things: Sequence[Hashable]) -> bool:
        """Queue up for these things; True when nobody is ahead in any of them."""
        behind = 0
        for thing in things:
            queue = self._queues.get(thing)
            if queue is None:
                queue = self._queues[thing] = deque()
            behind += bool(queue)
            queue.append(number)
        self._things[number] = things
        self._behind[number] = behind
        return behind == 0

    def leave(self, number: int) -> list[int]:
        """Give up one's turn; those who may go now, in the order of the things."""
        free: list[int] = []
        for thing in self._things.pop(number):
            queue = self._queues[thing]
            if queue[0] != number:
                raise ValueError(f"operation {number} leaves, and it is not its turn")
            queue.popleft()
            if not queue:
                del self._queues[thing]
                continue
            following = queue[0]
            self._behind[following] -= 1
            if self._behind[following] == 0:
                free.append(following)
        del self._behind[number]
        return free

    def released(self) -> Sequence[int]:
        """Nobody: nothing of these queues is elsewhere."""
        return ()
