"""A server that somebody else runs: used, and left as it was found, however the use ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from bench.errors import UserError
from bench.server.databases import checkpoint, create_database
from bench.server.embedded import EmbeddedServer
from bench.server.phases import ServerPhase
from bench.server.provided import provided

pytestmark = pytest.mark.database

PROJECT = Path(__file__).parents[3]
PASSWORD = "p@ss w:rd/%"
HOLD = """
import sys, time
from bench.server.databases import create_database
from bench.server.phases import ServerPhase
from bench.server.provided import provided
import signal
signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
with provided(sys.argv[1]) as server:
    create_database(server.endpoint, "trial")
    server.settings(ServerPhase.MEASURE)
    print("ready", flush=True)
    time.sleep(600)
"""
ORIGINAL = [("autovacuum_naptime", "42s"), ("max_wal_size", "3GB")]


def ask(server: EmbeddedServer, query: str) -> list[tuple[object, ...]]:
    with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as connection:
        cursor = connection.execute(query.encode())
        return cursor.fetchall() if cursor.description else []


@pytest.fixture(scope="module")
def host(server: EmbeddedServer) -> EmbeddedServer:
    """Somebody else's server: it has settings of its own, a database of ours, and roles."""
    ask(server, "CREATE DATABASE mine")
    ask(server, "CREATE DATABASE theirs")
    ask(server, f"CREATE ROLE maker LOGIN CREATEDB PASSWORD '{PASSWORD}'")
    ask(server, f"CREATE ROLE nobody_special LOGIN PASSWORD '{PASSWORD}'")
    for name, value in ORIGINAL:
        ask(server, f"ALTER SYSTEM SET {name} = '{value}'")
    ask(server, "SELECT pg_reload_conf()")
    wait_for(lambda: ask(server, "SHOW max_wal_size") == [("3GB",)], "the host's own settings hold")
    return server


def url(host: EmbeddedServer, user: str | None = None, password: str | None = None, database: str = "mine") -> str:
    endpoint = host.endpoint
    password = quote(password or endpoint.password or "", safe="")
    return f"url=postgresql://{user or endpoint.user}:{password}@127.0.0.1:{endpoint.port}/{quote(database, safe='')}"


def databases(host: EmbeddedServer) -> set[object]:
    return {name for (name,) in ask(host, "SELECT datname FROM pg_database")}


FRESH = {"postgres", "template0", "template1", "mine", "theirs"}


def assert_as_found(host: EmbeddedServer) -> None:
    assert databases(host) == FRESH
    assert sorted(ask(host, "SELECT name, setting FROM pg_file_settings")) == ORIGINAL
    assert ask(host, "SELECT current_setting('autovacuum'), current_setting('max_wal_size')") == [("on", "3GB")]


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.05)


@pytest.fixture
def holder(host: EmbeddedServer) -> Iterator[subprocess.Popen[str]]:
    """Another process that uses the server and has changed its settings."""
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, url(host)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        process.kill()


def test_databases_and_settings_are_as_found_at_the_end(host: EmbeddedServer) -> None:
    with provided(url(host)) as server:
        assert (server.kind, server.pid, server.version) == ("url", None, host.version)
        create_database(server.endpoint, "trial")
        server.settings(ServerPhase.MEASURE)
        assert ask(host, "SELECT current_setting('autovacuum'), current_setting('max_wal_size')") == [("off", "16GB")]
        assert ask(host, "SELECT count(*) FROM pg_stat_activity WHERE backend_type LIKE 'autovacuum%'") == [(0,)]
        server.settings(ServerPhase.STEADY)
        assert ask(host, "SELECT current_setting('autovacuum'), current_setting('max_wal_size')") == [("on", "1GB")]
        assert len(databases(host) - FRESH) == 2
    assert_as_found(host)


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, SystemExit])
def test_a_failure_in_the_middle_leaves_the_server_as_found(host: EmbeddedServer, error: type[BaseException]) -> None:
    def use_it() -> None:
        with provided(url(host)) as server:
            server.settings(ServerPhase.MEASURE)
            create_database(server.endpoint, "trial")
            raise error

    with pytest.raises(error):
        use_it()
    assert_as_found(host)


def test_databases_in_use_are_dropped(host: EmbeddedServer) -> None:
    with provided(url(host)) as server:
        create_database(server.endpoint, "trial")
        session = psycopg.connect(server.endpoint.conninfo("trial"))
    assert_as_found(host)
    session.close()


