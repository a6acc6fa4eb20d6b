"""The server's own counters around a window: the one place where the anatomy asks the server.

A backend hands its statistics in at most once a second and only when idle, so the worker is told to
(`pg_stat_force_next_flush`), and then reads the tables' counters itself. A second connection, in another database, reads what
asking would change: transactions, and the position in the WAL. Nothing is asked while the window is open.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
from sqlalchemy import Text, bindparam, text

from bench.anatomy.relations import NAMES, relation_name, relations_of
from bench.anatomy.wal import NO_WAL, Sizes, Wal, WalRecord, wal
from bench.drive.drivers import wait
from bench.drive.flights import Command, Verb
from bench.drive.link import Link
from bench.server.capabilities import probe
from bench.stores import Store
from variants.contract import Query, Rows, Side, Statement

_MARK = "/* asked by storebench about itself */"
_HAND_IN = "SELECT 1 FROM pg_stat_force_next_flush()"
_TABLES = "SELECT relname::text, n_tup_ins, n_tup_upd, n_tup_del, n_tup_hot_upd FROM pg_stat_user_tables"
_CALLS = """
    SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements
    WHERE dbid = (SELECT oid FROM pg_database WHERE datname = current_database()) AND toplevel
    AND query ~* '^\\s*(insert|update|delete|merge|select|with)' AND strpos(query, '/* asked by storebench') = 0"""
# Other databases write into the same WAL: ours are the records of blocks of our database, and of transactions that have such.
# Records of its catalogs are the server's housekeeping, of which only images count.
_WAL = """
    WITH named AS (
        SELECT (start_lsn - '0/0')::bigint AS at, resource_manager, record_type, xid, record_length - fpi_length AS size,
               fpi_length, (
            SELECT substring(block_ref FROM 'rel [0-9]+/' || oid || '/([0-9]+)')::bigint
            FROM pg_database WHERE datname = current_database()
        ) AS relation
        FROM pg_get_wal_records_info(CAST(:since AS pg_lsn), CAST(:until AS pg_lsn))
    )
    SELECT at, CASE WHEN relation < 16384 THEN 'Catalog' ELSE resource_manager END || '/' || record_type, relation,
           size::bigint, fpi_length::bigint
    FROM named
    WHERE relation IS NOT NULL
    OR resource_manager = 'Transaction' AND xid IN (SELECT xid FROM named WHERE relation >= 16384)
    ORDER BY at"""
_TRANSACTIONS = "SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname = %s"
_WAL_START = "SELECT pg_current_wal_insert_lsn()::text"
_WAL_POSITION = "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"
# Only flushed WAL can be read, and each commit that wrote has flushed its own. Nothing flushed since the start: nothing written.
_WAL_END = "SELECT lsn::text FROM pg_current_wal_flush_lsn() lsn WHERE lsn > %s::pg_lsn"
_MAY_INSPECT = """
    SELECT current_setting('synchronous_commit') <> 'off'
    AND coalesce(has_function_privilege(to_regprocedure('pg_get_wal_records_info(pg_lsn,pg_lsn)'), 'EXECUTE'), false)"""

RowCounts = Mapping[str, tuple[int, int, int]]
"""By table: rows inserted, updated, deleted."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The counters at one moment: `asked` is how many transactions of them were the worker's own questions."""

    transactions: int
    asked: int
    statements: int | None
    rows: RowCounts
    hot_updates: Mapping[str, int]
    lsn: str


@dataclass(frozen=True, slots=True)
class Window:
    """What the server counted between two readings; None is what it does not count.

    `hot_updates` are those of the updated rows, by table, that needed no new index entry; `tables` tells whose an index is.
    """

    transactions: int
    statements: int | None
    rows: RowCounts
    wal: Wal | None
    hot_updates: Mapping[str, int] = field(default_factory=dict)
    tables: Mapping[str, str] = field(default_factory=dict)


