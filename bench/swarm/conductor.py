"""What leads a run: it makes the store, deals out the work, says when to begin, and knows when it is over.

It is in the process that has Locust's page: alone, or the master of workers. Who carries its messages does not matter here.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping
from contextlib import ExitStack, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import gevent  # type: ignore[import-untyped]  # it has no types
import psycopg

from bench.errors import ServerFailed, UserError
from bench.load.crew import Trouble
from bench.server.databases import checkpoint
from bench.server.server import Server
from bench.stores import Store
from bench.swarm.digests import Part, Summing, union
from bench.swarm.drawing import Drawn, begun, planned, steps
from bench.swarm.files import JOURNAL
from bench.swarm.greening import give_way
from bench.swarm.growth import LEADER
from bench.swarm.journal import Journal
from bench.swarm.options import Options
from bench.swarm.phases import Phase, users
from bench.swarm.plan import Plan
from bench.swarm.sampling import SAMPLE_S, sample
from bench.swarm.stores import fresh

START_IN_S = 0.5
"""How long after it is said the first operation may be due: the word must reach everybody before."""

PREPARED_MAX_S, ENDED_MAX_S, LOOK_S = 3_600.0, 90.0, 0.1
"""How long workers may take to get ready, and to end what is under way; how often it is looked whether they have."""


_CONNECTIONS = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
_END_SESSIONS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"


class Workers(Protocol):
    """The processes that have users, by number."""

    def ask(self, process: int, kind: str, data: Mapping[str, Any]) -> None: ...

    def alive(self) -> Collection[int]:
        """Those who are heard."""
        ...

    def connected(self) -> Collection[int]:
        """Those who have not left, heard or not: who works without a break is silent meanwhile."""
        ...


@dataclass(slots=True)
class Heard:
    """What a worker said of itself."""

    part: Part | None = None
    effort: dict[str, int] | None = None
    batches: int = 0


@dataclass(slots=True)
class Conductor:
    """One run. `prepare` it, let the users come, `go`; when it `is_over`, `end` it and look what it heard."""

    options: Options
    server: Server
    workers: Workers
    processes: int
    number: int
    folder: Path
    heard: list[Heard] = field(init=False)
    drawn: Drawn = field(init=False)
    store: Store = field(init=False)
    phases: list[Phase] = field(init=False)
    whole: Part = field(init=False)
    journal: Journal = field(init=False)
    gone: set[int] = field(default_factory=set)
    stopped: bool = False
    is_prepared: bool = False
    samples: list[dict[str, int]] = field(default_factory=list)
    _trouble: Exception | None = None
    _began_at: float | None = None
    _looking: psycopg.Connection[Any] | None = None
    _next_look_at: float = 0.0
    _stack: ExitStack = field(default_factory=ExitStack)

    def prepare(self) -> None:
        """Make the store, and let every worker draw its part and warm its connections. Raises what any of them met."""
        if self.options.users < self.processes:
            raise UserError(f"--users {self.options.users}: each of {self.processes} workers needs a user; ask for more users")
        self.heard = [Heard() for _ in range(self.processes)]
        self.journal = Journal(self.folder / JOURNAL)
        self.store = self._stack.enter_context(fresh(self.options.variant, self.server, f"swarm_{self.number}"))
        self.drawn = begun(self.options, self.store.database, self.number, self.processes, give_way)
        for process in range(self.processes):
            self._ask(process, "plan", process=process, plan=self.plan.as_mapping())
        self._draw()
        self._wait(lambda: all(one.part is not None for one in self.heard), PREPARED_MAX_S, "did not get ready")
        found = union(one.part for one in self.heard if one.part is not None)
        if found != self.whole:
            raise UserError(
                f"the workers' parts are not the stream: {found.operations:,} operations of {self.whole.operations:,};"
                " use the same version of storebench on all machines"
            )
        checkpoint(self.server.endpoint)
        self._looking = self._stack.enter_context(psycopg.connect(self.server.endpoint.conninfo(), autocommit=True))
        self.is_prepared = True

    def go(self) -> None:
        """Let the operations become due. Once."""
        if self._began_at is not None:
            return
        self._began_at = time.monotonic() + START_IN_S
        for process in range(self.processes):
            self._ask(process, "go", in_s=START_IN_S)

    def look(self) -> None:
        """Look, now and then, what this process holds and how many connections the store has; while the run goes on."""
        began_at = self._began_at
        if began_at is None or self._looking is None or time.monotonic() < self._next_look_at:
            return
        self._next_look_at = time.monotonic() + SAMPLE_S
        since_ns = time.perf_counter_ns() - round((time.monotonic() - began_at) * 1e9)
        # A server that fails is told by those who perform.
        with suppress(psycopg.Error):
            row = self._looking.execute(_CONNECTIONS, [self.store.database]).fetchone()
            self.samples.append(sample(LEADER, since_ns) | {"connections": int(row[0]) if row is not None else 0})

    def users(self) -> int:
        """How many users there are now, for Locust to spawn or to stop."""
        elapsed_s = 0.0 if self._began_at is None else max(0.0, time.monotonic() - self._began_at)
        return users(self.phases, elapsed_s, self.options.users, self.processes)

    @property
    def plan(self) -> Plan:
        """What all processes agree on."""
        return self.drawn.plan

    @property
    def is_over(self) -> bool:
        """Whether nothing more is to be waited for: all have ended, one has failed or is gone, or it takes far too long."""
        self._look_who_is_gone()
        late = self._began_at is not None and time.monotonic() > self._began_at + self.plan.limit_ns / 1e9 + ENDED_MAX_S
        return late or bool(self.gone) or self._trouble is not None or all(one.effort is not None for one in self.heard)

    def hear(self, kind: str, data: Mapping[str, Any]) -> None:
        """What a worker says of this run; one that was given up may still speak of an earlier one."""
        if data["run"] != self.number:
            return
        if kind == "pass":
            for process in data["to"]:
                self.workers.ask(process, "passed", data)
            return
        one = self.heard[data["process"]]
        match kind:
            case "prepared":
                one.part = Part(data["operations"], data["digest"])
            case "rows":
                self.journal.add(data["rows"])
                one.batches += 1
            case "sample":
                self.samples.append({name: value for name, value in data.items() if name != "run"})
            case "ended":
                one.effort = {name: data[name] for name in ("wall_ns", "idle_ns", "preempted", "batches", "stopped")}
            case "failed":
                self._trouble = self._trouble or Trouble(data["kind"], data["text"], tuple(data["lines"])).error()

    def end(self) -> None:
        """Wait until everybody who is still there has ended, and nobody does anything to the store. Raises what any of them met."""
        self._look_who_is_gone()
        for process in range(self.processes):
            self._ask(process, "halt")
        self._wait(
            lambda: all(one.effort is not None for process, one in enumerate(self.heard) if process not in self.gone),
            ENDED_MAX_S,
            "did not end",
        )
        if self.gone:
            self._end_sessions()
        self.stopped = not self.gone and any(one.effort is not None and one.effort["stopped"] for one in self.heard)

    def close(self) -> None:
        """Drop the store. A server that failed drops nothing, which must not hide what it did."""
        with suppress(psycopg.Error) if self._trouble is not None else nullcontext():
            self._stack.close()

    def _ask(self, process: int, kind: str, /, **data: Any) -> None:
        self.workers.ask(process, kind, {"run": self.number} | data)

    def _end_sessions(self) -> None:
        """A worker that is not heard may still work: what it does from now on would be done behind the proof's back."""
        deadline = time.monotonic() + ENDED_MAX_S
        with psycopg.connect(self.server.endpoint.conninfo(), autocommit=True) as connection:
            while connection.execute(_END_SESSIONS, [self.store.database]).fetchall():
                if time.monotonic() > deadline:
                    raise ServerFailed("the sessions of a worker that is gone do not end", "see to the server")
                gevent.sleep(LOOK_S)

    def _draw(self) -> None:
        whole, times_ms = Summing(), list[int]()
        for step in steps(self.plan, self.drawn.stream(), give_way):
            whole.add(step)
            times_ms.append(step.at_ms)
        self.whole, self.phases = whole.part, planned(self.plan, times_ms)

    def _look_who_is_gone(self) -> None:
        alive = self.workers.connected() if self._began_at is None else self.workers.alive()
        self.gone |= {process for process in range(self.processes) if process not in alive and self.heard[process].effort is None}

    def _wait(self, until: Callable[[], bool], most_s: float, otherwise: str) -> None:
        """Let others run until that is so."""
        deadline = time.monotonic() + most_s
        while not until():
            if self._trouble is not None:
                raise self._trouble
            self._look_who_is_gone()
            if self.gone and self._began_at is None:
                raise ServerFailed(f"worker {min(self.gone)} is gone before the run began", "start it again")
            if time.monotonic() > deadline:
                raise ServerFailed(f"a worker {otherwise} within {most_s:,.0f} s", "see that it runs")
            gevent.sleep(LOOK_S)
        if self._trouble is not None:
            raise self._trouble
