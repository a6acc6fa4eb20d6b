"""The drivers: who waits, and how. All of them run the same flights.

`run` blocks, `run_async` awaits, `stepping` stops before each flight so that a scheduler (or a fault) decides what happens next.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from bench.drive.errors import ConnectionLost, ServerError
from bench.drive.flights import Command, Flight, Flights, Verb
from bench.drive.link import Link, Waiting
from bench.drive.told import Told
from bench.drive.waiting import awaiting, blocking
from bench.history.classify import Failure, told, told_of_transactions
from bench.history.entry import Phase
from variants.contract import Rejected, Rows, Side

__all__ = [
    "ROLLBACK",
    "Completion",
    "Links",
    "Progress",
    "Told",
    "performing",
    "roll_back",
    "run",
    "run_async",
    "stepping",
    "wait",
]

Links = Mapping[Side, Link]
"""The connection of each side; with one database both sides share one."""


ROLLBACK: Flight = (Command(Verb.ROLLBACK, Side.CENTRAL),)


@dataclass(frozen=True, slots=True)
class Completion:
    """How an operation ended: `value` is a read's answer; `reason` says why it is not `ok`, `lost` that its connection ended."""

    told: Told
    value: Any = None
    reason: str | None = None
    sqlstate: str | None = None
    lost: bool = False


class Progress:
    """How far the transactions of an operation are: what decides between `fail` and `info` when an error arises."""

    __slots__ = ("commits", "committed", "is_one")

    def __init__(self) -> None:
        self.committed = False
        self.commits = False
        self.is_one = True

    def sending(self, flight: Flight) -> None:
        """Note that a flight goes out: whether a transaction ends in it, and whether it holds one alone."""
        if len(flight) == 1:
            self.is_one, self.commits = True, flight[0].decides
        else:
            # Commands of a transaction travel with no command that is one of its own.
            self.is_one, self.commits = not any(command.alone for command in flight), any(command.decides for command in flight)

    def answered(self) -> None:
        """Note that all its answers came."""
        if self.commits:
            self.committed = True
            self.commits = False

    def completion(self, error: ServerError | ConnectionLost) -> Completion:
        """The honest word for an operation that ended in this error, as `bench.history.classify` has it.

        Where a flight holds several transactions and one of them may have written, the error of a read says nothing of it either.
        """
        phase = Phase.OPEN if not self.commits else Phase.COMMIT if self.is_one else Phase.SEVERAL
        before = [Told.OK] if self.committed else []
        if isinstance(error, ServerError):
            word = told_of_transactions([*before, told(phase, Failure(error.sqlstate, error.severity))])
            return Completion(word.told, reason=str(error), sqlstate=error.sqlstate)
        word = told_of_transactions([*before, told(phase, Failure())])
        return Completion(word.told, reason=f"connection lost: {error}", lost=True)


def performing(links: Links, flights: Flights) -> Generator[Waiting, None, Completion]:
    """An operation up to its end, whoever waits: yields what must be ready before it is asked to go on.

    An error of the design, and closing it between flights, roll back what is open, blocking; closing it amid an exchange ends that
    connection, since answers would be left unread on it.
    """
    progress = Progress()
    rows: list[Rows] | None = None
    try:
        while True:
            try:
                flight = next(flights) if rows is None else flights.send(rows)
            except StopIteration as stop:
                return _ended(stop.value)
            progress.sending(flight)
            try:
                rows = yield from links[flight[0].side].exchange(flight)
            except (ServerError, ConnectionLost) as error:
                completion = progress.completion(error)
                break
            progress.answered()
        for link in set(links.values()):
            if link.in_transaction:
                with suppress(ConnectionLost, ServerError):
                    yield from link.exchange(ROLLBACK)
        return completion
    finally:
        flights.close()
        for link in set(links.values()):
            roll_back(link)


def run(links: Links, flights: Flights) -> Completion:
    """Run an operation to its end on blocking connections."""
    return blocking(performing(links, flights))


async def run_async(links: Links, flights: Flights) -> Completion:
    """Run an operation to its end, awaiting each answer; other coroutines run meanwhile."""
    return await awaiting(performing(links, flights))


def stepping(links: Links, flights: Flights) -> Generator[Flight, None, Completion]:
    """Yield each flight before it is sent; the caller goes on with `next`. Closing it rolls back what is open."""
    progress = Progress()
    rows: list[Rows] | None = None
    try:
        while True:
            try:
                flight = next(flights) if rows is None else flights.send(rows)
            except StopIteration as stop:
                return _ended(stop.value)
            yield flight
            progress.sending(flight)
            try:
                rows = wait(links[flight[0].side], flight)
            except (ServerError, ConnectionLost) as error:
                return progress.completion(error)
            progress.answered()
    finally:
        flights.close()
        for link in set(links.values()):
            roll_back(link)


def wait(link: Link, flight: Flight) -> list[Rows]:
    """Exchange a flight, blocking in `poll` while the socket is not ready."""
    return blocking(link.exchange(flight))


def roll_back(link: Link) -> None:
    """End an open transaction of a connection that still lives; a lost one has none, one left amid an exchange is closed."""
    if link.is_amid_exchange:
        link.close()
    elif link.in_transaction:
        with suppress(ConnectionLost, ServerError):
            wait(link, ROLLBACK)


def _ended(value: Any) -> Completion:
    if isinstance(value, Rejected):
        return Completion(Told.FAIL, reason=value.reason)
    return Completion(Told.OK, value=value)
