"""What a faulty bus does to what is put on it: a queue as data, from publication to handling. Pure.

The queue holds a few deliveries at any time, as one does whose process lags behind its clients: the oldest is handled when a new
one comes in, the rest at the end. A fault takes hold of deliveries that a seeded generator draws, so equal seeds give equal
transits, for every design that publishes as many.
"""

from __future__ import annotations

import enum
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from bench.bus.bus import Bus

DEPTH = 5
"""Deliveries that wait while others are published."""

WINDOW = 4
"""A delivery that is out of order is handled up to so many places later."""


class BusFault(enum.StrEnum):
    """What goes wrong on the bus.

    NONE: nothing, the control. RESTART: the agents' process starts again, and its memory with what waits there is gone.
    DUPLICATE: a delivery comes twice. REORDER: one comes a few places later, so that others overtake it. DROP: one never comes.
    LATE: one comes after everything else, when its message may be deleted and its agent gone.
    """

    NONE = "none"
    RESTART = "restart"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    DROP = "drop"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Published:
    """An operation's client is done, and so many deliveries of it are on the bus; `operation` counts from 0."""

    operation: int
    deliveries: int


@dataclass(frozen=True, slots=True)
class Arrived:
    """A delivery, by its number in order of publication, reaches the agents' process."""

    number: int


@dataclass(frozen=True, slots=True)
class Restarted:
    """The agents' process starts again; these deliveries were in its memory."""

    waiting: tuple[int, ...]


Event = Published | Arrived | Restarted


@dataclass(frozen=True, slots=True)
class Transit:
    """All events of a bus, in order."""

    events: tuple[Event, ...]

    def met(self, fault: BusFault) -> frozenset[int]:
        """The deliveries of which the events show that the fault took hold of them; without any, the exposure is void."""
        arrived = [event.number for event in self.events if isinstance(event, Arrived)]
        late = {number for place, number in enumerate(arrived) if number < max(arrived[:place], default=number)}
        match fault:
            case BusFault.NONE:
                return frozenset()
            case BusFault.RESTART:
                gone = (event.waiting for event in self.events if isinstance(event, Restarted))
                return frozenset(number for waiting in gone for number in waiting)
            case BusFault.DUPLICATE:
                return frozenset(number for number, times in Counter(arrived).items() if times > 1)
            case BusFault.REORDER | BusFault.LATE:
                return frozenset(late)
            case BusFault.DROP:
                return frozenset(set(range(self.published)) - set(arrived)) | late

    @property
    def published(self) -> int:
        """How many deliveries were put on the bus."""
        return sum(event.deliveries for event in self.events if isinstance(event, Published))


def transit(published: Sequence[int], fault: BusFault, bus: Bus, generator: random.Random, share: float = 0.1) -> Transit:
    """How deliveries come through a bus with a fault: `published` says how many each operation puts on it.

    `share` of the deliveries, and at least one, meet the fault; of a restart, `share` of the operations are followed by one. On a
    bus that redelivers, what a restart or a drop takes away comes again: behind what waits then.
    """
    total = sum(published)
    drawn = _drawn(total, share, generator) if fault not in {BusFault.NONE, BusFault.RESTART} else frozenset[int]()
    after = _restarts(published, share, generator) if fault is BusFault.RESTART else frozenset[int]()
    queue = _Queue(fault, bus, drawn, generator)
    number = 0
    for operation, count in enumerate(published):
        queue.events.append(Published(operation, count))
        for _ in range(count):
            queue.put(number)
            number += 1
        if operation in after:
            queue.restart()
    queue.end()
    return Transit(tuple(queue.events))


def _drawn(total: int, share: float, generator: random.Random) -> frozenset[int]:
    return frozenset(generator.sample(range(total), min(total, max(1, round(total * share)))))


def _restarts(published: Sequence[int], share: float, generator: random.Random) -> frozenset[int]:
    """Operations behind which the process restarts; only such that have just put something on the bus."""
    busy = [operation for operation, count in enumerate(published) if count]
    return frozenset(generator.sample(busy, min(len(busy), max(1, round(len(busy) * share)))))


class _Queue:
    """What waits, in order, and what became of the rest."""

    def __init__(self, fault: BusFault, bus: Bus, drawn: frozenset[int], generator: random.Random) -> None:
        self.events: list[Event] = []
        self._fault = fault
        self._redelivers = bus is Bus.REDELIVERED
        self._drawn = drawn
        self._generator = generator
        self._waiting: list[int] = []
        self._behind: list[int] = []
        self._delayed: list[tuple[int, int]] = []
        self._unacknowledged: tuple[int, ...] = ()

    def put(self, number: int) -> None:
        """One more is published; the oldest is handled when that makes too many."""
        if number in self._drawn:
            self._put_faulty(number)
        else:
            self._waiting.append(number)
        self._count_down()
        while len(self._waiting) > DEPTH:
            self._unacknowledged = (self._waiting.pop(0),)
            self.events.append(Arrived(*self._unacknowledged))

    def restart(self) -> None:
        """The process loses its memory; a bus that redelivers gives it again, with what was handled and not acknowledged yet."""
        self.events.append(Restarted(tuple(self._waiting)))
        self._waiting = [*self._unacknowledged, *self._waiting] if self._redelivers else []
        self._unacknowledged = ()

    def end(self) -> None:
        """Nothing more is published, so all that waits is handled."""
        while self._delayed:
            self._count_down()
        self.events += [Arrived(number) for number in (*self._waiting, *self._behind)]

    def _put_faulty(self, number: int) -> None:
        match self._fault:
            case BusFault.DUPLICATE:
                self._waiting += [number, number]
            case BusFault.REORDER:
                self._delayed.append((self._generator.randint(2, WINDOW), number))
            case BusFault.LATE:
                self._behind.append(number)
            case BusFault.DROP if self._redelivers:
                self._delayed.append((WINDOW, number))

    def _count_down(self) -> None:
        """What is delayed takes its place in the queue once so many others were published after it."""
        self._waiting += [number for places, number in self._delayed if places == 1]
        self._delayed = [(places - 1, number) for places, number in self._delayed if places > 1]
