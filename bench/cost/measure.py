"""The split of each operation's time: blocks of one kind, designs in random order, repeated on fresh connections."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import psycopg

from bench.anatomy.preparing import set_up
from bench.cost.fsyncs import FsyncClock, fsync_clock
from bench.cost.performing import bare, check, prepared, timed
from bench.cost.process import Backend, backend_of
from bench.cost.waits import sampled
from bench.cost.work import blocks
from bench.drive.drivers import Links
from bench.drive.flights import Exchange
from bench.latency.quiet import no_collection
from bench.progress import Advance
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe
from bench.results.cost_schema import CostBlock, Lacking
from bench.stores import Store
from variants.contract import Side
from workloads.model import Model
from workloads.operations import Operation

OBSERVED_ROUNDS = 3
"""Repetitions in which waits are sampled, after those whose times count."""

WARM_UP = 8
"""Operations of each kind before the first block: a server plans the first five calls of a statement anew."""


@dataclass(frozen=True, slots=True)
class CostLimits:
    """`operations` of each kind in a block, `repetitions` of all blocks, `agents` in the channel."""

    operations: int
    repetitions: int
    agents: int


@dataclass(frozen=True, slots=True)
class CostsMeasured:
    """The raw blocks, the proof of each store, and what this server does not tell."""

    blocks: tuple[CostBlock, ...]
    proofs: tuple[Proof, ...]
    lacking: tuple[Lacking, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """Which repetition, whether it is observed, and the design's place in it."""

    round: int
    observed: bool
    position: int


def measure_costs(
    stores: Mapping[str, Store], limits: CostLimits, rng: np.random.Generator, advance: Advance, *, peer_delivery: bool = True
) -> CostsMeasured:
    """Split the costs of every design, each on an empty store of its own, at both exchanges.

    Raises `InvalidMeasurement` when an operation does not end well. The proofs are for the caller to judge.
    """
    models = {name: Model(peer_delivery=peer_delivery) for name in stores}
    found: list[CostBlock] = []
    lacking: dict[str, str] = {}
    rounds = [False] * limits.repetitions + [True] * OBSERVED_ROUNDS
    names = list(stores)
    for number, observed in enumerate(rounds):
        for position, place in enumerate(rng.permutation(len(names))):
            name = names[int(place)]
            for exchange in Exchange:
                where = _Place(number, observed, position)
                found += _visit(stores[name], models[name], exchange, where, limits, lacking)
            advance(number * len(names) + position + 1, len(rounds) * len(names))
    proofs = tuple(prove(name, store.design, models[name], observe(store)) for name, store in stores.items())
    return CostsMeasured(tuple(found), proofs, tuple(Lacking(what=what, why=why) for what, why in lacking.items()))


def _visit(
    store: Store, model: Model, exchange: Exchange, place: _Place, limits: CostLimits, lacking: dict[str, str]
) -> Iterator[CostBlock]:
    """All blocks of one design in one repetition, on a connection of its own."""
    name = f"{exchange[0]}{place.round:04}"
    work = blocks(name, limits.agents, limits.operations, WARM_UP)
    with store.links(Exchange.SHARED) as hands:
        set_up(store.design, hands, model, work.setup)
    with ExitStack() as stack:
        links = stack.enter_context(store.links(exchange))
        monitor = stack.enter_context(psycopg.connect(store.endpoint.conninfo(), autocommit=True))
        sampler = stack.enter_context(psycopg.connect(store.endpoint.conninfo(), autocommit=True)) if place.observed else None
        clock = fsync_clock(links[Side.CENTRAL], monitor)
        backend = backend_of(links[Side.CENTRAL])
        if backend is None:
            lacking["backend CPU"] = "the backend is no process of this machine that we can see"
        if clock.why_not is not None:
            lacking["fsync"] = clock.why_not
        warm = prepared(model, work.warm_up)
        check(store.design.name, warm, bare(store.design, links, warm, exchange))
        visit = _Visit(store, model, exchange, place, links, backend, clock, sampler)
        stack.enter_context(no_collection())
        for kind, operations in work.blocks:
            yield _block(visit, kind, operations)


@dataclass(frozen=True, slots=True)
class _Visit:
    """One design on one connection in one repetition."""

    store: Store
    model: Model
    exchange: Exchange
    place: _Place
    links: Links
    backend: Backend | None
    clock: FsyncClock
    sampler: psycopg.Connection[tuple[object, ...]] | None


def _block(visit: _Visit, kind: str, operations: Sequence[Operation]) -> CostBlock:
    store, links, exchange, backend = visit.store, visit.links, visit.exchange, visit.backend
    asked = prepared(visit.model, operations)
    waits: Counter[str] = Counter()
    before = visit.clock.read()
    with ExitStack() as stack:
        if visit.sampler is not None:
            waits = stack.enter_context(sampled(visit.sampler, links[Side.CENTRAL].backend_pid))
        took, completions = timed(lambda: bare(store.design, links, asked, exchange), backend)
    after = visit.clock.read()
    check(store.design.name, asked, completions)
    spent = None if before is None or after is None else (after.count - before.count, after.ns - before.ns)
    return CostBlock(
        round=visit.place.round,
        observed=visit.place.observed,
        position=visit.place.position,
        design=store.design.name,
        exchange=exchange,
        kind=kind,
        operations=len(operations),
        wall_ns=took.wall_ns,
        client_cpu_ns=took.client_cpu_ns,
        backend_cpu_ns=took.backend_cpu_ns,
        queued_ns=took.queued_ns,
        cpu_tick_ns=None if backend is None else backend.tick_ns,
        fsyncs=None if spent is None else spent[0],
        fsync_ns=None if spent is None else spent[1],
        waits=dict(sorted(waits.items())),
    )
