"""What observing costs: blocks of sends with an observer on and off, alternating on one connection.

The observers are the harness's own recording of each operation, and what a server can be told to count or to time.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType

import numpy as np
import psycopg

from bench.anatomy.preparing import set_up
from bench.cost.fsyncs import TIMING
from bench.cost.measure import WARM_UP
from bench.cost.pairs import PAIRS_A_BLOCK
from bench.cost.performing import Asked, bare, check, flights_of, prepared, timed
from bench.cost.settings import put, why_not
from bench.cost.waits import sampled
from bench.cost.work import sends
from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Exchange
from bench.latency.quiet import no_collection
from bench.latency.samples import Recorder
from bench.perform import check_outcome
from bench.progress import Advance
from bench.results.cost_schema import Lacking, ObserverBlock, RecordingLoop
from bench.stores import Store
from variants.contract import Design, Side
from workloads.model import Model
from workloads.operations import Write, kind_of
from workloads.validate import check as validate

RECORDING = "recording"
"""The harness's own: two looks at the clock, a row of the recorder, the checks of the operation and of how it ended."""

WAIT_SAMPLING = "wait sampling"
SETTINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"pg_stat_statements.track": ("none", "top"), "track_io_timing": ("off", "on"), TIMING: ("off", "on")}
)
"""What a session may switch: its values when it does not observe, and when it does."""

OBSERVERS: tuple[str, ...] = (RECORDING, *SETTINGS, WAIT_SAMPLING)

Sampler = psycopg.Connection[tuple[object, ...]]

BLOCK_OPERATIONS = 10
"""Sends of a block: long enough to drown the switching, short enough that both blocks of a pair see the same machine."""

LOOP_OPERATIONS, LOOPS = 20_000, 5
"""How often recording is done with no operation at all, to see what it takes by itself."""


@dataclass(frozen=True, slots=True)
class ObserversMeasured:
    """The raw blocks, recording by itself, and the observers that this server does not have."""

    blocks: tuple[ObserverBlock, ...]
    loops: tuple[RecordingLoop, ...]
    lacking: tuple[Lacking, ...]


class _Session:
    """One connection to a store on which observers are switched, at one exchange."""

    def __init__(self, store: Store, model: Model, links: Links, exchange: Exchange, sampler: Sampler) -> None:
        self.design = store.design
        self.model = model
        self.exchange = exchange
        self._links = links
        self._link = links[Side.CENTRAL]
        self._sampler = sampler
        self._recorder = Recorder([store.design.name])

    def why_not(self, observer: str) -> str | None:
        """Why this observer cannot be had here; None when it can. A setting is off from then on."""
        return why_not(self._link, observer, SETTINGS[observer][0]) if observer in SETTINGS else None

    @contextmanager
    def observed(self, observer: str, *, on: bool) -> Iterator[None]:
        """A block with the observer on or off; what the switching takes falls before and behind it."""
        if observer in SETTINGS:
            put(self._link, observer, SETTINGS[observer][on])
        with sampled(self._sampler, self._link.backend_pid) if on and observer == WAIT_SAMPLING else nullcontext():
            yield
        if observer in SETTINGS:
            put(self._link, observer, SETTINGS[observer][False])

    def perform(self, block: Sequence[Asked], *, recorded: bool) -> list[Completion]:
        """Perform a block, recorded as the paired sessions do or not at all."""
        if not recorded:
            return bare(self.design, self._links, block, self.exchange)
        return [
            _recorded(
                self._recorder, self.design, place, asked, lambda one: run(self._links, flights_of(self.design, one, self.exchange))
            )
            for place, asked in enumerate(block)
        ]


def measure_observers(
    store: Store, model: Model, pairs: int, agents: int, rng: np.random.Generator, advance: Advance
) -> ObserversMeasured:
    """Pairs of blocks for each observer at both exchanges, on one store."""
    found: list[ObserverBlock] = []
    lacking: dict[str, str] = {}
    for place, exchange in enumerate(Exchange):
        with ExitStack() as stack:
            links = stack.enter_context(store.links(exchange))
            sampler = stack.enter_context(psycopg.connect(store.endpoint.conninfo(), autocommit=True))
            session = _Session(store, model, links, exchange, sampler)
            for number, observer in enumerate(OBSERVERS):
                reason = session.why_not(observer)
                if reason is None:
                    found += _pairs(store, session, observer, f"{exchange[0]}o{number}", pairs, agents, rng)
                else:
                    lacking[f"observer {observer}"] = reason
                advance(place * len(OBSERVERS) + number + 1, len(Exchange) * len(OBSERVERS))
    loops = tuple(_loop(store.design, agents) for _ in range(LOOPS))
    return ObserversMeasured(tuple(found), loops, tuple(Lacking(what=what, why=why) for what, why in lacking.items()))


def _pairs(
    store: Store, session: _Session, observer: str, name: str, pairs: int, agents: int, rng: np.random.Generator
) -> Iterator[ObserverBlock]:
    """The blocks of one observer, on and off in an order that is drawn for each pair."""
    setup, operations = sends(name, agents, WARM_UP + 2 * pairs * BLOCK_OPERATIONS)
    with store.links(Exchange.SHARED) as hands:
        set_up(session.design, hands, session.model, setup)
    asked = prepared(session.model, operations)
    check(session.design.name, asked[:WARM_UP], session.perform(asked[:WARM_UP], recorded=True))
    starts = iter(range(WARM_UP, len(asked), BLOCK_OPERATIONS))
    with no_collection():
        for pair in range(pairs):
            for on in (False, True) if rng.random() < 0.5 else (True, False):
                start = next(starts)
                block = asked[start : start + BLOCK_OPERATIONS]
                with session.observed(observer, on=on):
                    took, completions = timed(partial(session.perform, block, recorded=on and observer == RECORDING), None)
                check(session.design.name, block, completions)
                yield ObserverBlock(
                    observer=observer,
                    design=session.design.name,
                    exchange=session.exchange,
                    kind=kind_of(block[0][0]),
                    pair=pair,
                    block=pair // PAIRS_A_BLOCK,
                    on=on,
                    operations=len(block),
                    wall_ns=took.wall_ns,
                    client_cpu_ns=took.client_cpu_ns,
                )


def _recorded(recorder: Recorder, design: Design, place: int, asked: Asked, perform: Callable[[Asked], Completion]) -> Completion:
    """Perform one operation with all that a paired session does for it beside performing it."""
    operation, _ = asked
    validate(operation)
    start_ns = time.perf_counter_ns()
    completion = perform(asked)
    latency_ns = time.perf_counter_ns() - start_ns
    recorder.add(place, 0, True, recorder.kind_index(kind_of(operation)), 0, 0, latency_ns)
    if isinstance(operation, Write):
        check_outcome(design.name, operation, completion, None)
    return completion


def _loop(design: Design, agents: int) -> RecordingLoop:
    """Recording with nothing performed: the clock of this thread's CPU around many of them."""
    _, (operation,) = sends("loop", agents, 1)
    recorder, ended = Recorder([design.name]), Completion(Told.OK)
    with no_collection():
        before_ns = time.thread_time_ns()
        for place in range(LOOP_OPERATIONS):
            _recorded(recorder, design, place, (operation, None), lambda _: ended)
        return RecordingLoop(operations=LOOP_OPERATIONS, cpu_ns=time.thread_time_ns() - before_ns)
