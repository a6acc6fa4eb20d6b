"""What a server, or the lack of something, does to a client at one of its flights: each way with its means and its evidence.

Nothing is played: a backend is really ended, a lock really held. Tables are held by a second connection, so only a flight that
needs one that its own transaction does not hold yet can be made to wait; where it does not, the exposure is void.
"""

from __future__ import annotations

import enum
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from dataclasses import dataclass
from typing import Any, Self

import psycopg
from psycopg import pq, sql
from psycopg.conninfo import make_conninfo

from bench.drive.drivers import Completion
from bench.drive.flights import Flight, Verb
from bench.drive.link import Link
from bench.stores import Store, tables_of

PATIENCE_MS = 20
"""What a client's timeouts are set to: far longer than a statement of ours takes, far shorter than the locks are held."""

DEADLINE_S = 5.0
_POLL_S = 0.002
_TABLE = sql.Identifier("storebench_rivalry")
_MODES = tuple(map(sql.SQL, ("ACCESS EXCLUSIVE", "EXCLUSIVE", "SHARE ROW EXCLUSIVE")))
"""Locks of a table: against everybody, against all who write or lock its rows, against all who write them."""
_REFUSALS = ("too many connections", "too many clients", "connection slots are reserved")
"""At a connection libpq gives no SQLSTATE, so it is the words that tell."""


class Interruption(enum.StrEnum):
    """How a flight is interrupted, with what the server answers.

    TERMINATED: its backend is ended before the flight is sent. CANCELLED: it waits for a lock and is cancelled (57014).
    STATEMENT_TIMEOUT (57014), LOCK_TIMEOUT (55P03): it waits for a lock longer than the client's setting allows. IDLE_TIMEOUT: the
    client is silent inside a transaction for too long before it. SERIALIZATION_FAILURE: another transaction has made it impossible
    to serialize, which COMMIT tells (40001). SWALLOWED_ERROR: a statement before COMMIT has failed and nobody has minded, so COMMIT
    is answered ROLLBACK. NO_CONNECTION: the client is refused for want of connections (53300) and sends nothing at all.
    """

    TERMINATED = "terminated"
    CANCELLED = "cancelled"
    STATEMENT_TIMEOUT = "statement-timeout"
    LOCK_TIMEOUT = "lock-timeout"
    IDLE_TIMEOUT = "idle-timeout"
    SERIALIZATION_FAILURE = "serialization-failure"
    SWALLOWED_ERROR = "swallowed-error"
    NO_CONNECTION = "no-connection"


_BLOCKING = frozenset({Interruption.CANCELLED, Interruption.STATEMENT_TIMEOUT, Interruption.LOCK_TIMEOUT})
_AT_COMMIT = frozenset({Interruption.SERIALIZATION_FAILURE, Interruption.SWALLOWED_ERROR})
_ANSWERS: Mapping[Interruption, str] = {
    Interruption.CANCELLED: "57014",
    Interruption.STATEMENT_TIMEOUT: "57014",
    Interruption.LOCK_TIMEOUT: "55P03",
    Interruption.SERIALIZATION_FAILURE: "40001",
    Interruption.SWALLOWED_ERROR: "25P02",
}
_SETTINGS: Mapping[Interruption, str] = {
    Interruption.STATEMENT_TIMEOUT: f"SET statement_timeout = {PATIENCE_MS}",
    Interruption.LOCK_TIMEOUT: f"SET lock_timeout = {PATIENCE_MS}",
    Interruption.IDLE_TIMEOUT: f"SET idle_in_transaction_session_timeout = {PATIENCE_MS}",
}


@dataclass(frozen=True, slots=True)
class Point:
    """An interruption and the flight that it meets, counted from 1; 0 is the connection itself."""

    interruption: Interruption
    flight: int


class NotToBeHad(Exception):
    """An interruption cannot be arranged on this server; the text says why, in one line."""


@dataclass(slots=True)
class Hit:
    """Whether the means of an interruption took hold."""

    took_hold: bool = False


