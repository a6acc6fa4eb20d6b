"""Clients killed by SIGKILL at random instants: how often that leaves something in part, by kill and by operation.

An instant is drawn evenly over a stretch of a client's life as long as `OPERATIONS_MEAN` operations took when they were timed, so
long phases are hit more often than short ones: a sample weighted by time, unlike the census of all messages. A client that is dead
tries nothing again, so of a cell the atomicity and the conflict handling alone make a difference.
"""

from __future__ import annotations

import math
import signal
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

import numpy as np
import psycopg

from bench.crash.exposure import Cell as Kind
from bench.crash.exposure import Rehearsal, rehearse
from bench.crash.judge import Judgement, Outcome
from bench.crash.rig import Rig
from bench.drive.drivers import Told, run
from bench.errors import InvalidMeasurement, UserError
from bench.factors import Ids, Levels
from bench.faults.cells import Cell
from bench.faults.clients.forked import Forked
from bench.faults.clients.living import BACKEND, READY, Life, Planned, living, planned
from bench.faults.clients.pulse import Pulse
from bench.faults.clients.remains import remains
from bench.faults.names import BETWEEN
from bench.history.assemble import assemble
from bench.history.classify import COMMITTED_TAG
from bench.history.entry import Entry, History, Phase
from bench.history.event import Broken, Resolved
from bench.history.journal import Journal, Lines, read, sync
from bench.history.recording import Recorder
from bench.history.resolve import Resolver
from bench.results.faults_schema import KillRow
from bench.scenes import Scene
from bench.server.failing import check
from bench.stores import Store
from bench.streams import Stream, generator
from bench.traits import traits_of

OPERATIONS_MEAN = 10
"""How many operations took as long as the stretch over which the instant of a kill is drawn."""

VOID_MAX_SHARE = 0.25
"""So many void kills are made up for by others: what makes one void, such as a client that was too fast, is not what it leaves."""

_OPERATIONS_MAX = 8 * OPERATIONS_MEAN
_TIMED = 12


@dataclass(frozen=True, slots=True)
class Killed:
    """One client's end: the instant after its first operation began, what it was doing, and its history.

    `entry` is the operation that the kill hit, or the last one before it; `left` what there was of that in the end. Both are None
    when the exposure is void, for the reason `void`.
    """

    at_ns: int
    phase: str
    history: History
    entry: Entry | None
    left: Judgement | None
    void: str = ""

    @property
    def in_flight(self) -> bool:
        """Whether the kill hit an operation: one that was begun, and whose caller was not told of its end."""
        return self.entry is not None and self.entry.completed_ns is None


def kills(
    store: Store,
    cell: Cell,
    n: int,
    seed: int,
    progress: Callable[[int, int], None],
    *,
    kind: str = "send",
    k: int = 1,
    peer_delivery: bool = True,
    journal: Journal | None = None,
) -> Iterator[KillRow]:
    """Kill clients of a design in a cell whose bus is synchronous until `n` kills are not void; a row each, void ones included.

    When more than `VOID_MAX_SHARE` of `n` are void it ends with fewer. The histories go to `journal`, when it is given. `progress`
    is told kills done and kills in all. Raises `UserError` when the design has no such cell, `InvalidMeasurement` when an
    undisturbed operation does not do the model's work.
    """
    with Killer.opened(store, cell, kind=kind, k=k, peer_delivery=peer_delivery, journal=journal) as killer:
        random = generator(seed, Stream.FAULTS_KILLS)
        done = 0
        for number in range(n + math.ceil(VOID_MAX_SHARE * n)):
            row = _row(store, cell, number, killer.kill(number, random))
            yield row
            done += row.happened
            progress(done, n)
            if done == n:
                return


