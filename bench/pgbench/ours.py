"""Our own arms: the same messages through the harness's drivers, in a closed loop on one thread."""

from __future__ import annotations

import resource
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import cast

from bench.drive.drivers import Completion, Links, Told
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights, reading_flights
from bench.drive.link import Patience
from bench.drive.loop import Loop
from bench.drive.sqlalchemy_arm import SqlAlchemyConnection, perform
from bench.errors import InvalidMeasurement
from bench.latency.quiet import no_collection
from bench.pgbench.window import Ran
from bench.pgbench.world import Post
from bench.server import failing
from bench.stores import Store
from variants.contract import Design, Query, Reading


@dataclass(frozen=True, slots=True)
class Share:
    """What each client is to do: its messages, so many an iteration, each of which begins with the fetch of `select`."""

    posts: Sequence[Sequence[Post]]
    messages: int
    select: Query

    @property
    def clients(self) -> int:
        """How many clients there are."""
        return len(self.posts)


class _Client:
    """One client of a closed loop: what it has to do, and when its iterations ended."""

    __slots__ = ("_lane", "_left", "_operations", "_share", "ended_s")

    def __init__(self, design: Design, share: Share, number: int, exchange: Exchange, lane: Links) -> None:
        self._lane = lane
        self._operations = _operations(design, share, number, exchange)
        self._left = self._share = share.messages + 1
        self.ended_s: list[float] = []

    def next(self, loop: Loop) -> None:
        """Begin the next operation, if there is one."""
        flights = next(self._operations, None)
        if flights is not None:
            loop.begin(self._lane, flights, self)

    def ended(self, at_ns: int) -> None:
        """Note the end of an operation."""
        self._left -= 1
        if self._left == 0:
            self._left = self._share
            self.ended_s.append(at_ns / 1e9)


def run_ours(store: Store, share: Share, exchange: Exchange, patience: Patience = Patience.SLEEPING) -> Ran:
    """All clients on one thread, each with a connection of its own."""
    return run_some(store, share, exchange, range(share.clients), patience)


def run_some(store: Store, share: Share, exchange: Exchange, numbers: Sequence[int], patience: Patience = Patience.SLEEPING) -> Ran:
    """These clients alone."""
    with ExitStack() as stack:
        lanes = [stack.enter_context(store.links(exchange)) for _ in numbers]
        loop = stack.enter_context(Loop(patience))
        stack.enter_context(no_collection())
        clients = [_Client(store.design, share, number, exchange, lane) for number, lane in zip(numbers, lanes, strict=True)]
        begun_s = cpu_s()
        for client in clients:
            client.next(loop)
        while loop.running:
            for end in loop.wait(None):
                _check(store.design, end.completion)
                client = cast(_Client, end.token)
                client.ended(end.end_ns)
                client.next(loop)
        used_s = cpu_s() - begun_s
    return Ran([client.ended_s for client in clients], used_s, share.messages)


def run_sqlalchemy(store: Store, share: Share) -> Ran:
    """The first client alone, with SQLAlchemy executing what the design says."""
    ended: list[float] = []
    with no_collection(), SqlAlchemyConnection.opened(store.conninfo) as connection:
        begun_s = cpu_s()
        for place, flights in enumerate(_operations(store.design, share, 0, Exchange.PLAIN), start=1):
            _check(store.design, perform(connection, flights))
            if place % (share.messages + 1) == 0:
                ended.append(time.perf_counter())
        used_s = cpu_s() - begun_s
    return Ran([ended], used_s, share.messages)


def cpu_s() -> float:
    """CPU time of this process, of the user and of the system."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _operations(design: Design, share: Share, client: int, exchange: Exchange) -> Iterator[Flights]:
    """A client's flights: in each iteration the fetch, then its messages."""
    posts = share.posts[client]
    for n in range(len(posts) // share.messages):
        yield reading_flights(_fetch(share.select, client, n))
        for post in posts[n * share.messages : (n + 1) * share.messages]:
            tasks = design.write(post.operation, post.context)
            yield operation_flights(tasks, Atomicity.PER_SIDE, exchange)


def _fetch(select: Query, client: int, n: int) -> Reading:
    return (yield select(client=client, n=n))


def _check(design: Design, completion: Completion) -> None:
    failing.check(f"{design.name} sent a message", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{design.name}: a message of a closed loop ended {completion.told}: {completion.reason}")
