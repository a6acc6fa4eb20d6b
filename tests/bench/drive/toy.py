"""A toy design: a central log of messages with a place in their channel, and a room with copies at one agent.

Its write has a read whose rows it needs, commits, a row that may exist, statements whose rows nobody needs, and a statement that
is a transaction of its own. It tells, through `heard`, what it learned on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg
from sqlalchemy import BigInteger, Column, ForeignKey, MetaData, Table, Text, bindparam, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from bench.drive.drivers import Links, wait
from bench.drive.flights import Command, Exchange, Verb
from bench.drive.link import Link
from bench.stores import Store
from variants.contract import (
    CENTRAL_ACTOR,
    Begin,
    Commit,
    Defect,
    Ensure,
    Gap,
    Query,
    Reading,
    Rejected,
    Side,
    Task,
    View,
    Writing,
)
from workloads.operations import Context, LatestPage, Read, Send, Write

AGENT = "agent"
FreshStore = Callable[["Toy"], Store]


class Toy:
    """Stores `Send` on both sides; refuses an empty text."""

    name = "toy"

    def __init__(self) -> None:
        central, agent = MetaData(), MetaData()
        self.tables: Mapping[Side, MetaData] = {Side.CENTRAL: central, Side.AGENT: agent}
        log = Table(
            "log",
            central,
            Column("id", Text, primary_key=True),
            Column("channel", Text, nullable=False),
            Column("place", BigInteger, nullable=False),
            Column("text", Text, nullable=False),
        )
        rooms = Table("rooms", agent, Column("channel", Text, primary_key=True))
        copies = Table(
            "copies", agent, Column("id", Text, primary_key=True), Column("room", Text, ForeignKey(rooms.c.channel), nullable=False)
        )
        channel = bindparam("channel", type_=Text)
        self.count = Query(Side.CENTRAL, select(func.count()).select_from(log).where(log.c.channel == channel))
        self.add = Query(
            Side.CENTRAL,
            insert(log).values(id=bindparam("id"), channel=channel, place=bindparam("place"), text=bindparam("text")),
        )
        self.find_room = Query(Side.AGENT, select(rooms.c.channel).where(rooms.c.channel == channel))
        self.add_room = Query(Side.AGENT, upsert(rooms).values(channel=channel).on_conflict_do_nothing())
        self.copy = Query(Side.AGENT, insert(copies).values(id=bindparam("id"), room=bindparam("room")))
        self.copies = Query(Side.AGENT, select(func.count()).select_from(copies).where(copies.c.room == channel))
        self.page = Query(
            Side.CENTRAL, select(log.c.id, log.c.place, log.c.text).where(log.c.channel == channel).order_by(log.c.id)
        )
        self.heard: list[int] = []

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        """Central first, then the agent."""
        assert isinstance(operation, Send)
        return [
            Task("central", CENTRAL_ACTOR, self._central(operation)),
            Task("agent", AGENT, self._agent(operation)),
        ]

    def _central(self, operation: Send) -> Writing:
        yield Begin(Side.CENTRAL)
        rows = yield self.count(channel=operation.channel_id)
        place = rows[0][0]
        if not operation.text:
            return Rejected("the text is empty")
        nothing = yield self.add(needs_rows=False, id=operation.key, channel=operation.channel_id, place=place, text=operation.text)
        assert nothing is None
        yield Commit(Side.CENTRAL)
        return None

    def _agent(self, operation: Send) -> Writing:
        yield Begin(Side.AGENT)
        room = yield self.room(operation.channel_id)
        yield self.copy(needs_rows=False, id=operation.key, room=room)
        yield Commit(Side.AGENT)
        # The room's name survives the commit; this statement is a transaction of its own.
        rows = yield self.copies(channel=room)
        self.heard.append(rows[0][0])
        return None

    def room(self, channel: str) -> Ensure:
        """The room of a channel."""
        return Ensure(self.find_room(channel=channel), (self.add_room(needs_rows=False, channel=channel),), channel)

    def read(self, operation: Read) -> Reading:
        """All messages of a channel, with their places."""
        assert isinstance(operation, LatestPage)
        return (yield self.page(channel=operation.channel_id))

    def views(self) -> Mapping[str, View]:
        """None: nobody holds this design against the model."""
        return {}

    def gaps(self) -> Sequence[Gap]:
        """None."""
        return ()

    def defects(self) -> Sequence[Defect]:
        """None."""
        return ()


def send(key: str, text: str = "hello", channel: str = "general") -> Send:
    """A message."""
    return Send(key, 1_000, channel, "ann", text, "test")


CONTEXT = Context(1_000, 1)


@contextmanager
def two_links(store: Store, exchange: Exchange) -> Iterator[tuple[Links, Links]]:
    """Two clients of one store."""
    with store.links(exchange) as first, store.links(exchange) as second:
        yield first, second


def stored(store: Store) -> tuple[list[tuple[object, ...]], list[tuple[object, ...]], list[tuple[object, ...]]]:
    """All rows of log, rooms and copies."""
    with psycopg.connect(store.conninfo) as connection:
        log = connection.execute("SELECT id, channel, place, text FROM log ORDER BY id").fetchall()
        rooms = connection.execute("SELECT channel FROM rooms ORDER BY channel").fetchall()
        copies = connection.execute("SELECT id, room FROM copies ORDER BY id").fetchall()
    return log, rooms, copies


class Commits:
    """Transactions that these connections committed since it was made, as the server counts them."""

    def __init__(self, store: Store, *clients: Links) -> None:
        self._store = store
        self._links: set[Link] = {link for client in clients for link in client.values()}
        self._hand_in = Query(Side.CENTRAL, select(func.count()).select_from(func.pg_stat_force_next_flush()))
        for link in self._links:
            link.prepare(self._hand_in)
        self._before = self._total()

    def since(self) -> int:
        """How many, this question not counted."""
        return self._total() - self._before - len(self._links)

    def _total(self) -> int:
        for link in self._links:
            wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, self._hand_in(), True),))
        with psycopg.connect(self._store.endpoint.conninfo(), autocommit=True) as monitor:
            row = monitor.execute(
                "SELECT pg_stat_get_db_xact_commit(oid) FROM pg_database WHERE datname = %s", (self._store.database,)
            ).fetchone()
        assert row is not None
        return int(row[0])
