"""The connections of one process that exposes operations to faults in one database: they set scenes up and read what is left."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from bench.checker.in_sql.check import checking
from bench.checker.in_sql.loading import Part
from bench.drive.drivers import Links
from bench.drive.flights import Exchange
from bench.drive.link import Link
from bench.factors import Levels
from bench.faults.sweeps.seeing import seen
from bench.faults.sweeps.staging import Stage, Staged, stage
from bench.outbox.relay import Relay, make_table
from bench.proof.observation import Observation
from bench.proof.observe import observe, snapshots
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Side

LOCK_TIMEOUT_MS = 50
"""How long an attempt beside a zombie waits for what that one still holds; nobody else ever waits for a lock."""


class Ground:
    """Make it with `opened`; it is used by one thread.

    `calm` are the links of attempts to which nothing happens, `checking` is the connection of the checker in SQL.
    """

    def __init__(self, store: Store, stack: ExitStack) -> None:
        self.store = store
        self.checking = stack.enter_context(checking(store.conninfo))
        link = Link(_impatient(store.conninfo), Exchange.PLAIN)
        stack.callback(link.close)
        self.calm: Links = {Side.CENTRAL: link, Side.AGENT: link}
        self._stack = stack
        self._setup = stack.enter_context(store.links(Exchange.SHARED))
        self._seeing = stack.enter_context(snapshots(store))
        self._relays: dict[Levels, Relay | None] = {}
        # A transaction id is given out once, so scenes of another process or of a later sweep in this database have other names.
        self._prefix = str(self._seeing.execute("SELECT pg_current_xact_id()::text").fetchone()[0])  # type: ignore[index]  # one row
        self._count = 0

    @classmethod
    @contextmanager
    def opened(cls, store: Store) -> Iterator[Self]:
        """The connections to a database, closed at the end."""
        with ExitStack() as stack:
            yield cls(store, stack)

    def settling(self, levels: Levels) -> Callable[[], object]:
        """What applies all that waits in the outbox of these levels, which is made here; nothing where they have none."""
        if levels not in self._relays:
            path = WritePath(self.store.design, levels, Exchange.PLAIN)
            has_outbox = make_table(self.store, path)
            self._relays[levels] = self._stack.enter_context(Relay.opened(self.store, path.of_relay())) if has_outbox else None
        relay = self._relays[levels]
        return _nothing if relay is None else relay.drain

    def stage(self, wanted: Stage, count: int) -> list[Staged]:
        """So many scenes that no other one meets, set up."""
        first = self._count
        self._count += count
        names = [f"{self._prefix}-{number}" for number in range(first + 1, first + count + 1)]
        return stage(self.store.design, self._setup, wanted, names)

    def seen(self, staged: Sequence[Staged], like: Staged) -> list[Observation]:
        """What the views say of these scenes, in the names of one."""
        return seen(self.store, staged, like, self._seeing)

    def in_place(self, part: Part) -> Observation:
        """What the views say of a part of the store, in its own ids, its id mapping too."""
        return observe(self.store, part.channels, part.servers, self._seeing, part.linked)


def _nothing() -> None:
    """There is no outbox."""


def _impatient(conninfo: str) -> str:
    """The same with a limit to waiting for locks, beside whatever options there are."""
    options = str(conninfo_to_dict(conninfo).get("options") or "")
    return make_conninfo(conninfo, options=f"{options} -c lock_timeout={LOCK_TIMEOUT_MS}".strip())