def points(flights: Sequence[Flight]) -> Iterator[Point]:
    """Every interruption at every flight of an operation that it can meet, those of one kind together."""
    yield Point(Interruption.NO_CONNECTION, 0)
    for interruption in Interruption:
        inside = False
        for number, flight in enumerate(flights, start=1):
            if _can_meet(interruption, flight, inside=inside):
                yield Point(interruption, number)
            for command in flight:
                inside = command.verb is Verb.BEGIN or (inside and command.verb is Verb.EXECUTE)


def _can_meet(interruption: Interruption, flight: Flight, *, inside: bool) -> bool:
    """`inside`: a transaction is open when the flight is sent."""
    if interruption is Interruption.NO_CONNECTION:
        return False
    if interruption in _BLOCKING:
        return any(command.verb is Verb.EXECUTE for command in flight)
    if interruption in _AT_COMMIT:
        return inside and flight[-1].verb is Verb.COMMIT
    return inside or interruption is Interruption.TERMINATED


def happened(interruption: Interruption, hit: Hit, completion: Completion, tags: Sequence[str]) -> bool:
    """Whether there is evidence of the interruption: the means took hold, and the server said what it says then."""
    if interruption is Interruption.SWALLOWED_ERROR and "ROLLBACK" not in tags:
        return False
    wanted = _ANSWERS.get(interruption)
    return hit.took_hold and (wanted is None or completion.sqlstate == wanted)


class Interrupter:
    """The connections that interrupt; make it with `opened`. Used by one thread, one interruption at a time."""

    def __init__(self, store: Store, watching: psycopg.Connection[Any], rival: psycopg.Connection[Any]) -> None:
        self._store = store
        self._watching = watching
        self._rival = rival
        self._tables = [sql.Identifier(*filter(None, (table.schema, table.name))) for table in tables_of(store.design)]

    @classmethod
    @contextmanager
    def opened(cls, store: Store) -> Iterator[Self]:
        """Beside a store, whose database has a table more until the end."""
        with ExitStack() as stack:
            watching = stack.enter_context(psycopg.connect(store.conninfo, autocommit=True))
            rival = stack.enter_context(psycopg.connect(store.conninfo, autocommit=True))
            watching.execute(sql.SQL("CREATE TABLE IF NOT EXISTS {} (id int PRIMARY KEY, n int NOT NULL)").format(_TABLE))
            stack.callback(lambda: watching.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(_TABLE)))
            watching.execute(sql.SQL("INSERT INTO {} VALUES (1, 0), (2, 0) ON CONFLICT DO NOTHING").format(_TABLE))
            yield cls(store, watching, rival)

    def prepare(self, interruption: Interruption, link: Link) -> None:
        """What a client is told when its connection is new."""
        if interruption is Interruption.SERIALIZATION_FAILURE:
            _tell(link, "SET default_transaction_isolation = 'serializable'")

    def restore(self, link: Link) -> None:
        """Take back what a client was told, where its connection lives on."""
        if link.pgconn.transaction_status == pq.TransactionStatus.IDLE:
            _tell(link, "RESET ALL")

    def around(self, interruption: Interruption, link: Link) -> AbstractContextManager[Hit]:
        """Enter it right before the flight is sent, leave it once that is answered."""
        match interruption:
            case Interruption.TERMINATED:
                return nullcontext(Hit(self._terminated(link)))
            case Interruption.CANCELLED:
                return self._cancelling(link)
            case Interruption.STATEMENT_TIMEOUT | Interruption.LOCK_TIMEOUT:
                _tell(link, _SETTINGS[interruption])
                return self._blocking()
            case Interruption.IDLE_TIMEOUT:
                _tell(link, _SETTINGS[interruption])
                return nullcontext(Hit(self._is_gone_in_time(link.backend_pid)))
            case Interruption.SERIALIZATION_FAILURE:
                return nullcontext(Hit(self._conflicted(link)))
            case Interruption.SWALLOWED_ERROR:
                return nullcontext(Hit(not _tell(link, "SELECT 1 / 0")))
            case Interruption.NO_CONNECTION:
                raise ValueError("a client without a connection has no flight that could be interrupted")

    def _terminated(self, link: Link) -> bool:
        ended = self._watching.execute("SELECT pg_terminate_backend(%s, 5000)", [link.backend_pid]).fetchone()
        return ended is not None and bool(ended[0])

    def _is_gone_in_time(self, pid: int) -> bool:
        return _in_time(lambda: not self._watching.execute("SELECT 1 FROM pg_stat_activity WHERE pid = %s", [pid]).fetchone())

    @contextmanager
    def _blocking(self) -> Iterator[Hit]:
        """All tables that nobody uses are held, so that whoever needs one waits."""
        with self._rival.transaction():
            held = [table for table in self._tables if self._is_held(table)]
            yield Hit(bool(held))

    def _is_held(self, table: sql.Identifier) -> bool:
        """Hold a table as strongly as can be: what the client's own transaction did to it goes before."""
        for mode in _MODES:
            with suppress(psycopg.errors.LockNotAvailable), self._rival.transaction():
                self._rival.execute(sql.SQL("LOCK TABLE {} IN {} MODE NOWAIT").format(table, mode))
                return True
        return False

    @contextmanager
    def _cancelling(self, link: Link) -> Iterator[Hit]:
        """Whoever waits for the tables is cancelled, by a thread, since the client's own one waits too."""
        pid, stop = link.backend_pid, threading.Event()
        with self._blocking() as hit:
            hit.took_hold = False

            def cancel() -> None:
                blocked = "SELECT cardinality(pg_blocking_pids(%s)) > 0 AND pg_cancel_backend(%s)"
                hit.took_hold = _in_time(lambda: self._watching.execute(blocked, [pid, pid]).fetchone() == (True,), stop)

            thread = threading.Thread(target=cancel, name="canceller", daemon=True)
            thread.start()
            try:
                yield hit
            finally:
                stop.set()
                thread.join()

    def _conflicted(self, link: Link) -> bool:
        """Two transactions read all of a table and change a row each; the other one commits first, so ours must not."""
        read = sql.SQL("SELECT sum(n) FROM {}").format(_TABLE)
        change = sql.SQL("UPDATE {} SET n = n + 1 WHERE id = {}")
        rival = self._rival
        rival.isolation_level = psycopg.IsolationLevel.SERIALIZABLE
        try:
            with rival.transaction():
                rival.execute(read)
                done = _tell(link, read.as_string(rival)) and _tell(link, change.format(_TABLE, 1).as_string(rival))
                rival.execute(change.format(_TABLE, 2))
        finally:
            rival.isolation_level = None
        return done


