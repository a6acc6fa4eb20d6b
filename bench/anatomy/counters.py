"""The server's own counters around a window: the one place where the anatomy asks the server.

A backend hands its statistics in at most once a second and only when idle, so the worker is told to
(`pg_stat_force_next_flush`), and then reads the tables' counters itself. A second connection, in another database, reads what
asking would change: transactions, and the position in the WAL. Nothing is asked while the window is open.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from sqlalchemy import Text, bindparam, text

from bench.anatomy.wal import WalCost, wal_cost
from bench.drive.drivers import wait
from bench.drive.flights import Command, Verb
from bench.drive.link import Link
from bench.server.capabilities import probe
from bench.stores import Store
from variants.contract import Query, Rows, Side

_MARK = "/* asked by storebench about itself */"
_MONITORED = """
    SELECT pg_stat_get_db_xact_commit(oid), pg_current_wal_insert_lsn()::text FROM pg_database WHERE datname = %s"""
_IS_FLUSHED = "SELECT pg_current_wal_flush_lsn() >= %s::pg_lsn"
_FLUSH_DEADLINE_S = 5.0
_MAY_INSPECT = """
    SELECT coalesce(has_function_privilege(to_regprocedure('pg_get_wal_stats(pg_lsn,pg_lsn,boolean)'), 'EXECUTE'), false)"""

RowCounts = Mapping[str, tuple[int, int, int]]
"""By table: rows inserted, updated, deleted."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The counters at one moment: `asked` is how many transactions of them were the worker's own questions."""

    transactions: int
    asked: int
    statements: int | None
    rows: RowCounts
    lsn: str


@dataclass(frozen=True, slots=True)
class Window:
    """What the server counted between two readings; None is what it does not count."""

    transactions: int
    statements: int | None
    rows: RowCounts
    wal: WalCost | None


class Counters:
    """The counters of one store, read through its worker's connection and a monitor's."""

    def __init__(self, store: Store, worker: Link, monitor: psycopg.Connection[tuple[object, ...]]) -> None:
        self._database = store.database
        self._worker = worker
        self._monitor = monitor
        self._asked = 0
        self._hand_in = _query("SELECT 1 FROM pg_stat_force_next_flush()")
        self._tables = _query("SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_user_tables")
        self._calls = _query(
            f"""SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
            WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel
            AND query ~* '^\\s*(insert|update|delete|merge|select|with)' AND strpos(query, '{_MARK}') = 0"""
        )
        self._wal = Query(
            Side.CENTRAL,
            text(
                f"""SELECT "resource_manager/record_type", count, record_size, fpi_size
                FROM pg_get_wal_stats(CAST(:since AS pg_lsn), CAST(:until AS pg_lsn), true) {_MARK}"""
            ).bindparams(bindparam("since", type_=Text()), bindparam("until", type_=Text())),
        )
        self._has_calls = self._are_calls_counted(store)
        self._has_wal = bool(self._ask(_query(_MAY_INSPECT))[0][0])
        # Making a statement known is a transaction, too: none may fall between two readings.
        for query in (self._hand_in, self._tables, *([self._calls] if self._has_calls else []), *([self._wal] if self._has_wal else [])):
            worker.prepare(query)

    def _are_calls_counted(self, store: Store) -> bool:
        capabilities = probe(store.endpoint)
        tracked = capabilities.settings["pg_stat_statements.track"] in {"top", "all"}
        (created,) = self._ask(_query("SELECT to_regclass('pg_stat_statements') IS NOT NULL"))[0]
        return bool(created and tracked and capabilities.statement_counts)

    def hand_in(self, other: Link) -> None:
        """Make another connection hand in its statistics, so that nothing of it falls into a window."""
        _exchange(other, self._hand_in)

    def open(self) -> Reading:
        """The counters before a window; the next thing the worker does is counted."""
        self._ask(self._hand_in)
        asked = self._asked
        rows, statements = self._row_counts(), self._statement_calls()
        transactions, lsn = self._monitored()
        return Reading(transactions, asked, statements, rows, lsn)

    def close(self, since: Reading) -> Window:
        """What was counted since the window was opened."""
        _, lsn = self._monitored()
        self._ask(self._hand_in)
        asked = self._asked
        transactions, _ = self._monitored()
        rows, statements = self._row_counts(), self._statement_calls()
        return Window(
            transactions - since.transactions - (asked - since.asked),
            None if statements is None or since.statements is None else statements - since.statements,
            _difference(rows, since.rows),
            self._wal_between(since.lsn, lsn),
        )

    def _row_counts(self) -> RowCounts:
        return {name: (inserted, updated, deleted) for name, inserted, updated, deleted in self._ask(self._tables)}

    def _statement_calls(self) -> int | None:
        return int(self._ask(self._calls)[0][0]) if self._has_calls else None

    def _monitored(self) -> tuple[int, str]:
        row = self._monitor.execute(_MONITORED, (self._database,)).fetchone()
        if row is None:
            raise RuntimeError(f"database {self._database} is gone")
        return int(str(row[0])), str(row[1])

    def _wal_between(self, since: str, until: str) -> WalCost | None:
        if not self._has_wal:
            return None
        if since == until:
            return WalCost(0, 0, 0)
        self._wait_until_flushed(until)
        return wal_cost((kind, count, size, images) for kind, count, size, images in self._ask(self._wal, since, until))

    def _wait_until_flushed(self, lsn: str) -> None:
        """Only flushed WAL can be read; a commit flushes its own, what the background adds comes a moment later."""
        deadline_s = time.monotonic() + _FLUSH_DEADLINE_S
        while self._monitor.execute(_IS_FLUSHED, (lsn,)).fetchone() != (True,):
            if time.monotonic() > deadline_s:
                raise RuntimeError(f"the server does not flush its WAL up to {lsn}")
            time.sleep(0.005)

    def _ask(self, query: Query, *values: str) -> Rows:
        self._asked += 1
        return _exchange(self._worker, query, *values)


@contextmanager
def counters(store: Store, worker: Link) -> Iterator[Counters]:
    """The counters of a store, with a monitor's connection for as long as the block lasts."""
    with psycopg.connect(store.endpoint.conninfo("postgres"), autocommit=True) as monitor:
        yield Counters(store, worker, monitor)


def _query(sql: str) -> Query:
    return Query(Side.CENTRAL, text(f"{sql} {_MARK}"))


def _exchange(link: Link, query: Query, *values: str) -> Rows:
    names = ("since", "until")[: len(values)]
    statement = query(**dict(zip(names, values, strict=True)))
    return wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, statement, True),))[0]


def _difference(after: RowCounts, before: RowCounts) -> RowCounts:
    """The tables that changed, by name."""
    found: dict[str, tuple[int, int, int]] = {}
    for name in sorted(after):
        inserted, updated, deleted = (new - old for new, old in zip(after[name], before.get(name, (0, 0, 0)), strict=True))
        if inserted or updated or deleted:
            found[name] = inserted, updated, deleted
    return found
