"""One paired session: fresh databases, one connection for each variant, every operation performed by all of them in turn.

The session checks what it measures: outcomes and answers must be those of the reference model, and at the end every store must
pass the same-work proof.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from bench import perform
from bench.client import Client, Performed
from bench.drive.drivers import Completion
from bench.drive.link import Patience
from bench.factors import DEFAULT, Levels
from bench.latency.blocks import rounds_of_block
from bench.latency.order import rounds
from bench.latency.planting import Planted, RunningMedians, added_statement, spin
from bench.latency.quiet import no_collection
from bench.latency.samples import Recorder
from bench.progress import Advance
from bench.proof.compare import Proof, prove
from bench.proof.masks import masked_answer, shortfalls_of
from bench.proof.observe import observe
from bench.results.schema import WorkloadTotal
from bench.server import failing
from bench.server.checkpoints import checkpoints_begun
from bench.server.databases import checkpoint
from bench.stores import Store, copy
from bench.totals import changes
from workloads.model import Model, Refused
from workloads.operations import Context, Operation, Read, Reply, Send, Write, kind_of
from workloads.validate import check
from workloads.workload import Workload

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Variant:
    """A design's tables under one name, performed at these levels; the same template may serve several variants.

    `planted` is a cost added to each operation, within the timed region; its spin is a share of what the first variant of the same
    template and levels takes.
    """

    name: str
    template: Store
    levels: Levels = DEFAULT
    planted: Planted | None = None


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends when its workload does, or before that at a safety limit in seconds (None: none); first messages warm up.

    `patience` is how its clients wait.
    """

    seconds: float | None
    warmup_messages: int
    patience: Patience = Patience.SLEEPING


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The raw rows, how many operations were performed, what they cost each variant, and the proof of each.

    `checkpoints` began on the server amid its operations. `stopped_early` says that the safety limit ended the session before its
    workload was over; nothing when it did not.
    """

    recorder: Recorder
    operations: int
    totals: tuple[WorkloadTotal, ...]
    proofs: tuple[Proof, ...]
    checkpoints: int
    stopped_early: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Done:
    operations: int
    messages: int
    stopped_early: tuple[str, ...]


class _Planting:
    """What a variant's operations cost beside themselves: nothing, a spin, or a statement.

    `medians` are of the variant that the spin is a share of; `feeds` says that they are of this one.
    """

    def __init__(self, planted: Planted | None, medians: RunningMedians, *, feeds: bool) -> None:
        self._share = 0.0 if planted is None else planted.share
        self._statement = added_statement()() if planted is not None and planted.statement else None
        self._medians, self._feeds = medians, feeds

    def spin_ns(self, kind: str) -> int:
        return round(self._share * self._medians.of(kind)) if self._share else 0

    def cost(self, client: Client, added_ns: int) -> None:
        if added_ns:
            spin(added_ns)
        elif self._statement is not None:
            failing.check("the planted statement", client.ask(self._statement))

    def observe(self, kind: str, latency_ns: int) -> None:
        if self._feeds:
            self._medians.add(kind, latency_ns)


class _Player:
    """One variant in a session: its store, its client, and the world that it is held against."""

    def __init__(self, name: str, client: Client, model: Model, planting: _Planting) -> None:
        self.name = name
        self.model = model
        self.store = client.store
        self._client = client
        self._planting = planting
        self._shortfalls = shortfalls_of(client.store.design)

    def context(self, operation: Write) -> Context:
        return self._client.context(self.model, operation)

    def write(self, operation: Write, context: Context) -> tuple[int, Performed]:
        added_ns = self._planting.spin_ns(kind_of(operation))
        start_ns = time.perf_counter_ns()
        performed = self._client.perform(operation, context, self.model)
        self._planting.cost(self._client, added_ns)
        return time.perf_counter_ns() - start_ns, performed

    def read(self, operation: Read) -> tuple[int, Completion]:
        # What the relay does is not the client's time; without it the answer would lack what agents do.
        self._client.settle()
        added_ns = self._planting.spin_ns(kind_of(operation))
        start_ns = time.perf_counter_ns()
        completion = self._client.read(operation)
        self._planting.cost(self._client, added_ns)
        return time.perf_counter_ns() - start_ns, completion

    def observe(self, kind: str, latency_ns: int) -> None:
        self._planting.observe(kind, latency_ns)

    def total(self, done: _Done) -> WorkloadTotal:
        self._client.settle()
        self._client.close()
        tallies, relay = self._client.tallies(), self._client.relay_tallies()
        found = changes(self.store)
        return WorkloadTotal(
            variant=self.name,
            operations=done.operations,
            messages=done.messages,
            transactions=sum(tally.transactions for tally in tallies),
            statements_read=sum(tally.statements_read for tally in tallies),
            statements_write=sum(tally.statements_write for tally in tallies),
            round_trips=sum(tally.flights for tally in tallies),
            relay_transactions=None if relay is None else sum(tally.transactions for tally in relay),
            relay_statements=None if relay is None else sum(t.statements_read + t.statements_write for t in relay),
            rows=found.rows,
            autovacuums=found.autovacuums,
        )

    def check_answer(self, operation: Read, completion: Completion) -> None:
        perform.check_answer(self.name, operation, completion, masked_answer(operation, self._shortfalls, self.model))


def feeding(variants: Sequence[Variant]) -> list[Variant]:
    """The first variant of each template and levels: what it takes is what spins of its copies are a share of.

    A copy must not move that median.
    """
    found: dict[tuple[str, Levels], Variant] = {}
    for variant in variants:
        found.setdefault(_kin(variant), variant)
    return list(found.values())


def _kin(variant: Variant) -> tuple[str, Levels]:
    return (variant.template.database, variant.levels)


def play(
    variants: Sequence[Variant],
    workload: Workload,
    limits: Limits,
    rng: np.random.Generator,
    session: int,
    advance: Advance,
    *,
    peer_delivery: bool = True,
) -> SessionResult:
    """Perform a workload with all variants, paired operation by operation."""
    with ExitStack() as stack:
        shared = Model(peer_delivery=peer_delivery)
        stores = [
            stack.enter_context(copy(variant.template, f"pair_{session}_{place}", flushed=False))
            for place, variant in enumerate(variants)
        ]
        checkpoint(variants[0].template.endpoint)
        players = []
        medians: dict[tuple[str, Levels], RunningMedians] = {}
        fed = feeding(variants)
        for variant, store in zip(variants, stores, strict=True):
            client = stack.enter_context(Client.opened(store, variant.levels, patience=limits.patience))
            # A message has another id where ids are fresh, so such a variant has a world of its own.
            model = Model(peer_delivery=peer_delivery) if client.is_fresh else shared
            own = medians.setdefault(_kin(variant), RunningMedians())
            planting = _Planting(variant.planted, own, feeds=any(variant is first for first in fed))
            players.append(_Player(variant.name, client, model, planting))
        for operation in workload.setup():
            check(operation)
            _write_all(players, range(len(players)), operation)
        recorder = Recorder([variant.name for variant in variants])
        # The session's own checkpoint was counted while the set-up went on.
        checkpoints = checkpoints_begun(variants[0].template.endpoint)
        done = _measure(players, workload, limits, rng, recorder, advance)
        checkpoints = checkpoints_begun(variants[0].template.endpoint) - checkpoints
        totals = tuple(player.total(done) for player in players)
        proofs = tuple(prove(player.name, player.store.design, player.model, observe(player.store)) for player in players)
    return SessionResult(recorder, done.operations, totals, proofs, checkpoints, done.stopped_early)


def _measure(
    players: Sequence[_Player],
    workload: Workload,
    limits: Limits,
    rng: np.random.Generator,
    recorder: Recorder,
    advance: Advance,
) -> _Done:
    orders = rounds(len(players), rng)
    messages = count = 0
    total = _expected(workload)
    rounds_each = rounds_of_block(total, len(players))
    stopped_early: tuple[str, ...] = ()
    start_ns = time.perf_counter_ns()
    with no_collection():
        for operation in workload.operations():
            check(operation)
            now_ns = time.perf_counter_ns() - start_ns
            if limits.seconds is not None and now_ns > limits.seconds * 1e9:
                stopped_early = (f"the limit of {limits.seconds:g} s ended it after {count} of {total} operations",)
                break
            block, warm = count // rounds_each, messages >= limits.warmup_messages
            kind = recorder.kind_index(kind_of(operation))
            order = next(orders)
            latencies = _perform_all(players, order, operation)
            for position, index in enumerate(order):
                players[index].observe(recorder.kinds[kind], latencies[index])
                recorder.add(count, block, warm, kind, index, position, latencies[index])
            messages += isinstance(operation, (Send, Reply))
            count += 1
            if count % 50 == 0:
                gc.collect(0)
                elapsed_s = now_ns / 1e9
                by_time = 0 if limits.seconds is None else elapsed_s / limits.seconds
                advance(max(by_time, count / total), 1)
    advance(1, 1)
    return _Done(count, messages, stopped_early)


def _expected(workload: Workload) -> int:
    return max(1, sum(1 for _ in workload.operations()))


def _perform_all(players: Sequence[_Player], order: Sequence[int], operation: Operation) -> Mapping[int, int]:
    if isinstance(operation, Write):
        return _write_all(players, order, operation)
    latencies: dict[int, int] = {}
    for index in order:
        latencies[index], completion = players[index].read(operation)
        players[index].check_answer(operation, completion)
    return latencies


def _write_all(players: Sequence[_Player], order: Sequence[int], operation: Write) -> Mapping[int, int]:
    latencies: dict[int, int] = {}
    performed: dict[int, Performed] = {}
    contexts = _of_each_world(players, lambda player: player.context(operation))
    for index in order:
        latencies[index], performed[index] = players[index].write(operation, contexts[id(players[index].model)])
    refusals = _of_each_world(players, lambda player: _refusal(player.model, operation, performed[players.index(player)].context))
    for index, ended in performed.items():
        perform.check_outcome(players[index].name, operation, ended.completion, refusals[id(players[index].model)])
    return latencies


def _of_each_world(players: Sequence[_Player], ask: Callable[[_Player], T]) -> dict[int, T]:
    """An answer for each model, given by the first player that has it."""
    found: dict[int, T] = {}
    for player in players:
        if id(player.model) not in found:
            found[id(player.model)] = ask(player)
    return found


def _refusal(model: Model, operation: Write, context: Context) -> str | None:
    """Apply a write to the model; why that refuses it, or None."""
    try:
        model.apply(operation, context)
    except Refused as refused:
        return str(refused)
    return None
