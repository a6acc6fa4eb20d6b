"""What a client is told when things go wrong, and that a connection can be used afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Integer, bindparam, text

from bench.drive.drivers import Completion, Links, Told, run, stepping, wait
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.drive.flights import Atomicity, Command, Exchange, Flights, Verb, operation_flights
from bench.stores import Store
from tests.bench.drive.toy import CONTEXT, FreshStore, Toy, send, stored
from variants.contract import Begin, Commit, Query, Side, Statement, Task, Writing

EITHER = pytest.mark.parametrize("exchange", list(Exchange))


def of(body: Writing, exchange: Exchange) -> Flights:
    return operation_flights([Task("only", "central", body)], Atomicity.PER_SIDE, exchange)


def add(toy: Toy, key: str, *, needs_rows: bool = False) -> Statement:
    return toy.add(needs_rows=needs_rows, id=key, channel="c", place=0, text="t")


def adding(toy: Toy, *keys: str) -> Writing:
    """One transaction with an insert for each key."""
    yield Begin(Side.CENTRAL)
    for key in keys:
        yield add(toy, key)
    yield Commit(Side.CENTRAL)
    return None


def ids(store: Store) -> list[object]:
    return [row[0] for row in stored(store)[0]]


def is_usable(links: Links, toy: Toy, exchange: Exchange) -> bool:
    return run(links, of(adding(toy, "afterwards"), exchange)).told is Told.OK


@EITHER
@pytest.mark.parametrize("keys", [("a", "b", "a"), ("a", "a", "b"), ("a", "a")])
def test_an_error_in_a_transaction_rolls_it_back_and_is_reported(
    keys: tuple[str, ...], exchange: Exchange, fresh_store: FreshStore
) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        ended = run(links, of(adding(toy, *keys), exchange))
        assert (ended.told, ended.sqlstate) == (Told.FAIL, "23505")
        assert ended.reason is not None
        assert ended.reason.startswith("ERROR 23505: duplicate key value")
        assert not any(link.in_transaction for link in links.values())
        assert ids(store) == []
        assert is_usable(links, toy, exchange)


@EITHER
def test_an_error_after_an_earlier_commit_is_info_because_a_part_happened(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield from adding(toy, "a")
        yield from adding(toy, "a")
        return None

    with store.links(exchange) as links:
        ended = run(links, of(body(), exchange))
        assert (ended.told, ended.sqlstate) == (Told.INFO, "23505")
        assert ids(store) == ["a"]
        assert is_usable(links, toy, exchange)


@EITHER
def test_an_error_behind_another_write_of_a_group_is_info_because_each_is_a_transaction(
    exchange: Exchange, fresh_store: FreshStore
) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield (add(toy, "a"), add(toy, "a"))
        return None

    with store.links(exchange) as links:
        ended = run(links, of(body(), exchange))
        assert (ended.told, ended.sqlstate) == (Told.INFO, "23505")
        assert ids(store) == ["a"]
        assert is_usable(links, toy, exchange)


@EITHER
@pytest.mark.parametrize("is_read_first", [True, False], ids=["read first", "write first"])
def test_a_write_that_is_stored_is_not_told_to_have_failed_because_a_read_of_its_group_did(
    is_read_first: bool, exchange: Exchange, fresh_store: FreshStore
) -> None:
    toy = Toy()
    store = fresh_store(toy)
    failing = Query(Side.CENTRAL, text("SELECT 1 / :divisor").bindparams(bindparam("divisor", type_=Integer)))

    def body() -> Writing:
        read = failing(divisor=0)
        yield (read, add(toy, "a")) if is_read_first else (add(toy, "a"), read)
        return None

    with store.links(exchange) as links:
        ended = run(links, of(body(), exchange))
        assert ended.sqlstate == "22012"
        was_sent = exchange is Exchange.SHARED or not is_read_first
        assert ids(store) == (["a"] if was_sent else [])
        assert ended.told is (Told.INFO if was_sent else Told.FAIL)
        assert is_usable(links, toy, exchange)


@EITHER
def test_a_single_write_that_is_its_own_transaction_fails_definitely(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield add(toy, "a")
        return None

    with store.links(exchange) as links:
        assert run(links, of(body(), exchange)).told is Told.OK
        assert run(links, of(body(), exchange)).told is Told.FAIL
        assert ids(store) == ["a"]


@EITHER
def test_a_commit_that_the_server_answers_with_rollback_is_a_fail(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        link = links[Side.CENTRAL]

        def flights() -> Flights:
            yield (Command(Verb.BEGIN, Side.CENTRAL),)
            yield (Command(Verb.EXECUTE, Side.CENTRAL, add(toy, "a")),)
            # A statement goes wrong and nobody looks.
            with pytest.raises(ServerError):
                wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, add(toy, "a")),))
            yield (Command(Verb.COMMIT, Side.CENTRAL),)
            raise AssertionError("the commit seemed to succeed")

        ended = run(links, flights())
        assert ended == Completion(Told.FAIL, reason="ERROR 25P02: COMMIT was answered by ROLLBACK", sqlstate="25P02")
        assert ids(store) == []
        assert is_usable(links, toy, exchange)


def cut(store: Store, links: Links) -> None:
    """End the backend of these links and wait until it is gone."""
    pid = links[Side.CENTRAL].backend_pid
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as other:
        assert other.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,)).fetchone() == (True,)


def run_and_cut(store: Store, links: Links, flights: Flights, before: Verb) -> Completion:
    """Run an operation; the connection is cut before the first flight with this verb goes out."""
    steps: Iterator[object] = stepping(links, flights)
    is_cut = False
    while True:
        try:
            flight = next(steps)
        except StopIteration as stop:
            ended: Completion = stop.value
            return ended
        assert isinstance(flight, tuple)
        if not is_cut and any(command.verb is before for command in flight):
            is_cut = True
            cut(store, links)


@EITHER
def test_a_connection_that_is_lost_at_its_commit_is_info(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        ended = run_and_cut(store, links, of(adding(toy, "a"), exchange), Verb.COMMIT)
    assert ended.told is Told.INFO
    assert ended.reason is not None


@EITHER
def test_a_connection_that_is_lost_before_its_commit_is_a_fail(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        ended = run_and_cut(
            store, links, operation_flights(toy.write(send("a"), CONTEXT), Atomicity.PER_SIDE, exchange), Verb.BEGIN
        )
        assert ended.told is Told.FAIL
        assert stored(store) == ([], [], [])


@EITHER
def test_a_connection_that_is_lost_after_an_earlier_commit_is_info(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield from adding(toy, "a")
        yield Begin(Side.CENTRAL)
        yield toy.count(channel="c")
        cut(store, links)
        yield toy.count(channel="c")
        yield Commit(Side.CENTRAL)
        return None

    with store.links(exchange) as links:
        assert run(links, of(body(), exchange)).told is Told.INFO
    assert ids(store) == ["a"]


@EITHER
def test_a_lost_connection_stays_lost_and_can_still_be_closed(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        cut(store, links)
        first = run(links, of(adding(toy, "a"), exchange))
        second = run(links, of(adding(toy, "a"), exchange))
    # Where everything goes out in one flight, nobody can know whether its commit was seen.
    assert first.told is (Told.FAIL if exchange is Exchange.PLAIN else Told.INFO)
    assert second.told is not Told.OK
    assert ids(store) == []


@EITHER
def test_a_breach_of_the_contract_leaves_no_open_transaction(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)

    def body() -> Writing:
        yield Begin(Side.CENTRAL)
        yield add(toy, "a", needs_rows=True)
        yield Begin(Side.AGENT)
        return None

    with store.links(exchange) as links:
        with pytest.raises(ContractError, match="begins a transaction on the agent side while one is open"):
            run(links, of(body(), exchange))
        assert not any(link.in_transaction for link in links.values())
        assert ids(store) == []
        assert is_usable(links, toy, exchange)


@EITHER
def test_an_error_says_state_and_severity_as_the_server_sent_them(exchange: Exchange, fresh_store: FreshStore) -> None:
    toy = Toy()
    store = fresh_store(toy)
    with store.links(exchange) as links:
        link = links[Side.CENTRAL]
        command = Command(Verb.EXECUTE, Side.CENTRAL, add(toy, "a"), True)
        wait(link, (command,))
        with pytest.raises(ServerError) as wrong:
            wait(link, (command,))
        assert (wrong.value.sqlstate, wrong.value.severity) == ("23505", "ERROR")
        cut(store, links)
        with pytest.raises((ConnectionLost, ServerError)) as lost:
            wait(link, (command,))
        assert not isinstance(lost.value, ServerError) or lost.value.severity == "FATAL"
