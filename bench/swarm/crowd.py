"""The users as lanes: each operation is performed by the greenlet of a user, on the connections of the seat that it took.

Whoever hands it out sends its first flight, as the lanes of other instruments do: it is on its way to the server while one greenlet
gives way to the other.

A seat's connections are opened and warm before the run. A user takes a seat when it comes and gives it back when it goes; one that
is asked to go while it performs an operation ends that first, so what it began is committed and told.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from typing import Any

import gevent  # type: ignore[import-untyped]  # it has no types
from gevent.event import Event  # type: ignore[import-untyped]  # it has no types
from gevent.queue import SimpleQueue  # type: ignore[import-untyped]  # it has no types

from bench.drive.drivers import Completion, Links, performing
from bench.drive.errors import ContractError
from bench.drive.flights import Flights
from bench.drive.link import Waiting
from bench.drive.loop import Ended, Steps
from bench.drive.waiting import waiting
from bench.errors import ServerFailed
from bench.swarm.greening import Greening

SPIN_NS = 1_200_000
"""From so long before an operation is due on nothing sleeps: gevent's timers end up to a millisecond late."""


class _Seat:
    def __init__(self, links: Links) -> None:
        self.links = links
        self.mail: Any = SimpleQueue()
        self.greening = Greening()
        self.is_leaving = False
        self.is_busy = False


class Crowd:
    """Lanes for the dispatcher, seats for users; it belongs to one thread, and closes no connection."""

    def __init__(self, lanes: Sequence[Links]) -> None:
        self._seats = [_Seat(links) for links in lanes]
        self._unused = deque(range(len(lanes)))
        self._free: deque[tuple[int, int]] = deque()
        self._running = 0
        self._ended: list[Ended] = []
        self._failure: Exception | None = None
        self._wake: Any = Event()

    @property
    def spin_ns(self) -> int:
        """From so long before an operation is due on nothing sleeps."""
        return SPIN_NS

    @property
    def any_free(self) -> bool:
        """Whether a user waits for an operation."""
        return bool(self._free)

    @property
    def running(self) -> int:
        """How many operations were begun whose end was not told yet."""
        return self._running

    def take(self) -> tuple[int, int]:
        """The seat whose user has waited for longest, and since when."""
        return self._free.popleft()

    def give(self, lane: int, since_ns: int) -> None:
        """The user of the seat waits again, unless it was asked to go."""
        seat = self._seats[lane]
        seat.is_busy = False
        if seat.is_leaving:
            seat.mail.put(None)
        else:
            self._free.append((lane, since_ns))

    def begin(self, lane: int, flights: Flights, token: object) -> None:
        """Send the first flight of an operation, and hand it to the user of a seat."""
        seat = self._seats[lane]
        seat.is_busy = True
        self._running += 1
        steps = performing(seat.links, flights)
        try:
            first = next(steps)
        except StopIteration as stop:
            self._end(token, stop.value)
            return
        seat.mail.put((_resumed(first, steps), token))

    def wait(self, timeout_s: float) -> list[Ended]:
        """The operations that ended, at the latest after so long; other greenlets run meanwhile. Raises what a user met."""
        if not self._ended and self._failure is None:
            self._wake.clear()
            if timeout_s > 0:
                self._wake.wait(timeout_s)
            else:
                gevent.sleep(0)
        if self._failure is not None:
            raise self._failure
        ended, self._ended = self._ended, []
        self._running -= len(ended)
        return ended

    def wake(self) -> None:
        """Something else happened that whoever waits must see."""
        self._wake.set()

    def sit(self) -> int | None:
        """A user comes: its seat, or None when all are taken."""
        if not self._unused:
            return None
        lane = self._unused.popleft()
        self._free.append((lane, time.perf_counter_ns()))
        self.wake()
        return lane

    def ask_to_go(self, lane: int) -> None:
        """The user of a seat goes, after the operation that it performs."""
        seat = self._seats[lane]
        seat.is_leaving = True
        if not seat.is_busy:
            self._free = deque(free for free in self._free if free[0] != lane)
            seat.mail.put(None)

    def serve(self, lane: int) -> None:
        """What a user does on its seat: one operation after another, until it is asked to go. Runs in the user's greenlet."""
        seat = self._seats[lane]
        try:
            while (work := seat.mail.get()) is not None:
                steps, token = work
                self._end(token, waiting(steps, seat.greening.until))
        except ContractError as error:
            self._fail(error)
        except gevent.GreenletExit:
            if seat.is_busy:
                self._fail(ServerFailed("an operation did not end though its user was stopped", "see that the server answers"))
            raise
        finally:
            self._free = deque(free for free in self._free if free[0] != lane)
            seat.is_leaving = False
            if not seat.is_busy:
                self._unused.append(lane)

    def close(self) -> None:
        """Give back what waits for connections."""
        for seat in self._seats:
            seat.greening.close()

    def _end(self, token: object, completion: Completion) -> None:
        self._ended.append(Ended(token, completion, time.perf_counter_ns()))
        self._wake.set()

    def _fail(self, error: Exception) -> None:
        self._failure = self._failure or error
        self._wake.set()


def _resumed(first: Waiting, steps: Steps) -> Steps:
    """The steps from the first one on, which was taken already."""
    try:
        yield first
        return (yield from steps)
    finally:
        steps.close()
