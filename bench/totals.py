"""What a store's tables went through as a whole, from the server's own counters."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg

from bench.outbox.table import NAME as OUTBOX
from bench.results.schema import RowsChanged
from bench.stores import Store, tables_of

_ROWS = "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables"
# Catalogs that all databases share are tidied for the sake of any of them.
_AUTOVACUUMS = """
SELECT coalesce(sum(autovacuum_count + autoanalyze_count), 0)::int
FROM pg_stat_all_tables JOIN pg_class ON pg_class.oid = relid
WHERE NOT relisshared
"""
_SESSIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
_CLOSE_DEADLINE_S = 10.0


@dataclass(frozen=True, slots=True)
class Changes:
    """What happened in a database since it was made.

    `rows` were inserted, updated and deleted in each of the design's tables, and in the outbox; `autovacuums` are how often
    autovacuum vacuumed or analysed one of its tables, the catalog's included.
    """

    rows: dict[str, RowsChanged]
    autovacuums: int


def rows_changed(store: Store) -> dict[str, RowsChanged]:
    """The rows alone of `changes`."""
    return changes(store).rows


def changes(store: Store) -> Changes:
    """What the server counted. A backend hands in its counts when it ends, so the workers' connections must be closed."""
    names = {OUTBOX, *(table.name for table in tables_of(store.design))}
    _wait_until_alone(store)
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        found = connection.execute(_ROWS).fetchall()
        tidied = connection.execute(_AUTOVACUUMS).fetchone()
    rows = {
        name: RowsChanged(inserted=inserted, updated=updated, deleted=deleted)
        for name, inserted, updated, deleted in sorted(found)
        if name in names and inserted + updated + deleted > 0
    }
    return Changes(rows, 0 if tidied is None else tidied[0])


def _wait_until_alone(store: Store) -> None:
    deadline_s = time.monotonic() + _CLOSE_DEADLINE_S
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as connection:
        while time.monotonic() < deadline_s:
            row = connection.execute(_SESSIONS, (store.database,)).fetchone()
            if row is None or row[0] == 0:
                return
            time.sleep(0.01)
    raise RuntimeError(f"sessions of {store.database} did not end within {_CLOSE_DEADLINE_S:.0f} s")
