"""A server that fails while it is used, told in one line: it is nobody's fault but its own, and a run goes on with --resume."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench.drive.drivers import Completion
from bench.drive.errors import ConnectionLost, ServerError
from bench.errors import ServerFailed
from bench.server.reaching import cause
from bench.server.server import Server

_AGAIN = "then repeat the command; a run goes on with --resume"
_SEE = f"see that the server runs, {_AGAIN}"
_NO_ROOM = ("53100", "No space left on device", "could not extend file", "Disk quota exceeded", "File too large")
_NO_WRITING = ("checkpoint request failed",)
"""The reason stands in the server's log alone; mostly it is that there is no room."""

_LACKS = ("53200", "53300", "53400", "out of memory", "out of shared memory", "too many clients")
_OWN_CLASSES = ("53", "58", "57P", "XX001", "XX002", "08")
"""SQLSTATEs that say nothing of the statement, by how they begin: resources, system, operator, damaged data, connection."""


def is_servers_own(sqlstate: str | None) -> bool:
    """Whether an error of this SQLSTATE says nothing of the statement that it answers, only of the server."""
    return sqlstate is not None and sqlstate.startswith(_OWN_CLASSES)


def is_servers_failure(error: psycopg.Error) -> bool:
    """Whether the server or the connection failed, and not what it was asked for."""
    return (
        is_servers_own(error.sqlstate) if error.sqlstate else isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    )


def check(doing: str, completion: Completion) -> None:
    """Raise `ServerFailed` when an operation ended because the server failed, so that nobody judges a design by it."""
    if completion.lost or is_servers_own(completion.sqlstate):
        raise failed(doing, completion.reason)


def failed(doing: str, reason: str | None) -> ServerFailed:
    """What to raise when the server failed while this was done; `reason` is one line in the server's words."""
    return ServerFailed(f"the server failed while {doing} ({reason or 'it gave no reason'})", _remedy(reason or ""))


@contextmanager
def told(server: Server) -> Iterator[None]:
    """What comes out of the block because the server failed becomes `ServerFailed`, in one line and without secrets."""
    try:
        yield
        return
    except psycopg.Error as error:
        reason = cause(error, server.endpoint)
        state = error.sqlstate
    except (ConnectionLost, ServerError) as error:
        reason = cause(error, server.endpoint)
        state = error.sqlstate if isinstance(error, ServerError) else None
    # The error's own text may say where the server is, so it must not follow.
    raise ServerFailed(f"the {server.kind} server failed ({reason})", _remedy(f"{state} {reason}")) from None


def _remedy(reason: str) -> str:
    if any(sign in reason for sign in _NO_ROOM):
        return f"make room where its data lies, {_AGAIN}"
    if any(sign in reason for sign in _NO_WRITING):
        return f"it cannot write its data: make room where they lie, or see its log, {_AGAIN}"
    if any(sign in reason for sign in _LACKS):
        return f"give it what it lacks, {_AGAIN}"
    return _SEE
