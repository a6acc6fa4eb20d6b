"""Large stores: one for each variant, all of them holding the same world, settled as a server that ran for a while."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from bench.drive.flights import Exchange
from bench.progress import Advance
from bench.reads.explain import settle
from bench.reads.filling import fill
from bench.reads.levels import levels
from bench.reads.world import Scale, World, world
from bench.server.databases import drop_database
from bench.server.endpoint import Endpoint
from bench.stores import Store, install, tables_of
from variants.contract import Build
from workloads.model import Model
from workloads.operations import Context, Write

FILL_S_PER_ROW = 0.0005
"""A guess of what a message with all that belongs to it costs to store: the first estimate of the time."""

_EVERY = 500
"""Writes between two words on progress."""


@dataclass(frozen=True, slots=True)
class LargeStore:
    """The store of one variant, filled."""

    name: str
    store: Store
    advised: bool


@dataclass(frozen=True, slots=True)
class Large:
    """The world, what the reference model knows of it, and a store of it for each variant."""

    world: World
    model: Model
    stores: Sequence[LargeStore]


@contextmanager
def large_stores(builds: Mapping[str, Build], endpoint: Endpoint, scale: Scale, seed: int, advance: Advance) -> Iterator[Large]:
    """Make the stores, each through its design's own `write`; their databases are dropped at the end.

    A design whose own indexes differ from the advised ones has two stores with the same rows.
    """
    made = world(scale, seed)
    model, prepared = _prepared(made)
    designs = levels(builds)
    with ExitStack() as stack:
        stores: list[LargeStore] = []
        for place, own in enumerate(designs):
            filled: Store | None = None
            for number, level in enumerate(own):
                database = f"large_{scale.rows}_{seed}_{place}_{number}"
                stack.callback(drop_database, endpoint, database)
                store = install(level.design, endpoint, database)
                if filled is None:
                    _fill(store, prepared, lambda done, total, place=place: advance(place + done / total, len(designs)))
                    filled = store
                else:
                    _copy_rows(filled, store)
                settle(store)
                stores.append(LargeStore(level.name, store, level.advised))
        yield Large(made, model, stores)


def _prepared(made: World) -> tuple[Model, list[tuple[Write, Context]]]:
    """Every write with what a design is told about it; the reference model performs them once for all designs."""
    model = Model()
    prepared: list[tuple[Write, Context]] = []
    for operation in made.writes():
        context = model.context(operation)
        model.apply(operation, context)
        prepared.append((operation, context))
    return model, prepared


def _fill(store: Store, prepared: Sequence[tuple[Write, Context]], advance: Advance) -> None:
    count = 0

    def counted() -> None:
        nonlocal count
        count += 1
        if count % _EVERY == 0:
            advance(count, len(prepared))

    with store.links(Exchange.SHARED) as links:
        fill(store.design, links, prepared, counted)


def _copy_rows(source: Store, target: Store) -> None:
    """The same rows under other indexes: table by table, in the order in which keys allow it."""
    with psycopg.connect(source.conninfo) as reading, psycopg.connect(target.conninfo) as writing:
        for table in tables_of(target.design):
            names = sql.SQL(", ").join(sql.Identifier(column.name) for column in table.columns)
            of = sql.SQL("{} ({})").format(sql.Identifier(table.name), names)
            out = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(of)
            into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(of)
            with reading.cursor().copy(out) as rows, writing.cursor().copy(into) as copied:
                for block in rows:
                    copied.write(block)
