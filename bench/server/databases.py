"""Databases of a server: made, dropped, and flushed to disk."""

from __future__ import annotations

import re

import psycopg
from psycopg import sql

from bench.errors import UserError
from bench.server.endpoint import Endpoint

_NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


def create_database(endpoint: Endpoint, name: str, template: str | None = None) -> None:
    """Makes a database, empty or as a copy of `template`, to which nobody may be connected.

    An empty one is alike on every server: UTF-8, and names sorted by their bytes. A copy is written through the WAL: the other
    strategy would force two checkpoints for each.
    Raises UserError for a name that is not plain, psycopg.Error where the server refuses.
    """
    command = sql.SQL("CREATE DATABASE {}").format(_identifier(endpoint, name))
    if template is None:
        command += sql.SQL(" TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER libc LOCALE 'C'")
    else:
        command += sql.SQL(" TEMPLATE {} STRATEGY WAL_LOG").format(_identifier(endpoint, template))
    _execute(endpoint, command)


def drop_database(endpoint: Endpoint, name: str) -> None:
    """Drops a database and ends the sessions in it. Missing is fine, so that cleaning up can be repeated.

    Raises UserError for a name that is not plain, psycopg.Error where the server refuses: a prepared transaction in
    the database must be ended first.
    """
    _execute(endpoint, sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(_identifier(endpoint, name)))


def checkpoint(endpoint: Endpoint) -> bool:
    """Writes all that was changed to disk, and returns when it is; False where our role may not ask for it."""
    try:
        _execute(endpoint, sql.SQL("CHECKPOINT"))
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def _identifier(endpoint: Endpoint, name: str) -> sql.Identifier:
    if not _NAME.fullmatch(name):
        raise UserError(f"database name {name!r}: use a small letter, then up to 62 small letters, digits and underscores")
    return sql.Identifier(endpoint.database(name))


def _execute(endpoint: Endpoint, command: sql.SQL | sql.Composed) -> None:
    # None of these may run inside a transaction.
    with psycopg.connect(endpoint.conninfo(), autocommit=True) as connection:
        # A time limit of the run is meant for the statements of designs.
        connection.execute("SET statement_timeout = 0")
        connection.execute(command)
