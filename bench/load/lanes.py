"""Who performs the operations of a stretch: lanes, each with the connections of one client, and one operation at a time."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Protocol

from bench.drive.drivers import Links
from bench.drive.flights import Flights
from bench.drive.loop import Ended, Loop

SPIN_NS = 250_000
"""From so long before an operation is due on nothing sleeps: a sleep of this machine's kind ends up to so much late."""


class Lanes(Protocol):
    """Lanes by number. From `spin_ns` before an operation is due on whoever waits for it must not sleep."""

    @property
    def spin_ns(self) -> int: ...

    @property
    def any_free(self) -> bool: ...

    @property
    def running(self) -> int:
        """How many operations were begun whose end was not told yet."""
        ...

    def take(self) -> tuple[int, int]:
        """The lane that has been free for longest, and since when on `time.perf_counter_ns` (0: since the beginning)."""
        ...

    def give(self, lane: int, since_ns: int) -> None:
        """The lane is free again."""
        ...

    def begin(self, lane: int, flights: Flights, token: object) -> None:
        """Begin an operation on a lane that was taken."""
        ...

    def wait(self, timeout_s: float) -> list[Ended]:
        """The operations that ended since the last call, at the latest after so long."""
        ...


class Looped:
    """Lanes that one loop runs, all in one thread."""

    def __init__(self, loop: Loop, lanes: Sequence[Links]) -> None:
        self._loop = loop
        self._lanes = lanes
        self._free = deque((lane, 0) for lane in range(len(lanes)))

    @property
    def spin_ns(self) -> int:
        """From so long before an operation is due on nothing sleeps."""
        return SPIN_NS

    @property
    def any_free(self) -> bool:
        """Whether there is a lane to take."""
        return bool(self._free)

    @property
    def running(self) -> int:
        """How many operations were begun whose end was not told yet."""
        return self._loop.running

    def take(self) -> tuple[int, int]:
        """The lane that has been free for longest, and since when."""
        return self._free.popleft()

    def give(self, lane: int, since_ns: int) -> None:
        """The lane is free again."""
        self._free.append((lane, since_ns))

    def begin(self, lane: int, flights: Flights, token: object) -> None:
        """Begin an operation: its first flight is sent now."""
        self._loop.begin(self._lanes[lane], flights, token)

    def wait(self, timeout_s: float) -> list[Ended]:
        """The operations that ended; without any under way, sleep."""
        if self._loop.running:
            return self._loop.wait(timeout_s)
        if timeout_s > 0:
            time.sleep(timeout_s)
        return []