def test_a_run_that_is_asked_to_end_leaves_the_server_as_found(host: EmbeddedServer, holder: subprocess.Popen[str]) -> None:
    holder.send_signal(signal.SIGTERM)
    assert holder.wait(60) == 128 + signal.SIGTERM
    assert_as_found(host)


def test_what_a_killed_run_left_is_put_right_by_the_next(host: EmbeddedServer, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait(60)
    assert len(databases(host) - FRESH) == 2
    wait_for(lambda: ask(host, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'") == [], "its session has ended")
    with provided(url(host)):
        assert_as_found(host)
    assert_as_found(host)


def test_what_somebody_set_after_a_killed_run_is_theirs(host: EmbeddedServer, holder: subprocess.Popen[str]) -> None:
    holder.kill()
    holder.wait(60)
    wait_for(lambda: ask(host, "SELECT 1 FROM pg_locks WHERE locktype = 'advisory'") == [], "its session has ended")
    ask(host, "ALTER SYSTEM SET max_wal_size = '5GB'")
    with provided(url(host)):
        assert ("max_wal_size", "5GB") in ask(host, "SELECT name, setting FROM pg_file_settings")
        assert ask(host, "SHOW autovacuum") == [("on",)]
    ask(host, "ALTER SYSTEM SET max_wal_size = '3GB'")
    ask(host, "SELECT pg_reload_conf()")
    wait_for(lambda: ask(host, "SHOW max_wal_size") == [("3GB",)], "the host's own settings hold")
    assert_as_found(host)


@pytest.mark.parametrize("database", ["mine", "theirs"])
def test_two_runs_at_once_do_not_meet(host: EmbeddedServer, holder: subprocess.Popen[str], database: str) -> None:
    assert holder.poll() is None
    before = databases(host)
    with provided(url(host, database=database)) as server:
        create_database(server.endpoint, "trial")
        assert before < databases(host)
        assert any("another run is at work" in remark for remark in server.remarks)
        with pytest.raises(UserError, match="another run measures on this server now"):
            server.settings(ServerPhase.MEASURE)
    assert databases(host) == before
    assert ask(host, "SHOW autovacuum") == [("off",)]
    holder.send_signal(signal.SIGTERM)
    holder.wait(60)
    assert_as_found(host)


def test_a_database_that_only_looks_like_ours_is_left_alone(host: EmbeddedServer) -> None:
    lookalikes = {"storebench_0123456789abffff_trial", "storebench_results", "storebench_"}
    for name in lookalikes:
        ask(host, f"CREATE DATABASE {name}")
    with provided(url(host)):
        pass
    assert databases(host) == FRESH | lookalikes
    for name in lookalikes:
        ask(host, f"DROP DATABASE {name}")


@pytest.mark.parametrize(
    ("made", "dropped", "told"),
    [
        ("CREATE TABLE kept AS SELECT 1 AS a", "DROP TABLE kept", r"1 table \(public.kept\)"),
        ("CREATE VIEW seen AS SELECT 1", "DROP VIEW seen", r"1 view \(public.seen\)"),
        ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "DROP FUNCTION f", "1 function"),
        ("CREATE SCHEMA apart", "DROP SCHEMA apart", r"1 schema \(apart\)"),
        ("CREATE TYPE mood AS ENUM ('good')", "DROP TYPE mood", r"1 type \(public.mood\)"),
        ("CREATE SEQUENCE counted", "DROP SEQUENCE counted", "1 sequence"),
        ("SELECT lo_create(77777)", "SELECT lo_unlink(77777)", "1 large object"),
        ('CREATE TABLE "a\x1b[31m\nb" ()', 'DROP TABLE "a\x1b[31m\nb"', "1 table"),
    ],
)
def test_a_database_that_is_not_empty_is_refused_and_untouched(host: EmbeddedServer, made: str, dropped: str, told: str) -> None:
    def in_mine(query: str) -> None:
        with psycopg.connect(host.endpoint.conninfo("mine"), autocommit=True) as connection:
            connection.execute(query.encode())

    in_mine(made)
    try:
        with pytest.raises(UserError, match=told) as refused, provided(url(host)):
            pytest.fail("it was taken")
        assert str(refused.value).isprintable()
        assert databases(host) == FRESH
    finally:
        in_mine(dropped)


def test_an_extension_is_nobodys_data(host: EmbeddedServer) -> None:
    with psycopg.connect(host.endpoint.conninfo("mine"), autocommit=True) as connection:
        connection.execute("CREATE EXTENSION pg_stat_statements")
        with provided(url(host)):
            pass
        connection.execute("DROP EXTENSION pg_stat_statements")


@pytest.mark.parametrize("name", ['q"; DROP DATABASE theirs; --', "a b'c", "ünïcode", "-c x", "a=b host=elsewhere"])
def test_a_database_may_have_any_name(host: EmbeddedServer, name: str) -> None:
    quoted = name.replace('"', '""')
    ask(host, f'CREATE DATABASE "{quoted}"')
    with provided(url(host, database=name)) as server:
        create_database(server.endpoint, "trial")
    ask(host, f'DROP DATABASE "{quoted}"')
    assert_as_found(host)


@pytest.mark.parametrize(
    ("spoilt", "told"),
    [
        (("{password}", "wr0ng%20secret"), "password authentication failed"),
        (("/mine", "/n%0Aone"), "does not exist"),
        (("{user}:", "stranger:"), "password authentication failed"),
        (("{port}/", "1/"), "Connection refused"),
        (("/mine", "/mine?sslmode=require"), "SSL"),
        ((":{password}@", "@"), "no password supplied"),
    ],
)
def test_a_server_that_cannot_be_used_is_told_in_one_line(host: EmbeddedServer, spoilt: tuple[str, str], told: str) -> None:
    endpoint = host.endpoint
    sought, instead = spoilt
    sought = sought.format(password=endpoint.password, user=endpoint.user, port=endpoint.port)
    with pytest.raises(UserError, match=told) as refused, provided(url(host).replace(sought, instead)):
        pytest.fail("it was used")
    line = str(refused.value)
    assert "\n" not in line
    assert str(endpoint.password) not in line
    assert "secret" not in line
    assert refused.value.__context__ is None


def test_a_role_without_privileges_is_told_what_it_lacks_and_can_go_on(host: EmbeddedServer) -> None:
    with provided(url(host, "maker", PASSWORD)) as server:
        create_database(server.endpoint, "trial")
        server.settings(ServerPhase.MEASURE)
        told = " ".join(server.remarks)
        assert not checkpoint(server.endpoint)
    for lack in ("may change settings: no", "may checkpoint: no", "pg_walinspect: not for this role", "pg_stat_statements: not"):
        assert lack in told
    assert PASSWORD not in told
    assert_as_found(host)


def test_rights_that_were_granted_are_used(host: EmbeddedServer) -> None:
    ask(host, "GRANT ALTER SYSTEM ON PARAMETER autovacuum, checkpoint_timeout, max_wal_size TO maker")
    with psycopg.connect(host.endpoint.conninfo("mine"), autocommit=True) as connection:
        connection.execute("GRANT EXECUTE ON FUNCTION pg_reload_conf(), pg_show_all_file_settings() TO maker")
        connection.execute("GRANT SELECT ON pg_file_settings TO maker")
    with provided(url(host, "maker", PASSWORD)) as server:
        assert not any("may change settings" in remark for remark in server.remarks)
        server.settings(ServerPhase.MEASURE)
        assert ask(host, "SELECT current_setting('autovacuum'), current_setting('max_wal_size')") == [("off", "16GB")]
    assert_as_found(host)


def test_a_role_that_may_not_create_databases_is_refused(host: EmbeddedServer) -> None:
    with pytest.raises(UserError, match="CREATEDB"), provided(url(host, "nobody_special", PASSWORD)):
        pytest.fail("it was used")


def test_every_session_is_alike_whatever_the_role_has_set(host: EmbeddedServer) -> None:
    changes = ("jit = on", "timezone = 'Asia/Tokyo'", "default_transaction_isolation = 'serializable'", "synchronous_commit = off")
    for change in changes:
        ask(host, f"ALTER ROLE maker SET {change}")
    with provided(url(host, "maker", PASSWORD), {"statement_timeout": "1234", "fsync": "off"}) as server:
        create_database(server.endpoint, "trial")
        with psycopg.connect(server.endpoint.conninfo("trial")) as connection:
            names = ("jit", "TimeZone", "default_transaction_isolation", "synchronous_commit", "statement_timeout")
            found = [connection.execute("SELECT current_setting(%s)", [name]).fetchone() for name in names]
    ask(host, "ALTER ROLE maker RESET ALL")
    assert found == [("off",), ("UTC",), ("read committed",), ("on",), ("1234ms",)]
