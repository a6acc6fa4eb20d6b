"""Which schedules there are of one operation: the census that a sweep runs, and its size. Pure.

With one fault, every frontend message is cut on every side. With two, the unit is the flight: what a client sends before it waits.
Two cuts of one flight on one side are told apart by nobody but the gate, but for the last message, behind which everything of the
flight has happened. So a flight is cut before its first message, or behind the answer to its last one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from bench.faults.schedule import Fault, Schedule
from bench.faults.sweeps.passages import Passage
from bench.wire.cut import CUTS, Side

T = TypeVar("T")


def one_fault(of: Callable[[Sequence[Fault]], Schedule], messages: int, sides: Sequence[Side] = CUTS) -> list[Schedule]:
    """Every message of the first attempt, on each of these sides. `of` makes a schedule of faults."""
    return [of([Fault(1, message, side)]) for message in range(1, messages + 1) for side in sides]


def by_flight(attempt: int, passages: Iterable[Passage]) -> list[Fault]:
    """Each flight of an attempt, before it and behind it."""
    faults: list[Fault] = []
    for passage in passages:
        faults += [Fault(attempt, passage.first, Side.REQUEST_LOST), Fault(attempt, passage.last, Side.REPLY_LOST)]
    return faults


def two_faults(
    of: Callable[[Sequence[Fault]], Schedule], first: Sequence[Fault], then: Callable[[Fault], Iterable[Passage]]
) -> list[Schedule]:
    """Each of the first faults with each one of the attempt that it leads to; `then` gives the flights of that attempt."""
    return [of([fault, second]) for fault in first for second in by_flight(2, then(fault))]


def spread(items: Sequence[T], limit: int | None) -> list[T]:
    """At most so many of the items, evenly over all of them, in their order; the first and the last are among them."""
    if limit is None or len(items) <= limit:
        return list(items)
    if limit <= 1:
        return list(items[:limit])
    return [items[round(number * (len(items) - 1) / (limit - 1))] for number in range(limit)]