class Killer:
    """The connections and the rehearsal behind many kills; make it with `opened`."""

    def __init__(
        self,
        rig: Rig,
        rehearsal: Rehearsal,
        levels: Levels,
        folder: Path,
        pulse: Pulse,
        resolver: Resolver | None,
        journal: Journal | None,
    ) -> None:
        self._rig = rig
        self._rehearsal = rehearsal
        self._levels = levels
        self._folder = folder
        self._pulse = pulse
        self._resolver = resolver
        self._journal = journal
        operation_s, self._transactions, self._have_ids = self._timed()
        self._window_s = OPERATIONS_MEAN * operation_s

    @classmethod
    @contextmanager
    def opened(
        cls,
        store: Store,
        cell: Cell,
        *,
        kind: str = "send",
        k: int = 1,
        peer_delivery: bool = True,
        journal: Journal | None = None,
        identified: bool = False,
    ) -> Iterator[Self]:
        """Ready to kill; with `identified` the server is asked what became of each transaction whose end nobody heard."""
        reason = cell.missing(traits_of(store.design))
        if reason is not None:
            raise UserError(f"cell {cell.name}: {store.design.name} has none: {reason}")
        if cell.bus.is_async:
            raise UserError(f"cell {cell.name}: a client that dies takes no bus along: kill clients in a cell whose bus is sync")
        # An operation has one attempt only, so there is no other id.
        levels = replace(cell.levels, ids=Ids.DERIVED)
        with ExitStack() as stack:
            rig = stack.enter_context(Rig.opened(store))
            # Where the histories are kept, whoever comes after a killed run clears what it left.
            folder = (
                journal.path.parent
                if journal is not None
                else Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="storebench-clients-")))
            )
            pulse = stack.enter_context(Pulse.shared())
            resolver = None
            if identified:
                resolver = Resolver(stack.enter_context(psycopg.connect(store.conninfo, autocommit=True)))
            rehearsal = rehearse(rig, Kind(kind, k, levels.atomicity, peer_delivery))
            yield cls(rig, rehearsal, levels, folder, pulse, resolver, journal)

    def kill(self, number: int, random: np.random.Generator) -> Killed:
        """One life, ended at an instant that is drawn, and what it left."""
        cell = self._rehearsal.cell
        made, model = self._rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
        plan = tuple(planned(made, model, _OPERATIONS_MAX))
        path = self._folder / f"life-{number}.jsonl"
        life = Life(
            self._rig.store,
            self._levels,
            plan,
            path,
            number,
            planned=self._transactions,
            identified=self._resolver is not None and self._have_ids,
        )
        wait_s = float(random.uniform(0, self._window_s))
        with _removed(path), Forked.started(living(life, self._pulse)) as child:
            backend, words = child.line(), child.line()
            if backend is None or not backend.startswith(BACKEND) or words != READY:
                void = f"its client did not begin: {words or backend or 'it said nothing'}"
                return Killed(0, BETWEEN, History(()), None, None, void)
            time.sleep(wait_s)
            killed_ns = time.monotonic_ns()
            child.signal(signal.SIGKILL)
            ended_by = child.ended()
            phase, ended = self._pulse.last
            gone = self._rig.wait_until_gone([int(backend.removeprefix(BACKEND))])
            sync(path)
            lines = self._resolved(read(path))
        happened = ended_by == signal.SIGKILL and gone
        if self._journal is not None:
            fault = Broken(at_ns=killed_ns, description="SIGKILL", happened=happened, process=number)
            self._journal.append(*lines.events, fault)
        history = assemble(lines)
        at_ns = killed_ns - history.entries[0].invoked_ns
        if not happened:
            void = "its client came to its end by itself" if gone else "the server did not end its backend"
            return Killed(at_ns, BETWEEN, history, None, None, void)
        entry = history.entries[-1]
        doing = BETWEEN if entry.completed_ns is not None else _doing(phase, ended)
        return Killed(at_ns, doing, history, entry, self._left(made, plan, len(history.entries) - 1))

    def _left(self, made: Scene, plan: Sequence[Planned], place: int) -> Judgement:
        """What there is of the operation at this place of the plan, all before it being whole."""
        done = tuple(item.operation for item in plan[:place])
        scene = Scene(made.server_id, made.channel_id, (*made.setup, *done), (plan[place].operation,))
        return remains(self._rig, self._rehearsal, scene, plan[place].context)

    def _resolved(self, lines: Lines) -> Lines:
        """The lines, and what the server says of the transactions whose end nobody heard."""
        if self._resolver is None:
            return lines
        words = []
        for entry in assemble(lines).entries:
            for before, after in zip(entry.attempts, self._resolver.resolved_attempts(entry.attempts), strict=True):
                words += [
                    Resolved(key=entry.key, number=after.number, place=item.place, truth=item.truth)
                    for known, item in zip(before.transactions, after.transactions, strict=True)
                    if item.truth is not known.truth
                ]
        return Lines((*lines.events, *words), lines.torn)

    def _timed(self) -> tuple[float, int, bool]:
        """How long one operation takes here and how many transactions it has, the medians of some that nothing disturbs.

        Then whether each of those can be asked for its id, which a statement that is one of its own cannot.
        """
        cell = self._rehearsal.cell
        made, model = self._rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
        recorder = Recorder(self._rig.retrying)
        path = self._rig.path(cell.atomicity)
        took_s, transactions, have_ids = list[float](), list[int](), True
        for item in planned(made, model, _TIMED):
            recorder.begin()
            begun_s = time.perf_counter()
            completion = run(recorder.links, path.flights(item.operation, item.context))
            took_s.append(time.perf_counter() - begun_s)
            check("operations were timed", completion)
            if completion.told is not Told.OK:
                name = self._rig.store.design.name
                raise InvalidMeasurement(f"{name}: an undisturbed {cell.kind} ended {completion.told}: {completion.reason}")
            done = recorder.attempt(1, None, completion).transactions
            transactions.append(len(done))
            have_ids = have_ids and all(item.tag == COMMITTED_TAG for item in done)
        return statistics.median(took_s), statistics.median_low(transactions), have_ids


@contextmanager
def _removed(path: Path) -> Iterator[None]:
    """This file is not there any more behind the block, however that ends."""
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _doing(phase: Phase, ended: int) -> str:
    """What a client was doing, in words: "commit", "open after 1"."""
    return f"{phase} after {ended}" if ended else str(phase)


def _row(store: Store, cell: Cell, number: int, killed: Killed) -> KillRow:
    begun = len(killed.history.entries)
    left = killed.left
    return KillRow(
        design=store.design.name,
        cell=cell.name,
        kill=number,
        at_ns=killed.at_ns,
        phase=killed.phase,
        operations=begun - killed.in_flight,
        in_flight=killed.in_flight,
        happened=left is not None,
        left=str(left.outcome) if left is not None else "",
        parts=list(left.parts) if left is not None and left.outcome is Outcome.PARTIAL else [],
    )
