"""A server that fails is told as such; what it was asked for is not to blame."""

from __future__ import annotations

import psycopg
import pytest
from psycopg import errors

from bench.drive.drivers import Completion, Told
from bench.drive.errors import ConnectionLost, ContractError, ServerError
from bench.errors import ServerFailed, UserError
from bench.server.failing import check, is_servers_failure, told
from bench.server.server import Server


@pytest.mark.parametrize("sqlstate", ["53100", "53300", "57P01", "57P03", "58030", "XX001", "08006"])
def test_an_operation_that_the_server_failed_is_the_servers(sqlstate: str) -> None:
    with pytest.raises(ServerFailed, match="while dual sent a message"):
        check("dual sent a message", Completion(Told.FAIL, reason="it went wrong", sqlstate=sqlstate))


@pytest.mark.parametrize("sqlstate", [None, "23505", "42P01", "57014", "40001", "XX000", "54000"])
def test_an_operation_that_was_refused_for_what_it_asked_is_judged_as_ever(sqlstate: str | None) -> None:
    check("dual sent a message", Completion(Told.FAIL, reason="refused", sqlstate=sqlstate))
    check("dual sent a message", Completion(Told.OK))


def test_a_lost_connection_is_the_servers_whatever_was_told() -> None:
    for told_so in Told:
        with pytest.raises(ServerFailed, match="--resume"):
            check("dual sent a message", Completion(told_so, reason="connection lost", lost=True))


@pytest.mark.parametrize(
    ("error", "own"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (errors.AdminShutdown(), True),
        (errors.DiskFull(), True),
        (errors.QueryCanceled(), False),
        (errors.UndefinedTable(), False),
        (errors.UniqueViolation(), False),
        (psycopg.ProgrammingError("no such thing"), False),
    ],
)
def test_errors_of_a_connection_are_told_from_those_of_a_statement(error: psycopg.Error, own: bool) -> None:
    assert is_servers_failure(error) is own


@pytest.mark.parametrize(
    ("error", "do"),
    [
        (
            psycopg.OperationalError("server closed the connection unexpectedly\n\tThis probably means"),
            "runs",
        ),
        (ConnectionLost("server closed the connection unexpectedly"), "runs"),
        (ServerError("53100", "ERROR", "could not extend file"), "make room"),
        (errors.DiskFull("could not extend file: No space left on device"), "make room"),
        (errors.InternalError_("checkpoint request failed"), "make room where they lie, or see its log"),
        (errors.TooManyConnections("sorry, too many clients already"), "what it lacks"),
    ],
)
def test_what_leaves_the_block_is_one_line_that_says_what_to_do(server: Server, error: Exception, do: str) -> None:
    with pytest.raises(UserError) as caught, told(server):
        raise error
    line = str(caught.value)
    assert "\n" not in line
    assert line.startswith(f"the {server.kind} server failed (")
    assert do in line
    assert "--resume" in line
    assert caught.value.__suppress_context__


def test_where_the_server_is_and_its_password_are_not_told(server: Server) -> None:
    assert server.endpoint.password is not None
    text = f'connection to server at "127.0.0.1", port 5432 failed: FATAL: no {server.endpoint.password}'
    with pytest.raises(ServerFailed) as caught, told(server):
        raise psycopg.OperationalError(text)
    assert server.endpoint.password not in str(caught.value)
    assert "127.0.0.1" not in str(caught.value)


def test_other_errors_pass_as_they_are(server: Server) -> None:
    with pytest.raises(ContractError), told(server):
        raise ContractError("a design did it")
