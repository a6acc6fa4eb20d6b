"""One variant under load: a fresh store, its generators, points one after another on the same stream, and the proof at the end."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Self

import numpy as np
import pyarrow as pa

from bench.drive.flights import Exchange
from bench.factors import Levels
from bench.load import judging
from bench.load.arrivals import Arrivals, Nanoseconds, compressed, digest, poisson
from bench.load.crew import Alone, Asked, Crew, several
from bench.load.generator import Generator, Stretch, stream_of
from bench.load.proving import proved
from bench.load.recorder import DONE, Outcome, joined
from bench.load.share import Share
from bench.load.stream import Step, Stream
from bench.load.variation import Variation
from bench.proof.compare import Proof
from bench.results.load_schema import LoadPoint
from bench.stores import Store
from bench.workload_registry import Asked as AskedWorkload
from bench.write_path import WritePath
from workloads.workload import Workload
from workloads.workload import digest as digest_of

BURST_LIMIT_NS = 300 * 10**9
START_IN_S = 0.05
"""How long after the schedule is fixed its first operation may be due."""


@dataclass(frozen=True, slots=True)
class Terms:
    """Under which terms all variants are measured. A point that lasts `limit_factor` times its length is cut there."""

    objective_ns: int
    warm_s: float
    window_s: float
    connections: int
    processes: int
    exchange: Exchange
    arrivals: Arrivals
    peer_delivery: bool
    limit_factor: float = 10.0


@dataclass(frozen=True, slots=True)
class Purpose:
    """What a point is for: `percent` is its share of a capacity."""

    name: str
    percent: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """The workload, and how another process makes the same one."""

    workload: Workload
    asked: AskedWorkload
    seed: int


@dataclass(frozen=True, slots=True)
class Measured:
    """A point, its raw rows, and when it began on `time.perf_counter_ns`."""

    point: LoadPoint
    table: pa.Table
    start_ns: int


class Rig:
    """Make it with `opened`. Points are numbered in the order in which they are measured; `cut` says which were cut short."""

    def __init__(self, name: str, repeat: int, terms: Terms, store: Store, crew: Crew, stream: Stream) -> None:
        self.name = name
        self.store = store
        self._repeat = repeat
        self._terms = terms
        self._crew = crew
        self._stream = stream
        self._steps: list[Step] = []
        self._done: set[int] = set()
        self._unknown: set[int] = set()
        self._points = 0
        self.cut: list[str] = []

    @classmethod
    @contextmanager
    def opened(
        cls,
        name: str,
        levels: Levels,
        store: Store,
        terms: Terms,
        source: Source,
        repeat: int = 0,
        handicap: Callable[[], None] | None = None,
    ) -> Iterator[Self]:
        """A rig whose connections are warm. `handicap` makes the generator slow: for one process alone."""
        share = Share(0, terms.processes, terms.connections)
        variation = Variation(name, WritePath(store.design, levels, terms.exchange))
        stream = stream_of(source.workload, variation, share, peer_delivery=terms.peer_delivery)
        with ExitStack() as stack:
            crew: Crew
            if terms.processes == 1:
                crew = Alone(stack.enter_context(Generator.opened(variation, stream, share, store.conninfo, handicap)))
            else:
                asked = Asked(
                    name,
                    store.conninfo,
                    terms.exchange,
                    source.asked,
                    source.seed,
                    digest_of(source.workload),
                    terms.peer_delivery,
                    share,
                )
                crew = stack.enter_context(several(asked, terms.processes))
            crew.warm()
            yield cls(name, repeat, terms, store, crew, stream)

    def throughput(self, operations: int) -> float:
        """Operations a second when so many are due at once: where a search begins. They count for the proof, and are not stored."""
        steps = self._take(operations)
        if not steps:
            return 0.0
        due_ns = np.zeros(len(steps), np.int64)
        _, stretches = self._crew.run(steps, due_ns, START_IN_S, BURST_LIMIT_NS, time.perf_counter_ns)
        self._note(joined([stretch.recorder.table(0, 0) for stretch in stretches]))
        return len(steps) / (max(stretch.effort.wall_ns for stretch in stretches) / 1e9)

    def point(
        self, purpose: Purpose, rate_per_s: float, rng: np.random.Generator, window_s: float | None = None
    ) -> Measured | None:
        """Measure one rate; None when the stream has not enough operations left for it."""
        window_s = self._terms.window_s if window_s is None else window_s
        length_s = self._terms.warm_s + window_s
        wanted = max(1, round(rate_per_s * length_s))
        steps = self._take(wanted)
        if len(steps) < wanted:
            return None
        if self._terms.arrivals is Arrivals.POISSON:
            due_ns = poisson(wanted, rate_per_s, rng)
        else:
            due_ns = compressed([step.at_ms for step in steps], rate_per_s)
        limit_ns = round(self._terms.limit_factor * length_s * 1e9)
        start_ns, stretches = self._crew.run(steps, due_ns, START_IN_S, limit_ns, time.perf_counter_ns)
        warm_ns = round(self._terms.warm_s * 1e9)
        number, self._points = self._points, self._points + 1
        table = joined([stretch.recorder.table(number, warm_ns) for stretch in stretches]).sort_by("number")
        self._note(table)
        if max(stretch.effort.wall_ns for stretch in stretches) > limit_ns:
            self.cut.append(f"the limit of {limit_ns / 1e9:g} s cut {rate_per_s:,.0f} operations a second short")
        return Measured(self._described(number, purpose, rate_per_s, due_ns, table, stretches), table, start_ns)

    def proof(self) -> Proof:
        """The proof of the store against the model of all that was acknowledged."""
        return proved(self.name, self.store, self._stream.setup, self._steps, self._done, self._unknown, self._terms.peer_delivery)

    def _take(self, count: int) -> list[Step]:
        steps = self._stream.take(count)
        self._steps += steps
        return steps

    def _note(self, table: pa.Table) -> None:
        outcomes, numbers = table["outcome"].to_pylist(), table["number"].to_pylist()
        done = {outcome.value for outcome in DONE}
        self._done.update(number for number, outcome in zip(numbers, outcomes, strict=True) if outcome in done)
        self._unknown.update(number for number, outcome in zip(numbers, outcomes, strict=True) if outcome == Outcome.INFO.value)

    def _described(
        self,
        number: int,
        purpose: Purpose,
        rate_per_s: float,
        due_ns: Nanoseconds,
        table: pa.Table,
        stretches: list[Stretch],
    ) -> LoadPoint:
        found, end_ns = judging.rows(table), int(due_ns[-1])
        late = judging.late_share(found, self._terms.objective_ns)
        achieved = judging.achieved_share(found, end_ns, self._terms.objective_ns)
        busy = max(1 - effort.idle_ns / effort.wall_ns for effort in (stretch.effort for stretch in stretches))
        return LoadPoint(
            point=number,
            variant=self.name,
            repeat=self._repeat,
            purpose=purpose.name,
            percent=purpose.percent,
            rate_per_s=rate_per_s,
            due=len(due_ns),
            due_digest=digest(due_ns),
            warm_from_ns=round(self._terms.warm_s * 1e9),
            window_end_ns=end_ns,
            wall_ns=max(stretch.effort.wall_ns for stretch in stretches),
            busy_share=round(max(0.0, busy), 4),
            preempted=sum(stretch.effort.preempted for stretch in stretches),
            prepared=sum(stretch.prepared for stretch in stretches),
            late=late,
            achieved=achieved,
            kept=judging.kept(late, achieved),
            invalid=judging.invalid(found, busy),
            cut=found.cut,
            channel_share=round(judging.channel_share(found), 4),
        )
