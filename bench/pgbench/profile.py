"""Where the CPU time of our own client goes: its parts and the whole, each measured apart on the same messages.

They are of those that pgbench replays; others come before them, so that every statement is prepared. The whole is the harness's
loop as in the comparison, without the fetch of parameters.

What is not measured by itself is the rest of the whole: exchange, event loop, decoding, checks, and that every step is slower after
a wait than in a loop of its own, as the server used the CPU's caches meanwhile. The generator is measured once more amid waits.
"""

from __future__ import annotations

import select
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from psycopg import pq

from bench.anatomy.unit import Record, recorded
from bench.drive.codec import BINARY_FORMAT
from bench.drive.drivers import Told, run
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights
from bench.drive.link import Link
from bench.drive.loop import Loop
from bench.errors import InvalidMeasurement
from bench.latency.quiet import no_collection
from bench.pgbench.ours import cpu_s
from bench.pgbench.plan import MESSAGES_AN_ITERATION
from bench.pgbench.prepared import Prepared
from bench.pgbench.world import Post
from bench.results.pgbench_schema import HarnessPart
from bench.stores import Store, copy
from variants.contract import Rows, Side

MESSAGES = 200
"""Profiled, at the most; those before them warm up."""

AMID = "(the generator once more, amid waits)"
GENERATING, ENCODING, TALKING, REST = "the design's generator and flights", "encoding", "libpq and the system's calls", "the rest"


def profile(one: Prepared, exchange: Exchange) -> list[HarnessPart]:
    """The parts of one client's CPU time for a message, with the whole under `REST` less them."""
    posts = one.world.posts[0]
    half = min(len(posts) // 2, MESSAGES) // MESSAGES_AN_ITERATION * MESSAGES_AN_ITERATION
    measured = posts[half : 2 * half]
    with copy(one.store, "profile_parts") as store, _link(store, exchange) as link:
        _sent(store, link, posts[:half], exchange)
        records = _sent(store, link, measured, exchange)
        generating = _cpu_us(lambda: _generate(store, measured, records, exchange), half)
        encoding = _cpu_us(lambda: _encode(link, records), half)
    with copy(one.store, "profile_talking") as store, _link(store, exchange) as link:
        _sent(store, link, posts[:half], exchange)
        talking = _talking_us(link, records, exchange) / half
    with copy(one.store, "profile_waits") as store, _link(store, exchange) as link:
        _sent(store, link, posts[:half], exchange)
        amid = _amid_waits_us(store, link, measured, exchange)
    with copy(one.store, "profile_whole") as store, _link(store, exchange) as link:
        _sent(store, link, posts[:half], exchange)
        whole = _whole_us(store, link, measured, exchange)
    parts = {GENERATING: generating, ENCODING: encoding, TALKING: talking}
    parts[REST] = max(0.0, whole - sum(parts.values()))
    parts[AMID] = amid
    name = one.store.design.name
    return [HarnessPart(design=name, exchange=exchange, part=part, cpu_us=cpu) for part, cpu in parts.items()]


@contextmanager
def _link(store: Store, exchange: Exchange) -> Iterator[Link]:
    with store.links(exchange) as links:
        yield links[Side.CENTRAL]


def _flights(store: Store, post: Post, exchange: Exchange) -> Flights:
    return operation_flights(store.design.write(post.operation, post.context), Atomicity.PER_SIDE, exchange)


def _sent(store: Store, link: Link, posts: Iterable[Post], exchange: Exchange) -> list[Record]:
    found = []
    for post in posts:
        record = Record()
        run({Side.CENTRAL: link, Side.AGENT: link}, recorded(_flights(store, post, exchange), record))
        found.append(record)
    return found


def _cpu_us(work: Callable[[], None], messages: int) -> float:
    """The quicker one of two times, for a message."""
    times = []
    with no_collection():
        for _ in range(2):
            begun = cpu_s()
            work()
            times.append(cpu_s() - begun)
    return min(times) / messages * 1e6


def _generate(store: Store, posts: Sequence[Post], records: Sequence[Record], exchange: Exchange) -> None:
    for post, record in zip(posts, records, strict=True):
        flights = _flights(store, post, exchange)
        next(flights)
        for _, answers in record.flights[:-1]:
            flights.send(answers)
        flights.close()


def _whole_us(store: Store, link: Link, posts: Sequence[Post], exchange: Exchange) -> float:
    """All CPU time for a message, through the loop that load and the comparison use."""
    lane = {Side.CENTRAL: link, Side.AGENT: link}
    with Loop() as loop, no_collection():
        begun = cpu_s()
        for post in posts:
            loop.begin(lane, _flights(store, post, exchange), post)
            for ended in loop.wait(None):
                if ended.completion.told is not Told.OK:
                    raise InvalidMeasurement(f"{store.design.name}: a profiled message ended {ended.completion.told}")
        return (cpu_s() - begun) / len(posts) * 1e6


def _amid_waits_us(store: Store, link: Link, posts: Sequence[Post], exchange: Exchange) -> float:
    """The generator's time for a message while its messages are really sent."""
    clock = [0]
    with no_collection():
        for post in posts:
            begun_ns = time.thread_time_ns()
            flights = _flights(store, post, exchange)
            clock[0] += time.thread_time_ns() - begun_ns
            run({Side.CENTRAL: link, Side.AGENT: link}, _timed(flights, clock))
    return clock[0] / len(posts) / 1e3


def _timed(flights: Flights, clock: list[int]) -> Flights:
    """The same flights; the thread's CPU time that they take to be made is added up."""
    answers: Sequence[Rows] | None = None
    while True:
        begun_ns = time.thread_time_ns()
        try:
            flight = next(flights) if answers is None else flights.send(answers)
        except StopIteration as stop:
            return stop.value
        finally:
            clock[0] += time.thread_time_ns() - begun_ns
        answers = yield flight


def _encode(link: Link, records: Iterable[Record]) -> None:
    for record in records:
        for statement, _ in record.executed():
            link.prepare(statement.constant).encode(statement.parameters)


def _talking_us(link: Link, records: Sequence[Record], exchange: Exchange) -> float:
    """The same commands by bare calls of libpq, everything computed beforehand."""
    ready = [
        [
            (prepared.name, prepared.encode(command.statement.parameters) if command.statement else None, prepared.formats, command)
            for command in flight
            for prepared in [link.known(command)]
        ]
        for record in records
        for flight, _ in record.flights
    ]
    connection, pipelined = link.pgconn, exchange is Exchange.SHARED
    poll = select.poll()
    poll.register(link.socket, select.POLLIN)

    def result() -> pq.abc.PGresult | None:
        while connection.is_busy():
            poll.poll()
            connection.consume_input()
        return connection.get_result()

    with no_collection():
        begun = cpu_s()
        for flight in ready:
            last = flight[-1][3]
            for name, values, formats, command in flight:
                connection.send_query_prepared(name, values, formats, result_format=BINARY_FORMAT)
                if pipelined and (command.alone or command is last):
                    connection.pipeline_sync()
            connection.flush()
            for *_, command in flight:
                while result() is not None:
                    pass
                if pipelined and (command.alone or command is last):
                    result()
        return (cpu_s() - begun) * 1e6
