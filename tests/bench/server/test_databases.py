"""Databases made, copied and dropped."""

from __future__ import annotations

from dataclasses import replace

import psycopg
import pytest

from bench.errors import UserError
from bench.server.databases import checkpoint, create_database, drop_database
from bench.server.embedded import EmbeddedServer
from bench.server.endpoint import session_settings

pytestmark = pytest.mark.database


def names(server: EmbeddedServer) -> set[str]:
    with psycopg.connect(server.endpoint.conninfo()) as connection:
        return {name for (name,) in connection.execute("SELECT datname FROM pg_database").fetchall()}


def test_a_copy_has_the_tables_and_rows_of_its_template(server: EmbeddedServer) -> None:
    create_database(server.endpoint, "pattern")
    with psycopg.connect(server.endpoint.conninfo("pattern")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 10) AS number")
    create_database(server.endpoint, "copied", template="pattern")
    with psycopg.connect(server.endpoint.conninfo("copied")) as connection:
        assert connection.execute("SELECT sum(number) FROM kept").fetchone() == (55,)
        connection.execute("DELETE FROM kept")
    with psycopg.connect(server.endpoint.conninfo("pattern")) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (10,)


def test_a_new_database_is_empty(server: EmbeddedServer) -> None:
    create_database(server.endpoint, "empty")
    with psycopg.connect(server.endpoint.conninfo("empty")) as connection:
        assert connection.execute("SELECT count(*) FROM pg_stat_user_tables").fetchone() == (0,)


def test_a_time_limit_of_statements_does_not_bind_the_making_of_databases(server: EmbeddedServer) -> None:
    hurried = replace(server.endpoint, session=session_settings({"statement_timeout": "1"}))
    create_database(hurried, "slow")
    create_database(hurried, "slower", template="slow")
    assert {"slow", "slower"} <= names(server)
    drop_database(hurried, "slow")
    drop_database(hurried, "slower")
    assert not {"slow", "slower"} & names(server)


def test_a_database_in_use_is_dropped(server: EmbeddedServer) -> None:
    create_database(server.endpoint, "in_use")
    session = psycopg.connect(server.endpoint.conninfo("in_use"))
    drop_database(server.endpoint, "in_use")
    assert "in_use" not in names(server)
    with pytest.raises(psycopg.OperationalError):
        session.execute("SELECT 1")
    session.close()


def test_dropping_a_missing_database_is_fine(server: EmbeddedServer) -> None:
    drop_database(server.endpoint, "never_made")


def test_a_database_that_exists_is_not_made_again(server: EmbeddedServer) -> None:
    create_database(server.endpoint, "once")
    with pytest.raises(psycopg.errors.DuplicateDatabase):
        create_database(server.endpoint, "once")


@pytest.mark.parametrize("name", ["", "1st", "Upper", "a-b", 'a"; DROP DATABASE postgres', "a" * 64, "é", "a\n"])
def test_a_name_that_is_not_plain_is_refused(server: EmbeddedServer, name: str) -> None:
    with pytest.raises(UserError, match="database name"):
        create_database(server.endpoint, name)
    with pytest.raises(UserError, match="database name"):
        create_database(server.endpoint, "plain", template=name)
    with pytest.raises(UserError, match="database name"):
        drop_database(server.endpoint, name)
    assert "plain" not in names(server)


def test_a_checkpoint_is_done_when_it_returns(server: EmbeddedServer) -> None:
    with psycopg.connect(server.endpoint.conninfo(), autocommit=True) as connection:
        before = connection.execute("SELECT redo_lsn FROM pg_control_checkpoint()").fetchone()
        assert before is not None
        connection.execute("CREATE TABLE changed ()")
        checkpoint(server.endpoint)
        after = connection.execute("SELECT redo_lsn > %s::pg_lsn FROM pg_control_checkpoint()", before).fetchone()
    assert after == (True,)
