"""The temporary tables of a check: the relations as they are given, and what follows from them.

Their names begin with `checker_`, since a temporary table hides one of a design that is called the same. They are empty again at
the end of each transaction. Ids are numbers here, as in `bench.checker.columns`: joins of millions of texts take several times as
long. In a key `#7` is the id of this number, and `=central` is a word.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

import psycopg
from psycopg import sql

from bench.checker.columns import RELATIONS, VIEWS, Kind

SESSION = (
    "SET work_mem = '192MB'",
    "SET hash_mem_multiplier = 2",
    "SET temp_buffers = '64MB'",
)
"""For joins of millions of rows in memory."""

_DERIVED = (
    """CREATE TEMPORARY TABLE checker_setting (peer_delivery boolean, maps_ids boolean) ON COMMIT DELETE ROWS""",
    """CREATE TEMPORARY TABLE checker_state (
        op integer, deleted boolean, may_be_deleted boolean, edited_to bigint, in_central boolean,
        deleted_ns bigint) ON COMMIT DELETE ROWS""",
    """CREATE TEMPORARY TABLE checker_owned (
        message integer, op integer, f text, channel integer, author integer, target integer, told text, at_ms bigint,
        deleted boolean, may_be_deleted boolean, edited_to bigint, in_central boolean) ON COMMIT DELETE ROWS""",
    """CREATE TEMPORARY TABLE checker_expected (agent integer, message integer) ON COMMIT DELETE ROWS""",
    """ALTER TABLE checker_a_message ADD COLUMN silent boolean NOT NULL DEFAULT false""",
    """CREATE TEMPORARY TABLE checker_silent (agent integer, message integer) ON COMMIT DELETE ROWS""",
    """CREATE TEMPORARY TABLE checker_name (code integer, text text) ON COMMIT DELETE ROWS""",
    """CREATE FUNCTION pg_temp.id(code integer) RETURNS text LANGUAGE sql IMMUTABLE RETURN '#' || code::text""",
    """CREATE FUNCTION pg_temp.told(code integer, silent boolean) RETURNS text LANGUAGE sql IMMUTABLE
       RETURN CASE WHEN silent OR code IS NULL THEN '=NULL' ELSE '#' || code::text END""",
)

_DERIVE = (
    (
        "checker_state",
        """
        INSERT INTO checker_state
        SELECT h.op, coalesce(d.deleted, false), coalesce(d.may_be_deleted, false), coalesce(d.edited_to, 0),
               c.op IS NOT NULL, d.deleted_ns
        FROM checker_history h
        LEFT JOIN (
            SELECT target, bool_or(f = 'delete' AND told = 'ok') AS deleted,
                   bool_or(f = 'delete' AND told <> 'fail') AS may_be_deleted,
                   min(invoke_ns) FILTER (WHERE f = 'delete' AND told <> 'fail') AS deleted_ns,
                   greatest(0, max(rev) FILTER (WHERE f = 'edit' AND told = 'ok')) AS edited_to
            FROM checker_history WHERE f IN ('edit', 'delete') AND target IS NOT NULL GROUP BY target) d ON d.target = h.op
        LEFT JOIN (
            SELECT DISTINCT w.op FROM checker_written w JOIN checker_c_message m ON m.message = w.message) c ON c.op = h.op""",
    ),
    (
        "checker_owned",
        """
        INSERT INTO checker_owned
        SELECT w.message, h.op, h.f, h.channel, h.author, h.target, h.told, h.at_ms,
               s.deleted, s.may_be_deleted, s.edited_to, s.in_central
        FROM checker_written w JOIN checker_history h ON h.op = w.op JOIN checker_state s ON s.op = h.op""",
    ),
    (
        "checker_expected",
        """
        INSERT INTO checker_expected
        WITH there AS (
            SELECT DISTINCT o.message, o.f, o.channel, o.author, o.at_ms
            FROM checker_c_message m JOIN checker_owned o ON o.message = m.message
            WHERE o.f IN ('send', 'reply') AND NOT o.deleted)
        SELECT author, message FROM there WHERE f = 'reply' AND author IS NOT NULL
        UNION ALL
        SELECT s.agent, t.message
        FROM there t JOIN checker_subscription s
          ON s.channel = t.channel AND s.sure = 1 AND s.from_ms <= t.at_ms AND t.at_ms < s.to_ms
        WHERE t.f = 'send' OR (SELECT peer_delivery FROM checker_setting)""",
    ),
)

_IS_SILENT = "SELECT EXISTS (SELECT FROM checker_a_message WHERE message IS NULL)"

_SILENT = (
    # What a copy does not tell, its channel, author and time do: the last message of that operation in C, else the last of all.
    """
    WITH said AS (
        SELECT channel, author, at_ms, max(op) AS op FROM checker_history WHERE f IN ('send', 'reply')
        GROUP BY channel, author, at_ms),
    meant AS (
        SELECT s.channel, s.author, s.at_ms, coalesce(max(c.message), max(w.message)) AS message
        FROM said s JOIN checker_written w ON w.op = s.op LEFT JOIN checker_c_message c ON c.message = w.message
        GROUP BY s.channel, s.author, s.at_ms)
    UPDATE checker_a_message a SET silent = true, message = m.message FROM meant m
    WHERE a.message IS NULL AND a.channel = m.channel AND a.author = m.author AND a.created_at_ms = m.at_ms""",
    """
    INSERT INTO checker_silent
    SELECT a.agent, w.message FROM checker_a_message a JOIN checker_owned o ON o.message = a.message
    JOIN checker_written w ON w.op = o.op WHERE a.silent""",
)
"""`silent` copies do not tell their message. It is put in its place, and each stands for all messages of its operation."""

_MANY_ROWS = 5_000
"""From here on a table is analysed; below, plans that expect few rows are good enough."""


def create(connection: psycopg.Connection[Any]) -> None:
    """Make the tables in this session, outside of a transaction; once is enough."""
    if connection.execute("SELECT to_regclass('pg_temp.checker_setting') IS NOT NULL").fetchone() == (True,):
        return
    for setting in SESSION:
        connection.execute(setting.encode())
    for name, columns in RELATIONS.items():
        _create(connection, table(name), {column: _TYPES[kind] for column, kind in columns.items()})
    for name in VIEWS:
        as_given = {column: "bigint" if kind is Kind.NUMBER else "text" for column, kind in RELATIONS[name].items()}
        _create(connection, text_table(name), as_given)
    for statement in _DERIVED:
        connection.execute(statement.encode())


def table(relation: str) -> sql.Identifier:
    """The table of a relation."""
    return sql.Identifier(f"checker_{relation}")


def text_table(relation: str) -> sql.Identifier:
    """The table that takes a view as the design gives it, in texts."""
    return sql.Identifier(f"checker_text_{relation}")


_TYPES = {Kind.ID: "integer", Kind.WORD: "text", Kind.NUMBER: "bigint"}


def _create(connection: psycopg.Connection[Any], name: sql.Identifier, columns: Mapping[str, str]) -> None:
    typed = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(column), sql.SQL(cast(Any, kind))) for column, kind in columns.items()
    )
    connection.execute(sql.SQL("CREATE TEMPORARY TABLE {} ({}) ON COMMIT DELETE ROWS").format(name, typed))


def derive(connection: psycopg.Connection[Any], *, peer_delivery: bool, maps_ids: bool) -> None:
    """Fill what follows from the relations; they are full by now."""
    connection.execute("INSERT INTO checker_setting VALUES (%s, %s)", (peer_delivery, maps_ids))
    for name in RELATIONS:
        analyse(connection, table(name))
    for name, statement in _DERIVE:
        connection.execute(statement.encode())
        analyse(connection, sql.Identifier(name))
    if connection.execute(_IS_SILENT).fetchone() == (True,):
        for statement in _SILENT:
            connection.execute(statement.encode())


def analyse(connection: psycopg.Connection[Any], name: sql.Identifier) -> None:
    """Count a table's rows and values if it has many rows, so that joins are planned by its size."""
    found = connection.execute(
        sql.SQL("SELECT count(*) FROM (SELECT FROM {} LIMIT {}) t").format(name, sql.Literal(_MANY_ROWS))
    ).fetchone()
    if found is not None and found[0] == _MANY_ROWS:
        connection.execute(sql.SQL("ANALYZE {}").format(name))
