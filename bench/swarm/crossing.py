"""Whose turn it is where several processes share a stream: as in one, and behind the steps of others that come first. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence

from bench.load.turns import Turns

Pass = Callable[[int, Sequence[int]], None]
"""Tells other processes that a step has ended: its number, and theirs."""


class Crossing:
    """Turns of one process. `behind` says, by step, which steps of others must have ended before it; `followers` which processes
    wait for a step of ours, and are told by `tell` when it ends.

    What others ended is told by `ended`, in any order, before or after the step that waits for it arrived.
    """

    def __init__(self, behind: Mapping[int, Collection[int]], tell: Pass, followers: Mapping[int, Collection[int]]) -> None:
        self._turns = Turns()
        self._tell = tell
        self._followers = dict(followers)
        self._behind = {number: set(before) for number, before in behind.items()}
        self._waiting: dict[int, list[int]] = {}
        for number, before in self._behind.items():
            for other in before:
                self._waiting.setdefault(other, []).append(number)
        self._first: set[int] = set()
        self._released: list[int] = []

    def arrive(self, number: int, things: Sequence[Hashable]) -> bool:
        """Queue up; True when nobody is ahead, in any process."""
        return self._turns.arrive(number, things) and self._is_free(number)

    def leave(self, number: int) -> list[int]:
        """Give up one's turn; those who may go now."""
        if (processes := self._followers.pop(number, None)) is not None:
            self._tell(number, list(processes))
        return [following for following in self._turns.leave(number) if self._is_free(following)]

    def released(self) -> Sequence[int]:
        """Those whose turn came by what others ended; each told once."""
        found, self._released = self._released, []
        return found

    def ended(self, numbers: Iterable[int]) -> None:
        """These steps of other processes have ended."""
        for other in numbers:
            for number in self._waiting.pop(other, ()):
                before = self._behind[number]
                before.discard(other)
                if not before:
                    del self._behind[number]
                    if number in self._first:
                        self._first.remove(number)
                        self._released.append(number)

    def abandon(self) -> None:
        """Nobody is waited for any more: what waits for others is told to be released, in order."""
        self._behind.clear()
        self._waiting.clear()
        self._released += sorted(self._first)
        self._first.clear()

    def _is_free(self, number: int) -> bool:
        if number not in self._behind:
            return True
        self._first.add(number)
        return False
