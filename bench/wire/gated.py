"""The lane of record: every connection goes through the proxy and is really cut, and so could any other client's be."""

from __future__ import annotations

import queue
import select
import socket
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

import psycopg
from psycopg import pq
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.drive.drivers import Links
from bench.drive.flights import Exchange, Verb
from bench.drive.link import Link, Prepared, Ready
from bench.errors import UserError
from bench.server.failing import failed
from bench.stores import Store
from bench.wire.cut import Cut, Side
from bench.wire.evidence import Evidence
from bench.wire.links import both, only
from bench.wire.proxy import SERVER_END_S, Address, Connection, Gate
from bench.wire.scram import scram_keys
from bench.wire.untold import writes_untold
from variants.contract import Query

_LIBPQ_WITH_KEYS = 180000
_END_S = 10.0
_CONNECT_MS = 30_000
_OPENABLE = frozenset({None, "disable", "allow", "prefer"})


class _WarmLink(Link):
    """A connection that prepares all that it must know in one flight: one round trip, not one a statement."""

    def __init__(self, conninfo: str, exchange: Exchange, known: Sequence[Query]) -> None:
        self._unsent: list[tuple[bytes, str]] | None = []
        super().__init__(conninfo, exchange)
        for query in known:
            self._prepare(query, query.sql, query)
        unsent, self._unsent = self._unsent, None
        self._prepare_together(unsent)

    def _connected(self, conninfo: str) -> psycopg.Connection[Any]:
        """The address is a number and the way is short: what psycopg does for names of many hosts takes longer than the rest."""
        pgconn = pq.PGconn.connect_start(conninfo.encode())
        while (state := pgconn.connect_poll()) != pq.PollingStatus.OK:
            waiting = select.poll()
            if state != pq.PollingStatus.FAILED:
                waiting.register(pgconn.socket, select.POLLIN if state == pq.PollingStatus.READING else select.POLLOUT)
            if state == pq.PollingStatus.FAILED or not waiting.poll(_CONNECT_MS):
                told = pgconn.get_error_message() if state == pq.PollingStatus.FAILED else "the server does not answer"
                pgconn.finish()
                raise psycopg.OperationalError(told)
        return psycopg.Connection(pgconn)

    def _prepare(self, key: Query | Verb, sql: str, query: Query | None) -> Prepared:
        if self._unsent is None:
            return super()._prepare(key, sql, query)
        prepared = self._prepared[key] = Prepared(f"s{len(self._prepared)}".encode(), query)
        self._unsent.append((prepared.name, sql))
        return prepared

    def _prepare_together(self, unsent: Sequence[tuple[bytes, str]]) -> None:
        pgconn = self.pgconn
        if not self._pipelined:
            pgconn.enter_pipeline_mode()
        for name, sql in unsent:
            pgconn.send_prepare(name, sql.encode())
        pgconn.pipeline_sync()
        while pgconn.flush():
            self.block(Ready.EITHER)
            pgconn.consume_input()
        result: pq.abc.PGresult | None = None
        while result is None or result.status != pq.ExecStatus.PIPELINE_SYNC:
            while pgconn.is_busy():
                self.block(Ready.READ)
                pgconn.consume_input()
            result = pgconn.get_result()
            if result is not None:
                self._checked(result)
        if not self._pipelined:
            pgconn.exit_pipeline_mode()


