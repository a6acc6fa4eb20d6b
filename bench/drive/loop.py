"""Many operations at a time on one thread: an epoll over the connections of as many lanes as there are.

A lane is the connections of one client, on which one operation runs at a time. `begin` sends its first flight at once; `wait` goes
on with whatever lane was answered, and tells which operations ended. Linux alone has `epoll`.
"""

from __future__ import annotations

import select
import time
from collections.abc import Generator
from dataclasses import dataclass
from typing import Self

from bench.drive.drivers import Completion, Links, performing
from bench.drive.flights import Flights
from bench.drive.link import Link, Patience, Ready, Waiting

_EVENTS = 64
"""Taken at a time: room for more would be made with every call."""


@dataclass(frozen=True, slots=True)
class Ended:
    """An operation that ended: the token it was begun with, how it ended, and when (`time.perf_counter_ns`)."""

    token: object
    completion: Completion
    end_ns: int


Steps = Generator[Waiting, None, Completion]


class Loop:
    """Runs operations on many lanes; it belongs to one thread and does not close the lanes' connections."""

    def __init__(self, patience: Patience = Patience.SLEEPING) -> None:
        self._watches = patience is Patience.WATCHING
        self._epoll = select.epoll()
        self._known: dict[int, tuple[Link, int]] = {}
        self._steps: dict[int, tuple[Steps, object]] = {}
        self._ended: list[Ended] = []

    @property
    def running(self) -> int:
        """How many operations were begun whose end was not told yet."""
        return len(self._steps) + len(self._ended)

    def begin(self, lane: Links, flights: Flights, token: object) -> None:
        """Start an operation: its first flight is sent now. Raises `ContractError` when the design breaks its contract."""
        self._go_on(performing(lane, flights), token)

    def wait(self, timeout_s: float | None) -> list[Ended]:
        """The operations that ended since the last call, at the latest after this many seconds (None: as long as it takes).

        An empty list means that time was up, or that nothing runs. The timeout is kept to less than a millisecond. Raises
        `ContractError` when a design breaks its contract; the other operations can be waited for all the same.
        """
        deadline = None if timeout_s is None else time.monotonic() + timeout_s
        while not self._ended and self._steps:
            left_s = None if deadline is None else max(0.0, deadline - time.monotonic())
            if left_s is not None and not self._watches:
                # epoll's own timeout is in whole milliseconds, rounded up.
                select.select([self._epoll], [], [], left_s)
            for descriptor, _ in self._epoll.poll(None if left_s is None and not self._watches else 0, _EVENTS):
                self._answered(descriptor)
            if left_s == 0.0:
                break
        ended, self._ended = self._ended, []
        return ended

    def close(self) -> None:
        """Abandon what still runs: its connections end, and with them what is not committed. Twice is fine."""
        for steps, _ in self._steps.values():
            steps.close()
        self._steps.clear()
        self._known.clear()
        self._epoll.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answered(self, descriptor: int) -> None:
        running = self._steps.pop(descriptor, None)
        if running is None:
            # Nobody waits for it: its server ended it, or it was closed. It must not wake us again and again.
            self._epoll.unregister(descriptor)
            del self._known[descriptor]
            return
        self._go_on(*running)

    def _go_on(self, steps: Steps, token: object) -> None:
        try:
            link, ready = next(steps)
        except StopIteration as stop:
            self._ended.append(Ended(token, stop.value, time.perf_counter_ns()))
            return
        mask = select.EPOLLIN if ready is Ready.READ else select.EPOLLIN | select.EPOLLOUT
        known = self._known.get(link.socket)
        if known is None or known[0] is not link:
            self._register(link, mask)
        elif known[1] != mask:
            self._epoll.modify(link.socket, mask)
            self._known[link.socket] = (link, mask)
        self._steps[link.socket] = (steps, token)

    def _register(self, link: Link, mask: int) -> None:
        """A number that is known may be that of a connection closed since, which the system forgot by itself."""
        try:
            self._epoll.register(link.socket, mask)
        except FileExistsError:
            self._epoll.modify(link.socket, mask)
        self._known[link.socket] = (link, mask)