class Counters:
    """The counters of one store, read through its worker's connection and a monitor's."""

    def __init__(self, store: Store, worker: Link, monitor: psycopg.Connection[tuple[object, ...]]) -> None:
        self._database = store.database
        self._worker = worker
        self._monitor = monitor
        self._asked = 0
        self._hand_in, self._tables, self._calls = _query(_HAND_IN), _query(_TABLES), _query(_CALLS)
        self._wal = _query(_WAL, "since", "until")
        self._has_calls = self._are_calls_counted(store)
        self._has_wal = bool(self._ask(_query(_MAY_INSPECT)())[0][0])
        self._relations = relations_of(self._ask(_query(NAMES)()))
        # Making a statement known is a transaction, too: none may fall between two readings.
        for query in (
            self._hand_in,
            self._tables,
            *([self._calls] if self._has_calls else []),
            *([self._wal] if self._has_wal else []),
        ):
            worker.prepare(query)

    def _are_calls_counted(self, store: Store) -> bool:
        capabilities = probe(store.endpoint)
        tracked = capabilities.settings["pg_stat_statements.track"] in {"top", "all"}
        (created,) = self._ask(_query("SELECT to_regclass('pg_stat_statements') IS NOT NULL")())[0]
        return bool(created and tracked and capabilities.statement_counts)

    def hand_in(self, other: Link) -> None:
        """Make another connection hand in its statistics, so that nothing of it falls into a window."""
        _exchange(other, self._hand_in())

    def open(self) -> Reading:
        """The counters before a window; the next thing the worker does is counted."""
        self._ask(self._hand_in())
        asked = self._asked
        (rows, hot_updates), statements = self._row_counts(), self._statement_calls()
        return Reading(self._transactions(), asked, statements, rows, hot_updates, str(self._monitored(_WAL_START)))

    def position(self) -> int:
        """Where the WAL ends at this moment, in bytes."""
        return int(str(self._monitored(_WAL_POSITION)))

    def close(self, since: Reading, scenes: Sequence[int] = (), twins: Sizes | None = None) -> Window:
        """What was counted since the window was opened; `scenes` are the positions at which its scenes began.

        `twins` are sizes of records of the same scenes on another store.
        """
        wal_end = self._monitored(_WAL_END, since.lsn)
        self._ask(self._hand_in())
        asked, transactions = self._asked, self._transactions()
        (rows, hot_updates), statements = self._row_counts(), self._statement_calls()
        return Window(
            transactions - since.transactions - (asked - since.asked),
            None if statements is None or since.statements is None else statements - since.statements,
            _difference(rows, since.rows),
            self._wal_between(since.lsn, wal_end, scenes, twins),
            {name: count - since.hot_updates.get(name, 0) for name, count in hot_updates.items()},
            {relation.name: relation.table for relation in self._relations.values()},
        )

    def _row_counts(self) -> tuple[RowCounts, Mapping[str, int]]:
        found = self._ask(self._tables())
        rows = {name: (inserted, updated, deleted) for name, inserted, updated, deleted, _ in found}
        return rows, {name: hot for name, *_, hot in found}

    def _statement_calls(self) -> int | None:
        return int(self._ask(self._calls())[0][0]) if self._has_calls else None

    def _transactions(self) -> int:
        return int(str(self._monitored(_TRANSACTIONS, self._database)))

    def _monitored(self, question: str, *values: str) -> object:
        row = self._monitor.execute(question.encode(), values).fetchone()
        return None if row is None else row[0]

    def _wal_between(self, start: str, end: object, scenes: Sequence[int], twins: Sizes | None) -> Wal | None:
        if not self._has_wal:
            return None
        if end is None:
            return NO_WAL
        records = [
            WalRecord(at, kind, relation_name(self._relations, relation), size, image_bytes)
            for at, kind, relation, size, image_bytes in self._ask(self._wal(since=start, until=str(end)))
        ]
        return wal(records, scenes, twins)

    def _ask(self, statement: Statement) -> Rows:
        self._asked += 1
        return _exchange(self._worker, statement)


@contextmanager
def counters(store: Store, worker: Link) -> Iterator[Counters]:
    """The counters of a store, with a monitor's connection for as long as the block lasts."""
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as monitor:
        yield Counters(store, worker, monitor)


def _query(sql: str, *names: str) -> Query:
    """A question with text parameters of these names, marked as ours."""
    return Query(Side.CENTRAL, text(f"{sql} {_MARK}").bindparams(*(bindparam(name, type_=Text()) for name in names)))


def _exchange(link: Link, statement: Statement) -> Rows:
    return wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, statement, True),))[0]


def _difference(after: RowCounts, before: RowCounts) -> RowCounts:
    """The tables that changed, by name."""
    found: dict[str, tuple[int, int, int]] = {}
    for name in sorted(after):
        inserted, updated, deleted = (new - old for new, old in zip(after[name], before.get(name, (0, 0, 0)), strict=True))
        if inserted or updated or deleted:
            found[name] = inserted, updated, deleted
    return found
