"""Stores of growing worlds: each made through its design's own `write`, settled, and dropped at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, cast

import psycopg
from psycopg import sql

from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.growth.world import CHANNELS_MESSAGES, Clock, Speech, World
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe, snapshots
from bench.reads.explain import settle
from bench.reads.filling import fill
from bench.server.databases import checkpoint, drop_database
from bench.server.endpoint import Endpoint
from bench.stores import Store, install
from variants.contract import Design
from workloads.model import Model
from workloads.operations import AddAgent, Context, CreateServer, Write

PROVED_WHOLE_MAX = 2 * CHANNELS_MESSAGES
"""Messages of a store up to which all its facts are compared; of a larger one those of some channels, and all are counted."""

PROVED_CHANNELS = 2
"""Channels of a large store whose facts are compared, beside all its servers and agents; not the one with a fifth of it."""

_TOLD_EVERY = 2_000
FILL_S_PER_WRITE = 0.0004
"""What a write with all its copies costs to store: the first estimate of the time."""


@dataclass(slots=True)
class Ground:
    """A world, what the reference model knows of it, and a store of it for each design.

    `part` is a second reference model that lives the proved channels of a large store alone; None where the store is proved whole.
    """

    world: World
    model: Model
    stores: Mapping[str, Store]
    part: Model | None
    proved: frozenset[str]
    clock: Clock
    speech: Speech
    sent: int = field(default=0)

    def applied(self, operation: Write, context: Context) -> None:
        """A write that every store performed."""
        self.model.apply(operation, context)
        self.sent += 1
        if self.part is not None and _is_proved(operation, self.proved):
            self.part.apply(operation, self.part.context(operation))


@contextmanager
def grounds(
    worlds: Sequence[World],
    designs: Mapping[str, Design],
    endpoint: Endpoint,
    name: str,
    advance: Callable[[float], None],
    to_come: int = 0,
) -> Iterator[list[Ground]]:
    """A ground for each world, with databases whose names begin with `name`; `advance` is told the share that is filled.

    `to_come` are the messages that each store will be sent besides.
    """
    total = sum(world.stored for world in worlds) * len(designs)
    done = 0
    with ExitStack() as stack:
        found: list[Ground] = []
        for number, world in enumerate(worlds):
            ground, prepared = _prepared(world, to_come)
            stores: dict[str, Store] = {}
            for place, (design_name, design) in enumerate(designs.items()):
                database = f"{name}_{number}_{place}"
                # Whatever a run that was killed left of this name; and ours, at the end.
                drop_database(endpoint, database)
                stack.callback(drop_database, endpoint, database)
                store = install(design, endpoint, database)
                _fill(store, prepared, partial(_tell, advance, done, world.stored, total))
                settle(store)
                stores[design_name] = store
                done += world.stored
            found.append(Ground(world, ground.model, stores, ground.part, ground.proved, ground.clock, ground.speech))
        checkpoint(endpoint)
        yield found


def _tell(advance: Callable[[float], None], done: int, of_world: int, total: int, share: float) -> None:
    advance((done + share * of_world) / max(total, 1))


def proofs(ground: Ground) -> list[Proof]:
    """The same-work proof of every store, over all that it was told. Raises `InvalidMeasurement` when messages are missing."""
    found = []
    for name, store in ground.stores.items():
        if ground.part is None:
            found.append(prove(name, store.design, ground.model, observe(store)))
            continue
        _count(name, store, ground)
        servers = {room.server for room in ground.world.all_rooms}
        found.append(prove(name, store.design, ground.part, observe(store, ground.proved, servers)))
    return found


def _prepared(world: World, to_come: int) -> tuple[Ground, list[tuple[Write, Context]]]:
    """Every write with what a design is told about it; the reference model performs them once for all designs."""
    model, prepared = Model(), []
    whole = world.stored + to_come <= PROVED_WHOLE_MAX
    rooms = world.all_rooms
    proved = frozenset(room.id for room in rooms[-PROVED_CHANNELS:])
    part = None if whole else Model()
    writes = 0
    for operation in world.writes():
        context = model.context(operation)
        model.apply(operation, context)
        if part is not None and _is_proved(operation, proved):
            part.apply(operation, part.context(operation))
        prepared.append((operation, context))
        writes += 1
    return Ground(world, model, {}, part, proved, Clock(writes), Speech(world.seed + 1)), prepared


def _is_proved(operation: Write, channels: frozenset[str]) -> bool:
    return isinstance(operation, (CreateServer, AddAgent)) or operation.channel_id in channels


def _fill(store: Store, prepared: Sequence[tuple[Write, Context]], advance: Callable[[float], None]) -> None:
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1
        if count % _TOLD_EVERY == 0:
            advance(count / len(prepared))

    with store.links(Exchange.SHARED) as links:
        fill(store.design, links, prepared, counted)
    advance(1.0)


def _count(name: str, store: Store, ground: Ground) -> None:
    """All messages of a large store, central ones and copies, are counted: every room of it has as many agents as it says."""
    views = store.design.views()
    expected = ground.world.stored + ground.sent
    with snapshots(store) as connection:
        for view in ("c_message", "a_message"):
            query = sql.SQL("SELECT count(*) FROM ({}) v").format(sql.SQL(cast(Any, views[view])))
            found = _one(connection, query)
            if found != expected:
                lines = [f"{view}: {found} rows, not {expected}"]
                raise InvalidMeasurement(f"growth: {name} does not hold the messages of its world", lines)


def _one(connection: psycopg.Connection[tuple[int]], query: sql.Composed) -> int:
    row = connection.execute(query).fetchone()
    return 0 if row is None else row[0]
