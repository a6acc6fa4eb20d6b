"""What is left open on a database once all faults are over: what I20 forbids. It reads the server's own views."""

from __future__ import annotations

import psycopg

from bench.checker.rows import Session
from bench.stores import Store

_OPEN = """
    SELECT CASE WHEN state LIKE 'idle in transaction%%' THEN state ELSE 'waiting for a lock' END, application_name
    FROM pg_stat_activity
    WHERE datname = %(database)s AND pid <> pg_backend_pid() AND (state LIKE 'idle in transaction%%' OR wait_event_type = 'Lock')
    UNION ALL SELECT 'prepared', gid FROM pg_prepared_xacts WHERE database = %(database)s
    ORDER BY 1, 2"""


def left_open(store: Store) -> list[Session]:
    """Sessions in a transaction or waiting for a lock, and prepared transactions, of a store that nobody works on any more."""
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        return [Session(*row) for row in connection.execute(_OPEN, {"database": store.database})]
