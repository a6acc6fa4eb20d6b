"""What is noted of attempts on a real server, and what the server says of them afterwards."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Generator, Iterator
from typing import cast

import psycopg
import pytest

from bench.drive.drivers import Completion, Told, run
from bench.drive.errors import ConnectionLost, ServerError
from bench.drive.flights import Atomicity, Exchange, Flight, Flights, Verb
from bench.drive.link import Link, Waiting
from bench.factors import Levels
from bench.history.entry import Attempt, Phase, Transaction, Truth
from bench.history.recording import Recorder
from bench.history.resolve import Fate, Resolver
from bench.scenes import WARM, scene
from bench.stores import Store, copy
from bench.write_path import WritePath
from tests.bench.history.flights import BEGIN, COMMIT, READ_ALONE
from variants.contract import Design, Options, Rows, Side
from variants.dual import Dual
from workloads.model import Model
from workloads.operations import Context, Write


@pytest.fixture(scope="module")
def store(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[Store]:
    with copy(template_of(Dual(Options())), next(database_names)) as made:
        yield made


@pytest.fixture
def asking(store: Store) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        yield connection


def sending(store: Store) -> tuple[Write, Context]:
    made, model = scene("send", 1, WARM, uuid.uuid4().hex), Model()
    with store.links(Exchange.PLAIN) as links:
        for operation in made.setup:
            context = model.context(operation)
            assert run(links, WritePath(store.design, Levels(), Exchange.PLAIN).flights(operation, context)).told is Told.OK
            model.apply(operation, context)
    (target,) = made.target
    return target, model.context(target)


def recorded(store: Store, flights: Flights, recorder_of: Callable[..., Recorder] = Recorder) -> tuple[Attempt, Completion]:
    with store.links(Exchange.PLAIN) as links:
        recorder = recorder_of(links)
        completion = run(recorder.links, flights)
        return recorder.attempt(1, "m", completion), completion


@pytest.mark.parametrize(("atomicity", "transactions"), [(Atomicity.PER_SIDE, 2), (Atomicity.JOINED, 1)])
def test_an_undisturbed_attempt_is_all_committed(store: Store, atomicity: Atomicity, transactions: int) -> None:
    path = WritePath(store.design, Levels(atomicity=atomicity), Exchange.PLAIN)
    attempt, completion = recorded(store, path.flights(*sending(store)))
    assert completion.told is attempt.told is Told.OK
    assert attempt.phase is Phase.ENDED
    assert [(item.truth, item.tag) for item in attempt.transactions] == [(Truth.COMMITTED, "COMMIT")] * transactions


def test_a_transaction_s_id_is_known_before_its_commit_and_the_server_knows_it_afterwards(
    store: Store, asking: psycopg.Connection[tuple[object, ...]]
) -> None:
    known: list[tuple[int, int, Fate]] = []
    resolver = Resolver(asking)

    def identified(place: int, xid: int) -> None:
        known.append((place, xid, resolver.fate(xid)))

    path = WritePath(store.design, Levels(), Exchange.PLAIN)
    attempt, _ = recorded(store, path.flights(*sending(store)), lambda links: Recorder(links, identified))
    assert [(place, fate) for place, _, fate in known] == [(1, Fate.IN_PROGRESS), (2, Fate.IN_PROGRESS)]
    assert [item.xid for item in attempt.transactions] == [xid for _, xid, _ in known]
    assert [resolver.fate(xid) for _, xid, _ in known] == [Fate.COMMITTED, Fate.COMMITTED]
    assert attempt.identified


def test_a_refusal_after_a_commit_is_told_as_info_and_its_transaction_is_known_to_be_aborted(store: Store) -> None:
    operation, context = sending(store)
    path = WritePath(store.design, Levels(), Exchange.PLAIN)
    assert recorded(store, path.flights(operation, context))[1].told is Told.OK
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        connection.execute("DELETE FROM root_messages WHERE id = %s", [context.message_id])
    attempt, completion = recorded(store, path.flights(operation, context))
    assert completion.told is Told.INFO
    assert (attempt.phase, attempt.sqlstate, attempt.severity) == (Phase.OPEN, "23505", "ERROR")
    assert [item.truth for item in attempt.transactions] == [Truth.COMMITTED, Truth.ABORTED]


def test_a_backend_that_is_ended_at_commit_leaves_a_truth_that_only_the_server_knows(
    store: Store, asking: psycopg.Connection[tuple[object, ...]]
) -> None:
    resolver = Resolver(asking)
    with store.links(Exchange.PLAIN) as links:
        backend_pid = links[Side.CENTRAL].backend_pid

        def flights() -> Flights:
            yield (BEGIN,)
            yield (READ_ALONE._replace(alone=False),)
            assert resolver.fence(backend_pid)
            yield (COMMIT,)

        recorder = Recorder(links, lambda _place, _xid: None)
        completion = run(recorder.links, flights())
        attempt = recorder.attempt(1, None, completion)
    assert completion.told is Told.INFO
    assert attempt.phase is Phase.COMMIT
    (transaction,) = attempt.transactions
    assert transaction.truth is Truth.UNKNOWN
    (resolved,) = resolver.resolved_attempts([attempt])
    assert resolved.transactions[0].truth is Truth.ABORTED
    assert resolved.told is Told.INFO


class Ending:
    """A connection whose server says that it ends the session at COMMIT, and answers nothing any more."""

    in_transaction, is_amid_exchange, backend_pid = True, False, 7

    def close(self) -> None:
        """There is nothing to close."""

    def exchange(self, flight: Flight) -> Generator[Waiting, None, list[Rows]]:
        """Everything before COMMIT goes well."""
        yield from ()
        verb = flight[0].verb
        if verb is Verb.COMMIT:
            raise ServerError("57P01", "FATAL", "terminating connection")
        if verb is Verb.ROLLBACK:
            raise ConnectionLost("the socket is closed")
        return [()]


def test_a_rollback_that_fails_as_well_does_not_hide_the_error_that_ended_the_attempt() -> None:
    ending = cast(Link, Ending())
    recorder = Recorder(dict.fromkeys(Side, ending))

    def flights() -> Flights:
        yield (BEGIN,)
        yield (COMMIT,)

    completion = run(recorder.links, flights())
    attempt = recorder.attempt(1, None, completion)
    assert (completion.told, completion.sqlstate) == (Told.INFO, "57P01")
    assert (attempt.phase, attempt.sqlstate, attempt.severity) == (Phase.COMMIT, "57P01", "FATAL")
    assert [item.truth for item in attempt.transactions] == [Truth.UNKNOWN]


def test_a_transaction_that_still_lives_is_fenced_before_it_is_asked_about(
    store: Store, asking: psycopg.Connection[tuple[object, ...]]
) -> None:
    resolver = Resolver(asking)
    with psycopg.connect(store.conninfo) as zombie:
        row = zombie.execute("SELECT pg_current_xact_id()::text").fetchone()
        assert row is not None
        xid, backend_pid = int(row[0]), zombie.info.backend_pid
        assert resolver.fate(xid) is Fate.IN_PROGRESS
        found = resolver.resolved(Transaction(1, Truth.UNKNOWN, xid), backend_pid)
        assert found.truth is Truth.ABORTED
        with pytest.raises(psycopg.OperationalError):
            zombie.commit()


def test_a_fence_spares_itself_and_whoever_is_gone(asking: psycopg.Connection[tuple[object, ...]]) -> None:
    resolver = Resolver(asking)
    assert resolver.fence(asking.info.backend_pid)
    assert asking.execute("SELECT 1").fetchone() == (1,)
    assert resolver.fence(2**30)


def test_a_fence_that_the_server_does_not_obey_in_time_says_so_and_decides_nothing(store: Store) -> None:
    times = iter(range(100))
    with psycopg.connect(store.conninfo, autocommit=True) as asking, psycopg.connect(store.conninfo) as stays:
        resolver = Resolver(asking, clock=lambda: float(next(times)), sleep=lambda _s: None)
        asking.execute("CREATE SCHEMA mine")
        asking.execute("CREATE FUNCTION mine.pg_terminate_backend(integer) RETURNS boolean LANGUAGE sql AS 'SELECT true'")
        asking.execute("SET search_path = mine, pg_catalog")
        assert not resolver.fence(stays.info.backend_pid, within_s=3.0)
        transaction = Transaction(1, Truth.UNKNOWN, 5)
        assert resolver.resolved(transaction, stays.info.backend_pid) is transaction


def test_what_the_server_never_gave_out_or_has_forgotten_is_unknown(asking: psycopg.Connection[tuple[object, ...]]) -> None:
    resolver = Resolver(asking)
    assert resolver.fate(2**60 + 7) is Fate.NEVER_GIVEN
    assert resolver.fate(2**64 - 1) is Fate.NEVER_GIVEN
    assert Fate.NEVER_GIVEN.truth is Fate.FORGOTTEN.truth is Fate.IN_PROGRESS.truth is Truth.UNKNOWN
    known = Transaction(1, Truth.COMMITTED, 5)
    assert resolver.resolved(known, None) is known
    unnamed = Transaction(1, Truth.UNKNOWN)
    assert resolver.resolved(unnamed, None) is unnamed


def test_a_resolver_within_a_transaction_is_refused(store: Store) -> None:
    with psycopg.connect(store.conninfo) as connection, pytest.raises(ValueError, match="would see nothing new"):
        Resolver(connection)
