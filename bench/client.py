"""One client of a store at its levels of the factors: attempts, retries, repair, and the relay behind its outbox.

The place where the harness's own conduct meets a connection; a design knows nothing of it.
"""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

import psycopg

from bench.crash.judge import Outcome
from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Exchange, reading_flights
from bench.drive.link import Link, Patience, Tally
from bench.factors import Ids, Levels
from bench.outbox.relay import Relay, make_table
from bench.proof.masks import shortfalls_of
from bench.proof.observe import observe
from bench.retrying.looking import seen_of
from bench.retrying.policy import is_tried_again, told_of
from bench.retrying.repair import Repaired, repair
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Rows, Side, Statement
from workloads.model import Model
from workloads.operations import Context, Read, Write

RECONNECT_PAUSE_S = 0.5
"""How long a client waits before its next attempt when the server takes no connection."""


@dataclass(frozen=True, slots=True)
class Performed:
    """A write with all its attempts: what its caller is told, the context of the last attempt, how many there were."""

    completion: Completion
    context: Context
    attempts: int
    repaired: Repaired | None = None


class Client:
    """Make it with `opened`; it is used by one thread, one operation after another."""

    def __init__(self, store: Store, levels: Levels, path: WritePath, relay: Relay | None, patience: Patience) -> None:
        self.store = store
        self.levels = levels
        self._path = path
        self._relay = relay
        self._patience = patience
        self._used: list[Link] = []
        self._links = self._connect()

    @classmethod
    @contextmanager
    def opened(
        cls, store: Store, levels: Levels, exchange: Exchange = Exchange.PLAIN, patience: Patience = Patience.SLEEPING
    ) -> Iterator[Self]:
        """A client with connections of its own; the outbox's table is made where these levels need one."""
        path = WritePath(store.design, levels, exchange)
        with ExitStack() as stack:
            relay = None
            if make_table(store, path):
                relay = stack.enter_context(Relay.opened(store, path.of_relay()))
            client = cls(store, levels, path, relay, patience)
            stack.callback(client.close)
            yield client

    @property
    def is_fresh(self) -> bool:
        """Whether each attempt writes under an id of its own, so that the model must be told which one."""
        return self.levels.ids is Ids.FRESH

    def context(self, model: Model, operation: Write, attempt: int = 1) -> Context:
        """What the design is told about an attempt, with ids at this client's level."""
        return model.context(operation, attempt, fresh_ids=self.is_fresh)

    def write(self, operation: Write, context: Context) -> Completion:
        """One attempt of a write."""
        return run(self._links, self._path.flights(operation, context))

    def read(self, operation: Read) -> Completion:
        """One read; its answer is the completion's `value`. What waits in an outbox is not in it: `settle` first."""
        return run(self._links, reading_flights(self.store.design.read(operation)))

    def ask(self, statement: Statement) -> Completion:
        """One statement that is none of the design's, alone and outside of a transaction."""
        return run(self._links, reading_flights(_one(statement)))

    def settle(self) -> None:
        """Let the relay apply all that waits."""
        if self._relay is not None:
            self._relay.drain()

    def perform(self, operation: Write, context: Context, model: Model) -> Performed:
        """A write with the retries, and after a failure the repair, of this client's levels.

        `context` is that of the first attempt; `model` is not changed. A repair does not change what the caller was told.
        """
        completions = [self.write(operation, context)]
        while is_tried_again(completions, self.levels.retry):
            if (refused := self._refused_connection()) is not None:
                completions.append(refused)
                continue
            context = self.context(model, operation, len(completions) + 1)
            completions.append(self.write(operation, context))
        completion = told_of(completions)
        repaired = None
        if self.levels.repair and completion.told is not Told.OK and self._refused_connection() is None:
            repaired = self.repair(operation, context, model)
        return Performed(completion, context, len(completions), repaired)

    def repair(self, operation: Write, context: Context, model: Model) -> Repaired:
        """Make whole what is there in part of an operation that the model does not have yet; its last context's ids are kept."""
        shortfalls = shortfalls_of(self.store.design)

        def look() -> Outcome:
            self.settle()
            return seen_of(model, operation, context, shortfalls, observe(self.store).projection)

        return repair(look, lambda: run(self._links, self._path.repeated(operation, context)))

    def tallies(self) -> list[Tally]:
        """What each of the client's own connections sent."""
        return [link.tally for link in self._used]

    def relay_tallies(self) -> list[Tally] | None:
        """What each of the relay's connections sent; None without an outbox."""
        return None if self._relay is None else [link.tally for link in set(self._relay.links.values())]

    def reconnect(self) -> None:
        """Go on with a new connection: the old one may be lost, or hold a transaction open."""
        self._used[-1].close()
        self._links = self._connect()

    def _refused_connection(self) -> Completion | None:
        """Go on with a new connection; when the server takes none, how the attempt ended, after a pause in which it may restart."""
        try:
            self.reconnect()
        except psycopg.OperationalError as error:
            time.sleep(RECONNECT_PAUSE_S)
            return Completion(Told.FAIL, reason=f"no connection: {str(error).strip()}", lost=True)
        return None

    def close(self) -> None:
        """End all connections, the relay's too; twice is fine."""
        for link in self._used:
            link.close()
        if self._relay is not None:
            self._relay.close()

    def _connect(self) -> Links:
        link = Link(self.store.conninfo, self._path.exchange, self._patience)
        self._used.append(link)
        return {Side.CENTRAL: link, Side.AGENT: link}


def _one(statement: Statement) -> Generator[Statement, Rows, None]:
    yield statement
