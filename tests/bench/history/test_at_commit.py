"""What ends a transaction at its COMMIT, on a real server: each error told, noted, and asked about afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from bench.drive.drivers import Completion, Told, run
from bench.drive.flights import Command, Exchange, Flights, Verb
from bench.history.classify import naive, truth_of_attempts
from bench.history.entry import Attempt, Phase, Transaction, Truth
from bench.history.recording import Recorder
from bench.history.resolve import Fate, Resolver
from bench.retrying.policy import told_of
from bench.stores import Store, copy
from tests.bench.history.flights import BEGIN, COMMIT
from variants.contract import Design, Options, Query, Side
from variants.floor import Floor

AT_COMMIT = {
    "cancelled": "PERFORM pg_cancel_backend(pg_backend_pid()); PERFORM pg_sleep(20)",
    "waiting": "LOCK TABLE owners IN EXCLUSIVE MODE",
    "doomed": "PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(20)",
    "loud": "RAISE WARNING 'careful'; RAISE NOTICE 'COMMIT'",
}
"""Tables, and what the server does within the COMMIT of whoever wrote to them."""

TABLES = """
CREATE TABLE owners (id int PRIMARY KEY);
CREATE TABLE things (id int PRIMARY KEY, owner int REFERENCES owners DEFERRABLE INITIALLY DEFERRED);
"""


@pytest.fixture(scope="module")
def store(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Iterator[Store]:
    with copy(template_of(Floor(Options())), next(database_names)) as made:
        with psycopg.connect(made.conninfo, autocommit=True) as connection:
            connection.execute(TABLES)
            for table, does in AT_COMMIT.items():
                connection.execute(f"CREATE TABLE {table} (id int)")
                function = f"CREATE FUNCTION {table}() RETURNS trigger LANGUAGE plpgsql"
                connection.execute(f"{function} AS $$ BEGIN {does}; RETURN NULL; END $$")
                late = f"CREATE CONSTRAINT TRIGGER late AFTER INSERT ON {table} DEFERRABLE INITIALLY DEFERRED"
                connection.execute(f"{late} FOR EACH ROW EXECUTE FUNCTION {table}()")
        yield made


@pytest.fixture
def asking(store: Store) -> Iterator[psycopg.Connection[Any]]:
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        yield connection


def sql(statement: str, *, alone: bool = False) -> Command:
    return Command(Verb.EXECUTE, Side.CENTRAL, Query(Side.CENTRAL, text(statement))(), alone)


def flights(*commands: Command) -> Flights:
    for command in commands:
        yield (command,)


def attempted(
    store: Store, commands: Sequence[Command], *, first: str = "", identified: bool = False
) -> tuple[Attempt, Completion]:
    with store.links(Exchange.PLAIN) as links:
        if first:
            links[Side.CENTRAL].pgconn.exec_(first.encode())
        recorder = Recorder(links, (lambda _place, _xid: None) if identified else None)
        completion = run(recorder.links, flights(*commands))
        return recorder.attempt(1, "m", completion), completion


def in_one(*statements: str) -> list[Command]:
    return [BEGIN, *map(sql, statements), COMMIT]


def count(asking: psycopg.Connection[Any], table: str) -> int:
    row = asking.execute(f"SELECT count(*) FROM {table}").fetchone()
    assert row is not None
    return int(row[0])


def test_a_deferred_key_that_is_broken_at_commit_is_a_fail_and_nothing_is_there(
    store: Store, asking: psycopg.Connection[Any]
) -> None:
    attempt, completion = attempted(store, in_one("INSERT INTO things VALUES (1, 77)"), identified=True)
    assert (completion.told, attempt.phase, attempt.sqlstate, attempt.severity) == (Told.FAIL, Phase.COMMIT, "23503", "ERROR")
    (transaction,) = attempt.transactions
    assert transaction.truth is Truth.ABORTED
    assert transaction.xid is not None
    assert Resolver(asking).fate(transaction.xid) is Fate.ABORTED
    assert count(asking, "things") == 0


def test_a_cancel_within_commit_is_a_fail_and_nothing_is_there(store: Store, asking: psycopg.Connection[Any]) -> None:
    attempt, completion = attempted(store, in_one("INSERT INTO cancelled VALUES (1)"))
    assert (completion.told, attempt.phase, attempt.sqlstate) == (Told.FAIL, Phase.COMMIT, "57014")
    assert [item.truth for item in attempt.transactions] == [Truth.ABORTED]
    assert count(asking, "cancelled") == 0


def test_a_lock_timeout_within_commit_is_a_fail_and_nothing_is_there(store: Store, asking: psycopg.Connection[Any]) -> None:
    with psycopg.connect(store.conninfo) as holding:
        holding.execute("LOCK TABLE owners IN SHARE MODE")
        attempt, completion = attempted(store, in_one("INSERT INTO waiting VALUES (1)"), first="SET lock_timeout = 30")
    assert (completion.told, attempt.phase, attempt.sqlstate) == (Told.FAIL, Phase.COMMIT, "55P03")
    assert [item.truth for item in attempt.transactions] == [Truth.ABORTED]
    assert count(asking, "waiting") == 0


def test_a_session_that_is_ended_within_commit_leaves_an_end_that_the_server_knows(
    store: Store, asking: psycopg.Connection[Any]
) -> None:
    attempt, completion = attempted(store, in_one("INSERT INTO doomed VALUES (2)"), identified=True)
    assert (completion.told, attempt.phase) == (Told.INFO, Phase.COMMIT)
    assert [item.truth for item in attempt.transactions] == [Truth.UNKNOWN]
    (resolved,) = Resolver(asking).resolved_attempts([attempt])
    assert [item.truth for item in resolved.transactions] == [Truth.ABORTED]
    assert resolved.told is Told.INFO


def test_a_warning_and_a_notice_at_commit_are_no_failure(store: Store, asking: psycopg.Connection[Any]) -> None:
    attempt, completion = attempted(store, in_one("INSERT INTO loud VALUES (1)"))
    assert (completion.told, attempt.phase) == (Told.OK, Phase.ENDED)
    assert [(item.truth, item.tag) for item in attempt.transactions] == [(Truth.COMMITTED, "COMMIT")]
    assert count(asking, "loud") == 1


def test_a_commit_of_a_transaction_that_the_server_has_given_up_is_a_fail_by_its_tag(
    store: Store, asking: psycopg.Connection[Any]
) -> None:
    with store.links(Exchange.PLAIN) as links:
        recorder = Recorder(links)

        def swallowing() -> Flights:
            yield (BEGIN,)
            yield (sql("INSERT INTO owners VALUES (1)"),)
            assert links[Side.CENTRAL].pgconn.exec_(b"SELECT 1 / 0").error_message
            yield (COMMIT,)

        completion = run(recorder.links, swallowing())
        attempt = recorder.attempt(1, "m", completion)
    assert completion.told is Told.FAIL
    assert [(item.truth, item.tag) for item in attempt.transactions] == [(Truth.ABORTED, "ROLLBACK")]
    assert count(asking, "owners") == 0


def test_a_statement_of_its_own_is_a_transaction_that_an_error_undoes(store: Store, asking: psycopg.Connection[Any]) -> None:
    attempt, completion = attempted(store, [sql("INSERT INTO things VALUES (5, 77)", alone=True)])
    assert (completion.told, attempt.phase, attempt.sqlstate) == (Told.FAIL, Phase.ALONE, "23503")
    assert [item.truth for item in attempt.transactions] == [Truth.ABORTED]
    assert count(asking, "things") == 0


def test_a_second_statement_of_its_own_that_fails_leaves_the_first_one(store: Store, asking: psycopg.Connection[Any]) -> None:
    writes = [sql("INSERT INTO owners VALUES (7)", alone=True), sql("INSERT INTO things VALUES (8, 9)", alone=True)]
    attempt, completion = attempted(store, writes)
    assert completion.told is Told.INFO
    assert [item.truth for item in attempt.transactions] == [Truth.COMMITTED, Truth.ABORTED]
    assert truth_of_attempts([attempt], 2) is Truth.PARTIAL
    assert count(asking, "owners") == 1


def test_a_first_attempt_that_commits_late_is_no_failure_whatever_the_second_one_was_told(
    store: Store, asking: psycopg.Connection[Any]
) -> None:
    resolver = Resolver(asking)
    with psycopg.connect(store.conninfo) as late:
        late.execute("INSERT INTO owners VALUES (20)")
        row = late.execute("SELECT pg_current_xact_id()::text").fetchone()
        assert row is not None
        unheard = Attempt(
            1, "m", Told.INFO, Phase.COMMIT, transactions=(Transaction(1, Truth.UNKNOWN, int(row[0])),), identified=True
        )
        again, completion = attempted(store, in_one("INSERT INTO owners VALUES (20)"), first="SET lock_timeout = 30")
        both = [unheard, again]
        assert again.sqlstate == "55P03"
        assert truth_of_attempts(resolver.resolved_attempts(both), 1) is Truth.UNKNOWN
        late.commit()
    resolved = resolver.resolved_attempts(both)
    assert truth_of_attempts(resolved, 1) is Truth.COMMITTED
    assert naive(resolved) is Told.FAIL
    assert told_of([Completion(Told.INFO), completion]).told is Told.INFO
