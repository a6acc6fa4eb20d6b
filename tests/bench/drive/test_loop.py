"""Many operations on one thread: each lane's ends by itself, and the loop tells which."""

from __future__ import annotations

import time

import psycopg
import pytest

from bench.drive.drivers import Completion, Told
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights
from bench.drive.link import Patience
from bench.drive.loop import Ended, Loop
from bench.stores import Store
from tests.bench.drive.test_drivers import prepared, wait_for_a_waiting_one
from tests.bench.drive.test_errors import cut, of
from tests.bench.drive.toy import CONTEXT, FreshStore, Toy, send, stored, two_links
from variants.contract import Begin, Side, Writing

EITHER = pytest.mark.parametrize("exchange", list(Exchange))


def flights(toy: Toy, exchange: Exchange, key: str, text: str = "hello") -> Flights:
    return operation_flights(toy.write(send(key, text), CONTEXT), Atomicity.PER_SIDE, exchange)


def all_of(loop: Loop) -> list[Ended]:
    ended: list[Ended] = []
    while loop.running:
        ended += loop.wait(None)
    return ended


def wait_for_a_waiting_one_while(loop: Loop, store: Store) -> None:
    while not loop.wait(0.01) and loop.running and not _waits(store.endpoint.conninfo(), store.database):
        pass
    wait_for_a_waiting_one(store)


@EITHER
def test_operations_of_many_lanes_all_end_and_leave_their_rows(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as lanes, Loop() as loop:
        begun_ns = time.perf_counter_ns()
        for number in range(6):
            loop.begin(lanes[number % 2], flights(toy, exchange, f"k{number}"), number)
            ended = [] if number % 2 == 0 else all_of(loop)
            assert {one.completion for one in ended} <= {Completion(Told.OK)}
            assert sorted(str(one.token) for one in ended) == [f"{token}" for token in range(number - 1, number + 1)][: len(ended)]
            assert all(begun_ns < one.end_ns <= time.perf_counter_ns() for one in ended)
    assert [row[0] for row in stored(store)[0]] == [f"k{number}" for number in range(6)]


@pytest.mark.parametrize("patience", list(Patience))
def test_a_loop_ends_its_wait_in_time_and_tells_every_end_however_it_waits(patience: Patience, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, Exchange.PLAIN) as (first, second), psycopg.connect(store.conninfo) as holder, Loop(patience) as loop:
        prepared(store, first, Atomicity.PER_SIDE, Exchange.PLAIN, channel="warm")
        holder.execute("INSERT INTO log VALUES ('a', 'general', 0, 'elsewhere')")
        loop.begin(first, flights(toy, Exchange.PLAIN, "a"), "held up")
        wait_for_a_waiting_one_while(loop, store)
        assert loop.wait(0.0) == loop.wait(0.002) == []
        loop.begin(second, flights(toy, Exchange.PLAIN, "b"), "free")
        assert [one.token for one in loop.wait(None)] == ["free"]
        holder.rollback()
        assert [one.token for one in loop.wait(None)] == ["held up"]


@EITHER
def test_a_lane_that_waits_for_a_lock_does_not_hold_up_the_others(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as (first, second), psycopg.connect(store.conninfo) as holder, Loop() as loop:
        for links in (first, second):
            prepared(store, links, Atomicity.PER_SIDE, exchange, channel=f"warm{links is first}")
        holder.execute("INSERT INTO log VALUES ('a', 'general', 0, 'elsewhere')")
        loop.begin(first, flights(toy, exchange, "a"), "held up")
        wait_for_a_waiting_one_while(loop, store)
        loop.begin(second, flights(toy, exchange, "b"), "free")
        assert [one.token for one in loop.wait(None)] == ["free"]
        assert loop.running == 1
        assert loop.wait(0.01) == []
        holder.rollback()
        assert [one.token for one in loop.wait(None)] == ["held up"]


def _waits(conninfo: str, database: str) -> bool:
    asked = "SELECT 1 FROM pg_stat_activity WHERE datname = %s AND wait_event_type = 'Lock'"
    with psycopg.connect(conninfo, autocommit=True) as monitor:
        return monitor.execute(asked, (database,)).fetchone() is not None


def test_nothing_to_wait_for_is_an_empty_list_at_once() -> None:
    with Loop() as loop:
        assert loop.wait(None) == []
        assert loop.wait(5) == []
    loop.close()


@EITHER
def test_a_lost_connection_ends_its_own_operation_alone(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as (first, second), Loop() as loop:
        for lane, key in ((first, "w"), (second, "v")):
            loop.begin(lane, flights(toy, exchange, key), key)
        assert {one.completion.told for one in all_of(loop)} == {Told.OK}
        cut(store, first)
        loop.begin(first, flights(toy, exchange, "a"), "cut")
        loop.begin(second, flights(toy, exchange, "b"), "whole")
        told = {one.token: one.completion for one in all_of(loop)}
    assert told["cut"].lost
    assert told["whole"] == Completion(Told.OK)


@EITHER
def test_a_connection_that_ends_while_idle_wakes_the_loop_once(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as (first, second), Loop() as loop:
        for lane, key in ((first, "w"), (second, "v")):
            loop.begin(lane, flights(toy, exchange, key), key)
        all_of(loop)
        cut(store, first)
        loop.begin(second, flights(toy, exchange, "b"), "whole")
        assert [one.token for one in all_of(loop)] == ["whole"]


@EITHER
def test_a_new_connection_under_the_number_of_a_closed_one_is_heard(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with Loop() as loop:
        numbers = set()
        for key in ("a", "b", "c"):
            with store.links(exchange) as lane:
                numbers.add(lane[Side.CENTRAL].socket)
                loop.begin(lane, flights(toy, exchange, key), key)
                assert [one.token for one in all_of(loop)] == [key]
    assert len(numbers) < 3


@EITHER
def test_a_breach_of_the_contract_is_raised_and_leaves_no_open_transaction(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield Begin(Side.CENTRAL)
        yield toy.count(channel="c")
        yield Begin(Side.AGENT)
        return None

    with two_links(store, exchange) as (first, second), Loop() as loop:
        loop.begin(second, flights(toy, exchange, "a"), "sound")
        loop.begin(first, of(body(), exchange), "broken")
        with pytest.raises(ContractError, match="begins a transaction on the agent side while one is open"):
            all_of(loop)
        assert not first[Side.CENTRAL].in_transaction
        assert loop.running <= 1
        assert {one.completion.told for one in all_of(loop)} <= {Told.OK}
    assert [row[0] for row in stored(store)[0]] == ["a"]


@EITHER
def test_what_still_runs_is_rolled_back_by_closing(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with two_links(store, exchange) as (first, _), psycopg.connect(store.conninfo) as holder:
        prepared(store, first, Atomicity.PER_SIDE, exchange)
        with Loop() as loop:
            loop.begin(first, flights(toy, exchange, "a", text=""), "refused")
            assert [one.completion.reason for one in loop.wait(None)] == ["the text is empty"]
            loop.begin(first, flights(toy, exchange, "b"), "given up")
        holder.execute("LOCK TABLE log")
    assert [row[0] for row in stored(store)[0]] == ["w"]
