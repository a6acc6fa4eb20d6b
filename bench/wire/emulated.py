"""The fast lane: connections are kept, and only behave as if they were cut.

Both lanes give the server the same messages up to the cut; here they are not sent one by one, but it is known what the server makes
of them. COMMIT is executed at its Execute, a statement of its own is committed at its Sync, and everything else is rolled back when
the connection ends. So what would stay is executed, the rest is not sent at all, an open transaction is rolled back, and the client
is told that its connection is lost. What a session keeps beyond its transactions (locks, settings, temporary tables) is given up
as at its end, where a statement may have left any. A zombie cannot be had this way, for the server must not notice anything.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Generator, Iterator
from contextlib import contextmanager, suppress
from typing import Any, Self, cast

from psycopg import pq

from bench.drive.drivers import ROLLBACK, Links
from bench.drive.errors import ConnectionLost, ServerError
from bench.drive.flights import Exchange, Flight, Verb
from bench.drive.link import Link, Prepared, Waiting
from bench.drive.waiting import blocking
from bench.stores import Store
from bench.wire.cut import CUTS, Cut, Side
from bench.wire.evidence import Evidence, Tags
from bench.wire.links import both, only
from bench.wire.untold import writes_untold
from variants.contract import Query, Rows

EXECUTE_MESSAGES = 3
"""A command is sent as Bind, Describe and Execute."""

PREPARE_MESSAGES = 2
"""A statement that is met for the first time is sent ahead as Parse and Sync."""


_KEPT_BY_SESSION = re.compile(
    r"\bpg_(?:try_)?advisory_(?:un)?lock|\bset_config\b|^\s*(?:set|reset|create|declare|listen|load|prepare|discard)\b",
    re.IGNORECASE,
)
"""What a statement looks like that may leave something behind its transaction which the end of its session takes away."""

_END_OF_SESSION = b"SELECT pg_advisory_unlock_all(); CLOSE ALL; UNLISTEN *; RESET ALL; DISCARD TEMP; DISCARD SEQUENCES"


def messages_of(flight: Flight, *, is_shared: bool) -> int:
    """How many messages a flight is: three a command, and a Sync for each transaction of its own and at the end."""
    syncs = sum(command.alone for command in flight[:-1]) + 1 if is_shared else len(flight)
    return EXECUTE_MESSAGES * len(flight) + syncs


def lasting(flight: Flight, passed: int, *, is_shared: bool) -> Flight:
    """The commands, from the first on, that leave something when the server gets the first `passed` messages of a flight alone."""
    place = kept = 0
    for number, command in enumerate(flight, 1):
        place += EXECUTE_MESSAGES
        if command.verb in (Verb.COMMIT, Verb.ROLLBACK) and passed >= place:
            kept = number
        if not is_shared or command.alone or number == len(flight):
            place += 1
            if command.alone and passed >= place:
                kept = number
    return flight[:kept]


class _Tapped:
    """A libpq connection whose results are noted as they are taken; everything else is its own."""

    def __init__(self, pgconn: pq.abc.PGconn, *, is_shared: bool) -> None:
        self._pgconn = pgconn
        self._is_shared = is_shared
        self.tags = Tags()
        self.writing: deque[bool] = deque()
        """Of each command that is under way: whether it changes rows though its tag may not say so."""

    def __getattr__(self, name: str) -> Any:
        return getattr(self._pgconn, name)

    def get_result(self) -> pq.abc.PGresult | None:
        """The next result, noted."""
        result = self._pgconn.get_result()
        if result is None:
            if not self._is_shared:
                self._ready()
        elif result.status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            writes = bool(self.writing and self.writing.popleft())
            self.tags.completed((result.command_status or b"").decode(), writes=writes)
        elif result.status == pq.ExecStatus.PIPELINE_SYNC:
            self._ready()
        else:
            self.tags.refused()
        return result

    def _ready(self) -> None:
        # Between two transactions that travel together it is said to be active: nothing is open then either.
        self.tags.ready(inside=self._pgconn.transaction_status in (pq.TransactionStatus.INTRANS, pq.TransactionStatus.INERROR))


class EmulatedLink(Link):
    """A connection that is kept; `begin` starts a life on it, which a cut or `close` ends."""

    def __init__(self, conninfo: str, exchange: Exchange) -> None:
        super().__init__(conninfo, exchange)
        self._tapped = _Tapped(self.pgconn, is_shared=self._pipelined)
        self.pgconn = cast("pq.abc.PGconn", self._tapped)
        self._met: set[Query] = set()
        self._keeps = False
        self._is_over = False
        self.cut: Cut | None = None
        self.is_armed = False
        self.happened = False
        self.sent = 0

    @property
    def is_usable(self) -> bool:
        """Whether another life may begin on it: it is connected and idle."""
        return self.pgconn.transaction_status == pq.TransactionStatus.IDLE

    @property
    def in_transaction(self) -> bool:
        return not self._is_over and super().in_transaction

    @property
    def is_amid_exchange(self) -> bool:
        return not self._is_over and super().is_amid_exchange

    @property
    def met(self) -> frozenset[Query]:
        """The statements that it has met in this life."""
        return frozenset(self._met)

    @property
    def evidence(self) -> Evidence:
        """What happened since it was armed."""
        passed = self.cut.passed if self.cut is not None and self.happened else self.sent
        return Evidence(self.happened, passed, self._tapped.tags.noted if self.is_armed else ())

    def begin(self, known: Iterator[Query]) -> None:
        """A new life, as of a connection on which these statements are prepared."""
        self._is_over = self.is_armed = self.happened = False
        self.cut = None
        self.sent = 0
        self._met.clear()
        for query in known:
            self.prepare(query)

    def arm(self, cut: Cut | None) -> None:
        """Count messages from here on, and behave as cut at the one that the cut names."""
        self.cut, self.is_armed, self.happened, self.sent = cut, True, False, 0
        self._tapped.tags = Tags()

    def close(self) -> None:
        """End this life; the connection itself ends where it is not idle."""
        if not self._is_over and not self.is_usable:
            self.discard()
        self._is_over = True
        if self._keeps and self.is_usable:
            self._give_up_session()

    def _give_up_session(self) -> None:
        if self._pipelined:
            self.pgconn.exit_pipeline_mode()
        ended = self.pgconn.exec_(_END_OF_SESSION).status
        if self._pipelined:
            self.pgconn.enter_pipeline_mode()
        if ended not in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            self.discard()

    def discard(self) -> None:
        """End the connection itself; twice is fine."""
        super().close()

    def prepare(self, query: Query) -> Prepared:
        self._check_life()
        if query not in self._met:
            if (cut := self._met_in(PREPARE_MESSAGES)) is not None:
                blocking(self._lose(cut, ()))
            self._met.add(query)
            self.sent += PREPARE_MESSAGES
        return super().prepare(query)

    def _prepare(self, key: Query | Verb, sql: str, query: Query | None) -> Prepared:
        if query is not None and _KEPT_BY_SESSION.search(sql):
            self._keeps = True
        return super()._prepare(key, sql, query)

    def exchange(self, flight: Flight) -> Generator[Waiting, None, list[Rows]]:
        self._check_life()
        if not self.is_armed:
            return (yield from super().exchange(flight))
        for command in flight:
            if command.statement is not None:
                self.prepare(command.statement.constant)
        messages = messages_of(flight, is_shared=self._pipelined)
        if (cut := self._met_in(messages)) is not None:
            yield from self._lose(cut, lasting(flight, cut.passed - self.sent, is_shared=self._pipelined))
        self.sent += messages
        self._expect(flight)
        return (yield from super().exchange(flight))

    def _expect(self, flight: Flight) -> None:
        statements = (command.statement for command in flight)
        writing = (statement is not None and writes_untold(statement.constant) for statement in statements)
        self._tapped.writing = deque(writing)

    def _met_in(self, messages: int) -> Cut | None:
        """The cut, when its message is among the next ones."""
        cut = self.cut
        return cut if cut is not None and self.sent < cut.message <= self.sent + messages else None

    def _lose(self, cut: Cut, flight: Flight) -> Generator[Waiting, None, None]:
        """Execute what would last of the last flight, and lose the connection."""
        if flight:
            self._expect(flight)
            with suppress(ServerError):
                yield from super().exchange(flight)
        noted, self._tapped.tags = self._tapped.tags, Tags()
        if super().in_transaction:
            with suppress(ServerError):
                yield from super().exchange(ROLLBACK)
        # The server that loses a client answers no ROLLBACK.
        self._tapped.tags = noted
        self.sent = cut.message
        self.happened = self._is_over = True
        raise ConnectionLost("cut at the gate")

    def _check_life(self) -> None:
        if self._is_over:
            raise ConnectionLost("the connection is closed")


class EmulatedLane:
    """Make it with `opened`. It keeps as many connections as were ever open at once."""

    def __init__(self, conninfo: str, exchange: Exchange) -> None:
        self._conninfo = conninfo
        self._exchange = exchange
        self._known: dict[Query, None] = {}
        self._idle: list[EmulatedLink] = []
        self._all: list[EmulatedLink] = []

    @classmethod
    @contextmanager
    def opened(cls, store: Store, exchange: Exchange = Exchange.PLAIN) -> Iterator[Self]:
        """A lane to a store, whose connections end with it."""
        lane = cls(store.conninfo, exchange)
        try:
            yield lane
        finally:
            lane.close()

    @property
    def sides(self) -> frozenset[Side]:
        return frozenset(CUTS)

    @contextmanager
    def open(self) -> Iterator[Links]:
        link = self._next()
        try:
            link.begin(iter(self._known))
            yield both(link)
        finally:
            if link.cut is None:
                self._known.update(dict.fromkeys(query for query in link.statements if query in link.met))
            link.close()
            if link.is_usable:
                self._idle.append(link)
            else:
                link.discard()
                self._all.remove(link)

    def arm(self, links: Links, cut: Cut | None) -> None:
        if cut is not None and cut.side not in self.sides:
            raise ValueError(f"a connection that is kept cannot be had as {cut.side}")
        _kept(links).arm(cut)

    def count(self, links: Links) -> int:
        link = _kept(links)
        return link.sent if link.is_armed else 0

    def evidence(self, links: Links) -> Evidence:
        return _kept(links).evidence

    def release(self, links: Links) -> None:
        """Nothing is ever held here."""

    def close(self) -> None:
        while self._all:
            self._all.pop().discard()
        self._idle.clear()

    def _next(self) -> EmulatedLink:
        if self._idle:
            return self._idle.pop()
        link = EmulatedLink(self._conninfo, self._exchange)
        self._all.append(link)
        return link


def _kept(links: Links) -> EmulatedLink:
    link = only(links)
    if not isinstance(link, EmulatedLink):
        raise TypeError("this connection belongs to another lane")
    return link
