"""One paired session: fresh databases, one connection for each variant, every operation performed by all of them in turn.

The session checks what it measures: outcomes and answers must be those of the reference model, and at the end every store must
pass the same-work proof.
"""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

import numpy as np

from bench import perform
from bench.drive.drivers import Completion, Links, Told
from bench.drive.flights import Atomicity, Exchange
from bench.errors import InvalidMeasurement
from bench.latency.order import rounds
from bench.latency.samples import Recorder
from bench.progress import Advance
from bench.proof.compare import Proof, prove
from bench.proof.masks import kinds_of, masked_answer
from bench.proof.observe import observe
from bench.results.schema import WorkloadTotal
from bench.stores import Store, copy
from bench.totals import rows_changed
from workloads.model import Model, Refused
from workloads.operations import Context, Operation, Read, Reply, Send, Write, kind_of
from workloads.validate import check
from workloads.workload import Workload

BLOCK_NS = 5_000_000_000
"""Latencies wander over seconds: stretches of this length are what the bootstrap draws."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A design's tables under one name, performed with one atomicity; the same template may serve several variants."""

    name: str
    template: Store
    atomicity: Atomicity


@dataclass(frozen=True, slots=True)
class Limits:
    """When a session ends: after this many seconds (None: never) or when the workload does; the first messages warm up."""

    seconds: float | None
    warmup_messages: int


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The raw rows, how many operations were performed, what they cost each variant, and the proof of each."""

    recorder: Recorder
    operations: int
    totals: tuple[WorkloadTotal, ...]
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class _Done:
    operations: int
    messages: int


class _Player:
    """One variant in a session: its store, its connection, its way."""

    def __init__(self, variant: Variant, store: Store, links: Links) -> None:
        self.name = variant.name
        self.store = store
        self._design = store.design
        self._links = links
        self._atomicity = variant.atomicity
        self._gaps = kinds_of(store.design.gaps())

    def write(self, operation: Write, context: Context) -> tuple[int, Completion]:
        start_ns = time.perf_counter_ns()
        completion = perform.write(self._design, self._links, operation, context, self._atomicity, Exchange.PLAIN)
        return time.perf_counter_ns() - start_ns, completion

    def read(self, operation: Read) -> tuple[int, Completion]:
        start_ns = time.perf_counter_ns()
        completion = perform.read(self._design, self._links, operation)
        return time.perf_counter_ns() - start_ns, completion

    def total(self, done: _Done) -> WorkloadTotal:
        links = set(self._links.values())
        for link in links:
            link.close()
        return WorkloadTotal(
            variant=self.name,
            operations=done.operations,
            messages=done.messages,
            transactions=sum(link.tally.transactions for link in links),
            statements_read=sum(link.tally.statements_read for link in links),
            statements_write=sum(link.tally.statements_write for link in links),
            round_trips=sum(link.tally.flights for link in links),
            rows=rows_changed(self.store),
        )

    def check_answer(self, operation: Read, completion: Completion, model: Model) -> None:
        expected = masked_answer(operation, model.answer(operation), self._gaps, model)
        if completion.told is not Told.OK:
            raise InvalidMeasurement(f"{self.name}: {operation} ended {completion.told}: {completion.reason}")
        got = completion.value if _in_order(operation) else sorted(completion.value)
        if list(got) != list(expected):
            lines = [f"expected {list(expected)!r}", f"answered {list(got)!r}"]
            raise InvalidMeasurement(f"{self.name}: {operation} has another answer than the model", lines)


def _in_order(operation: Read) -> bool:
    return kind_of(operation) in {"latest_page", "page_back", "recall_context"}


def play(
    variants: Sequence[Variant], workload: Workload, limits: Limits, rng: np.random.Generator, session: int, advance: Advance
) -> SessionResult:
    """Perform a workload with all variants, paired operation by operation."""
    with ExitStack() as stack:
        players = [_enter(stack, variant, session, place) for place, variant in enumerate(variants)]
        model = Model()
        for operation in workload.setup():
            check(operation)
            _write_all(players, range(len(players)), model, operation)
        recorder = Recorder([variant.name for variant in variants])
        done = _measure(players, model, workload, limits, rng, recorder, advance)
        totals = tuple(player.total(done) for player in players)
        proofs = tuple(prove(player.name, player.store.design.gaps(), model, observe(player.store)) for player in players)
    return SessionResult(recorder, done.operations, totals, proofs)


def _enter(stack: ExitStack, variant: Variant, session: int, place: int) -> _Player:
    store = stack.enter_context(copy(variant.template, f"pair_{session}_{place}"))
    return _Player(variant, store, stack.enter_context(store.links(Exchange.PLAIN)))


def _measure(
    players: Sequence[_Player],
    model: Model,
    workload: Workload,
    limits: Limits,
    rng: np.random.Generator,
    recorder: Recorder,
    advance: Advance,
) -> _Done:
    orders = rounds(len(players), rng)
    messages = count = 0
    total = _expected(workload)
    start_ns = time.perf_counter_ns()
    with _no_collection():
        for operation in workload.operations():
            check(operation)
            now_ns = time.perf_counter_ns() - start_ns
            if limits.seconds is not None and now_ns > limits.seconds * 1e9:
                break
            block, warm = now_ns // BLOCK_NS, messages >= limits.warmup_messages
            kind = recorder.kind_index(kind_of(operation))
            order = next(orders)
            latencies = _perform_all(players, order, model, operation)
            for position, index in enumerate(order):
                recorder.add(count, block, warm, kind, index, position, latencies[index])
            messages += isinstance(operation, (Send, Reply))
            count += 1
            if count % 50 == 0:
                gc.collect(0)
                elapsed_s = now_ns / 1e9
                by_time = 0 if limits.seconds is None else elapsed_s / limits.seconds
                advance(max(by_time, count / total), 1)
    advance(1, 1)
    return _Done(count, messages)


def _expected(workload: Workload) -> int:
    return max(1, sum(1 for _ in workload.operations()))


def _perform_all(players: Sequence[_Player], order: Sequence[int], model: Model, operation: Operation) -> Mapping[int, int]:
    if isinstance(operation, Write):
        return _write_all(players, order, model, operation)
    latencies: dict[int, int] = {}
    for index in order:
        latencies[index], completion = players[index].read(operation)
        players[index].check_answer(operation, completion, model)
    return latencies


def _write_all(players: Sequence[_Player], order: Sequence[int], model: Model, operation: Write) -> Mapping[int, int]:
    context = model.context(operation)
    latencies, completions = {}, {}
    for index in order:
        latencies[index], completions[index] = players[index].write(operation, context)
    try:
        model.apply(operation, context)
        refusal = None
    except Refused as refused:
        refusal = str(refused)
    for index, completion in completions.items():
        perform.check_outcome(players[index].name, operation, completion, refusal)
    return latencies


@contextmanager
def _no_collection() -> Iterator[None]:
    """Without the cyclic collector's pauses; short collections are made between operations instead."""
    gc.collect()
    gc.freeze()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.unfreeze()
