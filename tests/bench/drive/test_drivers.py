"""One design, many drivers: the results are equal, and the server saw the transactions that were expected."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import psycopg
import pytest

from bench.drive.drivers import Completion, Links, Told, run, run_async, stepping
from bench.drive.flights import DIRECT, Atomicity, Exchange, Flights, Verb, operation_flights, reading_flights
from bench.stores import Store
from tests.bench.drive.toy import CONTEXT, Commits, FreshStore, Toy, send, stored, two_links
from workloads.operations import LatestPage

Driver = Callable[[Links, Flights], Completion]


def awaited(links: Links, flights: Flights) -> Completion:
    return asyncio.run(run_async(links, flights))


def stepped(links: Links, flights: Flights) -> Completion:
    """Step by step, with nothing between the steps."""
    steps = stepping(links, flights)
    while True:
        try:
            next(steps)
        except StopIteration as stop:
            ended: Completion = stop.value
            return ended


DRIVERS: dict[str, Driver] = {"sync": run, "async": awaited, "step by step": stepped}
EXCHANGES = {"plain": Exchange.PLAIN, "pipelined": Exchange.SHARED}
TRANSACTIONS = {Atomicity.PER_SIDE: 3, Atomicity.JOINED: 1}
"""Of one message: the central one, the agent's, and the statement after it; or all in one."""


def flights(toy: Toy, atomicity: Atomicity, exchange: Exchange, key: str, text: str = "hello") -> Flights:
    return operation_flights(toy.write(send(key, text), CONTEXT), atomicity, exchange)


def prepared(store: Store, links: Links, atomicity: Atomicity, exchange: Exchange, channel: str = "warm") -> None:
    """Every statement is made known by one message; making it known is a transaction, too."""
    toy = store.design
    assert isinstance(toy, Toy)
    key = "w" if channel in {"warm", "general"} else channel
    assert run(links, operation_flights(toy.write(send(key, channel=channel), CONTEXT), atomicity, exchange)).told is Told.OK
    toy.heard.clear()


@pytest.mark.parametrize("atomicity", DIRECT)
@pytest.mark.parametrize("exchange", list(Exchange))
@pytest.mark.parametrize("driver", list(DRIVERS))
def test_every_driver_leaves_the_same_rows_and_commits_as_often(
    driver: str, exchange: Exchange, atomicity: Atomicity, fresh_store: FreshStore
) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        prepared(store, links, atomicity, exchange)
        commits = Commits(store, links)
        ended = [DRIVERS[driver](links, flights(toy, atomicity, exchange, key)) for key in ("a", "b", "c")]
        assert commits.since() == 3 * TRANSACTIONS[atomicity]
        page = DRIVERS[driver](links, reading_flights(toy.read(LatestPage("general"))))
    assert ended == [Completion(Told.OK)] * 3
    assert toy.heard == [1, 2, 3]
    assert page == Completion(Told.OK, [("a", 0, "hello"), ("b", 1, "hello"), ("c", 2, "hello")])
    log, rooms, copies = stored(store)
    assert log[:3] == [(key, "general", place, "hello") for place, key in enumerate("abc")]
    assert rooms == [("general",), ("warm",)]
    assert copies == [("a", "general"), ("b", "general"), ("c", "general"), ("w", "warm")]


@pytest.mark.parametrize("atomicity", DIRECT)
@pytest.mark.parametrize("exchange", list(Exchange))
@pytest.mark.parametrize("driver", list(DRIVERS))
def test_a_refused_operation_leaves_nothing_with_any_driver(
    driver: str, exchange: Exchange, atomicity: Atomicity, fresh_store: FreshStore
) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        prepared(store, links, atomicity, exchange)
        before = stored(store)
        commits = Commits(store, links)
        ended = DRIVERS[driver](links, flights(toy, atomicity, exchange, "a", text=""))
        assert commits.since() == 0
        assert not any(link.in_transaction for link in links.values())
    assert ended == Completion(Told.FAIL, reason="the text is empty")
    assert stored(store) == before
    assert toy.heard == []


