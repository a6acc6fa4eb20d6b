"""How often, and how long, a backend waits for its WAL to reach the disk; each version of PostgreSQL tells it elsewhere.

Since 18 each backend counts its own I/O. Before that there is one count for the whole server, which is ours as long as nobody else
writes. Times are kept only while `track_wal_io_timing` is on, which takes a superuser.
"""

from __future__ import annotations

from dataclasses import dataclass

import psycopg
from sqlalchemy import text

from bench.cost.settings import ask, why_not
from bench.drive.link import Link
from variants.contract import Query, Side

_HAS_BACKEND_IO = "SELECT to_regprocedure('pg_stat_get_backend_io(integer)') IS NOT NULL"
_HAS_WAL_SYNC = """
    SELECT count(*) = 2 FROM pg_attribute
    WHERE attrelid = 'pg_stat_wal'::regclass AND attname IN ('wal_sync', 'wal_sync_time')"""
_BACKEND_IO = "SELECT sum(fsyncs)::bigint, sum(fsync_time)::float8 FROM pg_stat_get_backend_io({pid}) WHERE object = 'wal'"
_WAL_SYNC = "SELECT wal_sync::bigint, wal_sync_time::float8 FROM pg_stat_wal"
_HAND_IN = Query(Side.CENTRAL, text("SELECT 1 FROM pg_stat_force_next_flush()"))
TIMING = "track_wal_io_timing"
_NS_PER_MS = 1_000_000

Monitor = psycopg.Connection[tuple[object, ...]]


@dataclass(frozen=True, slots=True)
class Fsyncs:
    """How many so far, and their time."""

    count: int
    ns: int


@dataclass(frozen=True, slots=True)
class FsyncClock:
    """Reads the fsyncs of a connection's backend from another connection. `why_not` says why it cannot; None when it can."""

    link: Link
    monitor: Monitor
    question: str
    why_not: str | None

    def read(self) -> Fsyncs | None:
        """The fsyncs so far; None where the server does not tell. The connection's backend hands its counts in first."""
        if self.why_not is not None:
            return None
        # A backend hands in at most once a second, unless it is told to.
        ask(self.link, _HAND_IN())
        row = self.monitor.execute(self.question.encode()).fetchone()
        if row is None or row[0] is None or row[1] is None:
            return None
        return Fsyncs(int(str(row[0])), round(float(str(row[1])) * _NS_PER_MS))


def fsync_clock(link: Link, monitor: Monitor) -> FsyncClock:
    """The clock of a connection, on which fsyncs are timed from now on where that is allowed."""
    question, reason = _question(link, monitor)
    return FsyncClock(link, monitor, question, reason if reason is not None else why_not(link, TIMING, "on"))


def _question(link: Link, monitor: Monitor) -> tuple[str, str | None]:
    if _is(monitor, _HAS_BACKEND_IO):
        return _BACKEND_IO.format(pid=link.backend_pid), None
    if _is(monitor, _HAS_WAL_SYNC):
        return _WAL_SYNC, None
    return "", "this server does not time the fsyncs of its WAL"


def _is(monitor: Monitor, question: str) -> bool:
    row = monitor.execute(question.encode()).fetchone()
    return row is not None and row[0] is True