@contextmanager
def refusing(store: Store) -> Iterator[str]:
    """How to reach a store so that the server refuses the client for want of connections (53300), as it would a real one.

    Nobody else is kept out. Raises `NotToBeHad` where it cannot be arranged.
    """
    endpoint, role = store.endpoint, "storebench_refused"
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        if connection.info.parameter_status("is_superuser") != "on":
            # The database is ours, and a limit counts new connections alone.
            limit = sql.SQL("ALTER DATABASE {} CONNECTION LIMIT {}")
            connection.execute(limit.format(sql.Identifier(store.database), 0))
            try:
                yield store.conninfo
            finally:
                connection.execute(limit.format(sql.Identifier(store.database), -1))
            return
        if endpoint.prefix:
            raise NotToBeHad("no limit of connections holds for a superuser, and roles are not made on a server that is not ours")
        password = secrets.token_urlsafe(24)
        connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))
        made = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} CONNECTION LIMIT 0")
        connection.execute(made.format(sql.Identifier(role), sql.Literal(password)))
        try:
            yield make_conninfo(store.conninfo, user=role, password=password)
        finally:
            connection.execute(sql.SQL("DROP ROLE IF EXISTS {}").format(sql.Identifier(role)))


def refused(conninfo: str) -> str | None:
    """What a client is told that is refused; None when it is let in."""
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError as error:
        told = str(error).strip()
        if not any(sign in told for sign in _REFUSALS):
            raise
        return told.splitlines()[0]
    return None


def _tell(link: Link, statement: str) -> bool:
    """Send a statement that is none of the operation's over its connection; whether the server executed it."""
    status = link.pgconn.exec_(statement.encode()).status
    return status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK)


def _in_time(holds: Callable[[], bool], stop: threading.Event | None = None) -> bool:
    """Whether it holds before the deadline, or before nobody waits for it any more."""
    stop = stop or threading.Event()
    end_s = time.monotonic() + DEADLINE_S
    while not holds():
        if stop.wait(_POLL_S) or time.monotonic() > end_s:
            return False
    return True