class GatedLane:
    """Make it with `opened`. A thread opens connections ahead while others are used; it and the gate's end with the lane."""

    def __init__(self, gate: Gate, conninfo: str, exchange: Exchange, ahead: int) -> None:
        self._gate = gate
        self._conninfo = conninfo
        self._exchange = exchange
        self._known: dict[Query, None] = {}
        self._open: dict[Link, Connection] = {}
        self._cut: set[Link] = set()
        self._wanted: queue.SimpleQueue[bool] = queue.SimpleQueue()
        self._ready: queue.SimpleQueue[Link | Exception] = queue.SimpleQueue()
        self._opener = threading.Thread(target=self._open_ahead, name="gate-opener", daemon=True)
        self._opener.start()
        for _ in range(max(ahead, 1)):
            self._wanted.put(True)

    @classmethod
    @contextmanager
    def opened(
        cls, store: Store, exchange: Exchange = Exchange.PLAIN, ahead: int = 2, lock_timeout_ms: int | None = None
    ) -> Iterator[Self]:
        """A lane to a store with a gate of its own; `lock_timeout_ms` is how long its clients wait for a lock, None: for ever.

        Raises `UserError` when connections to the server must be encrypted: nobody can look into those.
        """
        upstream, through = _through(store, lock_timeout_ms)
        with Gate.opened(upstream) as gate:
            lane = cls(gate, make_conninfo(**through, port=gate.port), exchange, ahead)
            try:
                yield lane
            finally:
                lane.close()

    @property
    def sides(self) -> frozenset[Side]:
        return frozenset(Side)

    @contextmanager
    def open(self) -> Iterator[Links]:
        link = self._next()
        try:
            connection = self._gate.connection(_port_of(link))
            self._open[link] = connection
            # It may have been opened before the last of them was met.
            for query in tuple(self._known):
                link.prepare(query)
            yield both(link)
        finally:
            self._shut(link)

    def arm(self, links: Links, cut: Cut | None) -> None:
        link = only(links)
        if cut is not None:
            self._cut.add(link)
        writing = (link.prepare(query).name for query in link.statements if writes_untold(query))
        self._open[link].arm(cut, frozenset(writing))

    def count(self, links: Links) -> int:
        return self._open[only(links)].count

    def evidence(self, links: Links) -> Evidence:
        connection = self._open[only(links)]
        if connection.watch is not None and connection.watch.awaits_server:
            connection.gone.wait(SERVER_END_S)
        return connection.evidence

    def release(self, links: Links) -> None:
        self._gate.release(self._open[only(links)])

    def close(self) -> None:
        self._wanted.put(False)
        self._opener.join(_END_S)
        while not self._ready.empty():
            made = self._ready.get()
            if isinstance(made, Link):
                made.close()
        for link in list(self._open):
            self._shut(link)

    def _open_ahead(self) -> None:
        """The opener's whole life."""
        while self._wanted.get():
            try:
                link = _WarmLink(self._conninfo, self._exchange, tuple(self._known))
            except Exception as error:  # noqa: BLE001 - whoever waits for the connection must hear of it
                self._ready.put(error)
            else:
                self._ready.put(link)

    def _next(self) -> Link:
        made = self._ready.get()
        self._wanted.put(True)
        if isinstance(made, Exception):
            raise made
        return made

    def _shut(self, link: Link) -> None:
        connection = self._open.pop(link, None)
        if connection is not None and link not in self._cut:
            self._known.update(dict.fromkeys(link.statements))
        self._cut.discard(link)
        link.close()
        if connection is not None and connection.watch is not None and connection.watch.holds:
            self._gate.release(connection)


def _through(store: Store, lock_timeout_ms: int | None) -> tuple[Address, dict[str, Any]]:
    """Where the server listens, and how to reach it through a gate whose port is still to be named."""
    given = conninfo_to_dict(store.conninfo)
    if given.get("sslmode") not in _OPENABLE:
        raise UserError(
            "the server is to be reached encrypted, and a gate cannot look into that: inject faults where sslmode=disable will do"
        )
    host, port = str(given.get("hostaddr") or given.get("host") or "127.0.0.1"), int(given.get("port") or 5432)
    upstream: Address = f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port)
    options = str(given.get("options") or "")
    if lock_timeout_ms is not None:
        # The last of two settings counts.
        options += f" -c lock_timeout={lock_timeout_ms}"
    secret = _secret(store)
    plain = {"host": "127.0.0.1", "hostaddr": "", "sslmode": "disable", "gssencmode": "disable", "channel_binding": "disable"}
    return upstream, {key: value for key, value in given.items() if key != "port"} | plain | {"options": options} | secret


def _secret(store: Store) -> dict[str, str]:
    """The password, which a password file may not give for the gate's port, and the keys made of it."""
    try:
        with psycopg.connect(store.conninfo, autocommit=True) as direct:
            password = direct.info.password
            if not password or pq.version() < _LIBPQ_WITH_KEYS:
                return {"password": password} if password else {}
            row = direct.execute("SELECT rolpassword FROM pg_authid WHERE rolname = current_user").fetchone()
    except psycopg.errors.InsufficientPrivilege:
        return {"password": password}
    except psycopg.OperationalError as error:
        raise failed("a gate was opened before it", str(error).partition("\n")[0]) from None
    return {"password": password} | (scram_keys(password, str(row[0])) if row else {})


def _port_of(link: Link) -> int:
    end = socket.socket(socket.AF_INET, socket.SOCK_STREAM, fileno=link.socket)
    try:
        return int(end.getsockname()[1])
    finally:
        # It is libpq's.
        end.detach()
