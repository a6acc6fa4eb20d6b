"""What is still to come of what was said: answers, edits, deletions. Pure."""

from __future__ import annotations

import heapq

from workloads.generation.room import Room

REPLY, EDIT, DELETE = 0, 1, 2
US_PER_S = 1_000_000

Waiting = tuple[int, int, int, Room, int, int, int]
"""When, in real microseconds, a number that orders, what and where; then of a reply its agent, what it answers and its depth in a
chain, of a deletion the sequence of its message."""


class Pending:
    """Things that wait for their time; of two at the same time, the one that was added first comes first.

    `heap` has the next thing first; whoever looks at it does not change it.
    """

    def __init__(self) -> None:
        self.heap: list[Waiting] = []
        self._added = 0

    def add(self, due_us: int, what: int, room: Room, first: int = 0, second: int = 0, third: int = 0) -> None:
        """Something will happen at this time."""
        self._added += 1
        heapq.heappush(self.heap, (due_us, self._added, what, room, first, second, third))

    def next_before(self, end_us: float) -> Waiting | None:
        """The next thing, when its time is at or before this one."""
        heap = self.heap
        return heapq.heappop(heap) if heap and heap[0][0] <= end_us else None
