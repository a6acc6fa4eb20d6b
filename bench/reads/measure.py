"""Reads on large stores, paired: every variant answers the same read in turn, and the answer is checked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pyarrow as pa

from bench import perform
from bench.charts.palette import design_of
from bench.drive.drivers import Completion, Links
from bench.drive.flights import Exchange
from bench.drive.link import Patience
from bench.latency.blocks import rounds_of_block
from bench.latency.order import rounds
from bench.latency.quiet import no_collection
from bench.latency.samples import Recorder
from bench.latency.variants import AGAIN, base
from bench.progress import Advance
from bench.progress.parts import part
from bench.reads.asked import mix, targets
from bench.reads.large import Large, LargeStore
from bench.streams import Stream, generator
from variants.contract import Design
from workloads.operations import Read, kind_of

PERFORMED = 760
"""Reads of a block, those of all variants together: about a second on two cores. The blocks are shorter than those of the paired
workload, whose sessions are longer.
"""

TOLD_EVERY = 20
"""Rounds between two tellings of how far a session is."""

WARMUP = 3
"""How often every kind is asked of two places at a session's beginning, which is not recorded: a server plans the first five calls
of a prepared statement anew each, before it may keep one plan for all.
"""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """How many sessions, each with connections of its own, and how many rounds of each: one read, performed by every variant.

    `session_s` is a safety limit, in seconds, that ends a session before its rounds are over.
    """

    sessions: int
    rounds: int
    session_s: float


@dataclass(frozen=True, slots=True)
class ReadsMeasured:
    """The raw rows of each session; `stopped_early` says which of them the safety limit ended."""

    sessions: tuple[pa.Table, ...]
    stopped_early: tuple[str, ...]


class _Reader:
    """One variant: a design and its connection."""

    def __init__(self, name: str, design: Design, links: Links) -> None:
        self.name = name
        self._design = design
        self._links = links

    def read(self, operation: Read) -> tuple[int, Completion]:
        start_ns = time.perf_counter_ns()
        completion = perform.read(self._design, self._links, operation)
        return time.perf_counter_ns() - start_ns, completion


def measure_reads(
    large: Large, limits: ReadLimits, seed: int, advance: Advance, patience: Patience = Patience.SLEEPING
) -> ReadsMeasured:
    """The rows of all sessions. The first design's advised variant, or the baseline's, takes part twice (A/A).

    Two calls with one seed and world perform the same reads in the same order. Connections are opened on settled stores: no plan
    was made when tables were empty. Raises `InvalidMeasurement` for an answer that is not the reference model's; the world touches
    no shortfall, so none is excused.
    """
    tables, stopped_early = [], []
    for session in range(limits.sessions):
        rng = generator(seed, Stream.READS, session)
        with _readers(large, patience) as readers:
            recorder = Recorder([reader.name for reader in readers])
            done = _session(readers, large, limits, rng, recorder, part(advance, session, limits.sessions))
        tables.append(recorder.table(session))
        if done < limits.rounds:
            stopped_early.append(
                f"the limit of {limits.session_s:g} s ended session {session} of the reads after {done} of {limits.rounds} rounds"
            )
    return ReadsMeasured(tuple(tables), tuple(stopped_early))


def baseline(stores: Sequence[LargeStore]) -> str:
    """The variant that ratios are taken against: `dual` with the advised indexes when it takes part."""
    advised = {large.store.design.name: large.name for large in stores if large.advised}
    chosen = base(list(advised) or [large.store.design.name for large in stores])
    return advised.get(chosen, stores[0].name)


def again(name: str) -> str:
    """The name of the baseline's second self."""
    return f"{design_of(name)}[{AGAIN}]"


@contextmanager
def _readers(large: Large, patience: Patience) -> Iterator[list[_Reader]]:
    same = baseline(large.stores)
    twice = [(one.name, one.store) for one in large.stores]
    twice += [(again(one.name), one.store) for one in large.stores if one.name == same]
    with ExitStack() as stack:
        yield [_Reader(name, store.design, stack.enter_context(store.links(Exchange.PLAIN, patience))) for name, store in twice]


def _session(
    readers: Sequence[_Reader], large: Large, limits: ReadLimits, rng: np.random.Generator, recorder: Recorder, advance: Advance
) -> int:
    """Perform the rounds of one session; how many were done before the safety limit."""
    rounds_each = rounds_of_block(limits.rounds, len(readers), PERFORMED)
    orders = rounds(len(readers), rng)
    asked = mix(large.world, rng)
    with no_collection():
        for target in targets(large.world) * WARMUP:
            _ask(readers, next(orders), large, target.read)
        start_ns = time.perf_counter_ns()
        for count, operation in enumerate(islice(asked, limits.rounds)):
            if time.perf_counter_ns() - start_ns > limits.session_s * 1e9:
                return count
            order = next(orders)
            latencies = _ask(readers, order, large, operation)
            kind = recorder.kind_index(kind_of(operation))
            for position, index in enumerate(order):
                recorder.add(count, count // rounds_each, True, kind, index, position, latencies[index])
            if (count + 1) % TOLD_EVERY == 0:
                advance(count + 1, limits.rounds)
    advance(limits.rounds, limits.rounds)
    return limits.rounds


def _ask(readers: Sequence[_Reader], order: Sequence[int], large: Large, operation: Read) -> dict[int, int]:
    latencies, completions = {}, {}
    for index in order:
        latencies[index], completions[index] = readers[index].read(operation)
    expected = list(large.model.answer(operation))
    for index, completion in completions.items():
        perform.check_answer(readers[index].name, operation, completion, expected)
    return latencies
