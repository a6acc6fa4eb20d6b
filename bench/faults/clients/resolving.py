"""Operations that are cut at every message, and whose unknown ends the server is then asked about.

It is a sweep of its own, since asking for a transaction's id takes one more round trip in each. What a client makes of its last
error is set against what the server says; and what the server says against what is in the store, so that neither is believed alone.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import psycopg

from bench.crash.exposure import Cell as Kind
from bench.crash.exposure import Rehearsal, rehearse
from bench.crash.judge import Outcome
from bench.crash.rig import Rig
from bench.drive.drivers import Completion, Told, run
from bench.drive.flights import Exchange
from bench.errors import InvalidMeasurement
from bench.faults.cells import Cell
from bench.faults.clients.remains import remains
from bench.history.classify import naive, truth_of_attempts
from bench.history.entry import Attempt, Truth
from bench.history.recording import Recorder
from bench.history.resolve import Resolver
from bench.results.faults_schema import LabelCount
from bench.retrying.policy import is_tried_again
from bench.server.failing import check
from bench.stores import Store
from bench.traits import traits_of
from bench.wire.cut import Cut, Side
from bench.wire.gated import GatedLane
from bench.wire.lane import Lane
from bench.write_path import WritePath

SIDES = (Side.REQUEST_LOST, Side.REPLY_LOST, Side.ZOMBIE)
"""The cuts after which a client cannot know its transaction's end."""

LOCK_TIMEOUT_MS = 50
"""How long a retry waits for a lock that a zombie holds."""

_MAY_BE = {
    Truth.COMMITTED: {Outcome.WHOLE, Outcome.DUPLICATED},
    Truth.PARTIAL: {Outcome.PARTIAL, Outcome.DUPLICATED},
    Truth.ABORTED: {Outcome.LOST},
    Truth.UNKNOWN: set(Outcome),
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """One sweep of one kind of operation in one cell: its labels, and how often they were wrong.

    `before` exposures had an unknown end until the server was asked, `unresolved` have it still. `void` had no cut. Each line of
    `contradictions` is an exposure in which the server's word and the store differ.
    """

    cell: str
    kind: str
    k: int
    exposures: int
    void: int
    before: int
    unresolved: int
    labels: tuple[LabelCount, ...]
    contradictions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Exposed:
    label: Told
    before: Truth
    after: Truth
    left: Outcome


def resolutions(
    store: Store,
    cells: Sequence[Cell],
    progress: Callable[[int, int], None],
    *,
    kinds: Sequence[str] = ("send",),
    k: int = 1,
    peer_delivery: bool = True,
) -> Iterator[Resolution]:
    """A sweep of these kinds in every cell that the design has and whose bus is synchronous: every message of the first attempt.

    `progress` is told sweeps done and sweeps in all. Raises `InvalidMeasurement` when an undisturbed operation fails.
    """
    traits = traits_of(store.design)
    asked = [(cell, kind) for cell in cells if not cell.bus.is_async and cell.missing(traits) is None for kind in kinds]
    with (
        Rig.opened(store) as rig,
        psycopg.connect(store.conninfo, autocommit=True) as asking,
    ):
        for done, (cell, kind) in enumerate(asked, start=1):
            with GatedLane.opened(store, lock_timeout_ms=LOCK_TIMEOUT_MS) as lane:
                rehearsal = rehearse(rig, Kind(kind, k, cell.levels.atomicity, peer_delivery))
                yield _Sweep(rig, lane, Resolver(asking), cell, rehearsal).swept()
            progress(done, len(asked))


class _Sweep:
    def __init__(self, rig: Rig, lane: Lane, resolver: Resolver, cell: Cell, rehearsal: Rehearsal) -> None:
        self._rig = rig
        self._lane = lane
        self._resolver = resolver
        self._cell = cell
        self._rehearsal = rehearsal
        self._path = WritePath(rig.store.design, cell.levels, Exchange.PLAIN)

    def swept(self) -> Resolution:
        """Every message on every side."""
        self._undisturbed()
        messages, planned = self._undisturbed()
        counts: Counter[tuple[Told, Truth]] = Counter()
        contradictions: list[str] = []
        void = before = unresolved = 0
        for message in range(1, messages + 1):
            for side in SIDES:
                exposed = self._exposed(Cut(message, side), planned)
                if exposed is None:
                    void += 1
                    continue
                counts[exposed.label, exposed.after] += 1
                before += exposed.before is Truth.UNKNOWN
                unresolved += exposed.after is Truth.UNKNOWN
                if exposed.left not in _MAY_BE[exposed.after]:
                    contradictions.append(f"{side}@1.{message}: the server says {exposed.after}, the store is {exposed.left}")
        design, cell = self._rig.store.design.name, self._cell.name
        labels = (
            LabelCount(design=design, cell=cell, naive=str(label), resolved=str(truth), n=n)
            for (label, truth), n in sorted(counts.items())
        )
        kind, k, exposures = self._rehearsal.cell.kind, self._rehearsal.cell.k, counts.total()
        return Resolution(cell, kind, k, exposures, void, before, unresolved, tuple(labels), tuple(contradictions))

    def _undisturbed(self) -> tuple[int, int]:
        """How many messages and transactions an operation has that is asked for its ids; the lane knows its statements then."""
        cell = self._rehearsal.cell
        made, model = self._rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
        (operation,) = made.target
        context = model.context(operation, fresh_ids=self._cell.is_fresh)
        with self._lane.open() as links:
            self._lane.arm(links, None)
            recorder = Recorder(links, _unheard)
            completion = run(recorder.links, self._path.flights(operation, context))
            messages = self._lane.count(links)
        check(f"a {cell.kind} was rehearsed", completion)
        if completion.told is not Told.OK:
            name = self._rig.store.design.name
            raise InvalidMeasurement(f"{name}: an undisturbed {cell.kind} ended {completion.told}: {completion.reason}")
        return messages, len(recorder.attempt(1, None, completion).transactions)

    def _exposed(self, cut: Cut, planned: int) -> _Exposed | None:
        """One operation, its first attempt cut; None when the cut left no evidence."""
        cell = self._rehearsal.cell
        made, model = self._rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
        (operation,) = made.target
        attempts: list[Attempt] = []
        completions: list[Completion] = []
        contexts = []
        with ExitStack() as held:
            while not completions or is_tried_again(completions, self._cell.levels.retry):
                number = len(attempts) + 1
                contexts.append(model.context(operation, number, fresh_ids=self._cell.is_fresh))
                links = held.enter_context(self._lane.open())
                self._lane.arm(links, cut if number == 1 else None)
                recorder = Recorder(links, _unheard)
                completions.append(run(recorder.links, self._path.flights(operation, contexts[-1])))
                if number == 1 and not self._lane.evidence(links).happened:
                    return None
                attempts.append(recorder.attempt(number, contexts[-1].message_id, completions[-1]))
            # A zombie is still alive: the resolver must fence it.
            resolved = self._resolver.resolved_attempts(attempts)
        before, after = truth_of_attempts(attempts, planned), truth_of_attempts(resolved, planned)
        left = remains(self._rig, self._rehearsal, made, contexts[0], contexts[-1]).outcome
        return _Exposed(naive(attempts), before, after, left)


def _unheard(_place: int, _xid: int) -> None:
    """The ids are in the attempt."""
