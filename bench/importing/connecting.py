"""A read-only session in somebody's database. Nothing of its address is ever told, nor any word of the driver or the server."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.errors import ServerFailed, UserError
from bench.server.failing import is_servers_failure
from bench.server.reaching import check_password_file, trouble

Session = psycopg.Connection[tuple[Any, ...]]

CONNECT_TIMEOUT_S = "10"
_WHERE = "--database"
_FORM = "write postgresql://USER:PASSWORD@HOST:PORT/DATABASE, special characters as %40"


@contextmanager
def reading(address: str) -> Iterator[Session]:
    """A session whose one transaction reads one snapshot and can write nothing.

    Raises UserError where the address is none, the server refuses, or an answer fails; ServerFailed where the server does.
    """
    connection = _connected(_parts(address))
    try:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        with connection, connection.transaction():
            # Rows that this role may not see must be an error: a part of the messages is no trace of them.
            connection.execute("SET LOCAL row_security = off")
            connection.execute("SET LOCAL TimeZone = 'UTC'")
            yield connection
        return
    except psycopg.Error as error:
        problem = _failed(error)
    except UnicodeError:
        problem = UserError(f"{_WHERE}: the database holds names that are no UTF-8 text: mend its encoding")
    # Outside of the handler: the error's own text must not follow as its context.
    raise problem


def _parts(address: str) -> Mapping[str, str]:
    with suppress(psycopg.Error, UnicodeError, ValueError):
        parts = conninfo_to_dict(address)
        if parts and not any("\0" in str(value) for value in parts.values()):
            given = {name: str(value) for name, value in parts.items() if value is not None}
            ours = {"client_encoding": "UTF8", "application_name": "storebench"}
            return {"connect_timeout": CONNECT_TIMEOUT_S, **given, **ours}
    raise UserError(f"{_WHERE}: the address cannot be read; {_FORM}")


def _connected(parts: Mapping[str, str]) -> Session:
    password, passfile = (parts.get(name) or os.environ.get(f"PG{name.upper()}") for name in ("password", "passfile"))
    check_password_file(_WHERE, password, passfile)
    try:
        return psycopg.connect(make_conninfo(**parts))
    except (psycopg.Error, UnicodeError, ValueError) as error:
        what, mend = trouble(str(error))
    raise UserError(f"{_WHERE}: {what}: {mend}")


def _failed(error: psycopg.Error) -> UserError:
    code = f" (SQLSTATE {error.sqlstate})" if error.sqlstate else ""
    if is_servers_failure(error):
        return ServerFailed(f"{_WHERE}: the server failed or closed the connection{code}", "see to it, then import again")
    if error.sqlstate == "42501":
        return UserError(
            f"{_WHERE}: this role may not read all of what is needed{code}: let it SELECT from central_messages, agents and"
            " the table of the servers' agents, and pass by row level security"
        )
    return UserError(f"{_WHERE}: the server refuses to read{code}: see to the database, or import a dump of it as CSV")