@pytest.mark.parametrize("exchange", list(Exchange))
def test_two_operations_wait_at_the_same_time_on_the_async_driver(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    async def both(first: Links, second: Links, holder: psycopg.Connection[tuple[object, ...]]) -> list[Completion]:
        held_up = asyncio.create_task(run_async(first, flights(toy, Atomicity.PER_SIDE, exchange, "a")))
        await asyncio.to_thread(wait_for_a_waiting_one, store)
        # The first one waits; the second one ends meanwhile, in the same thread.
        ended = await run_async(second, flights(toy, Atomicity.PER_SIDE, exchange, "b"))
        assert not held_up.done()
        holder.rollback()
        return [await held_up, ended]

    with two_links(store, exchange) as (first, second), psycopg.connect(store.conninfo) as holder:
        for links in (first, second):
            prepared(store, links, Atomicity.PER_SIDE, exchange, channel=f"warm{links is first}")
        # Somebody else is about to store the first message, too: its insert has to wait for how that ends.
        holder.execute("INSERT INTO log VALUES ('a', 'general', 0, 'elsewhere')")
        commits = Commits(store, first, second)
        assert asyncio.run(both(first, second, holder)) == [Completion(Told.OK)] * 2
        assert commits.since() == 2 * TRANSACTIONS[Atomicity.PER_SIDE]
    log, _, copies = stored(store)
    assert [row[:3] for row in log if row[1] == "general"] == [("a", "general", 0), ("b", "general", 0)]
    assert [row for row in copies if row[1] == "general"] == [("a", "general"), ("b", "general")]


def wait_for_a_waiting_one(store: Store) -> None:
    """Returns once a connection of the store waits for a lock; the test's own time limit ends it otherwise."""
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as monitor:
        while monitor.execute(asked, (store.database,)).fetchone() is None:
            time.sleep(0.01)


@pytest.mark.parametrize("exchange", list(Exchange))
def test_two_operations_are_interleaved_flight_by_flight_as_a_scheduler_likes(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as (first, second):
        prepared(store, first, Atomicity.PER_SIDE, exchange, channel="general")
        runs = [stepping(links, flights(toy, Atomicity.PER_SIDE, exchange, key)) for links, key in ((first, "a"), (second, "b"))]
        ended: dict[int, Completion] = {}
        while len(ended) < 2:
            for number, steps in enumerate(runs):
                if number not in ended:
                    try:
                        next(steps)
                    except StopIteration as stop:
                        ended[number] = stop.value
    assert ended == {0: Completion(Told.OK), 1: Completion(Told.OK)}
    log, rooms, copies = stored(store)
    # Both read before either wrote: they took the same place.
    assert [row[:3] for row in log] == [("a", "general", 1), ("b", "general", 1), ("w", "general", 0)]
    assert rooms == [("general",)]
    assert copies == [("a", "general"), ("b", "general"), ("w", "general")]


def test_one_after_the_other_takes_other_places_than_interleaved(fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, Exchange.PLAIN) as (first, second):
        for links, key in ((first, "a"), (second, "b")):
            stepped(links, flights(toy, Atomicity.PER_SIDE, Exchange.PLAIN, key))
    assert [row[2] for row in stored(store)[0]] == [0, 1]


@pytest.mark.parametrize("exchange", list(Exchange))
def test_an_operation_that_is_given_up_before_its_commit_leaves_nothing(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        steps = stepping(links, flights(toy, Atomicity.PER_SIDE, exchange, "a"))
        while all(command.verb is not Verb.COMMIT for command in next(steps)):
            pass
        steps.close()
        assert not any(link.in_transaction for link in links.values())
        assert stored(store) == ([], [], [])
        assert run(links, flights(toy, Atomicity.PER_SIDE, exchange, "b")).told is Told.OK


def test_a_remembered_value_outlives_a_commit_and_the_answer_of_a_statement_nobody_needs_is_none(
    fresh_store: FreshStore,
) -> None:
    # The toy asserts the second itself, and uses its room's name after the commit.
    toy = Toy()
    store = fresh_store(toy)
    with store.links(Exchange.PLAIN) as links:
        assert run(links, flights(toy, Atomicity.PER_SIDE, Exchange.PLAIN, "a")) == Completion(Told.OK)
    assert toy.heard == [1]
