"""Operations that the server, or a lack, interrupts at each of their flights: run for real, and judged like any exposure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from bench.bus.path import BusPath
from bench.checker.violation import Violation
from bench.crash.judge import Outcome
from bench.drive.drivers import Completion, Links, Told, run, stepping
from bench.drive.flights import Exchange, Flight, Flights
from bench.errors import UserError
from bench.faults.cells import Cell, cell_named
from bench.faults.other_schedules import Interrupted
from bench.faults.sweeps.breaking import invariants_of
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.judging import Judge, Verdict
from bench.faults.sweeps.playing import Attempted, Played, calm_truth, truth_by_commits
from bench.faults.sweeps.rehearsing import rehearse
from bench.faults.sweeps.second_look import Met, Witnesses
from bench.faults.sweeps.staging import Stage, Staged
from bench.faults.sweeps.sweep import VOID
from bench.history.entry import Truth
from bench.progress.telling import Advance
from bench.proof.masks import shortfalls_of
from bench.results.faults_schema import InterruptionRow, LookRecord, Unavailable
from bench.retrying.policy import is_tried_again, told_of
from bench.scenes import WARM, WITHOUT_AGENTS, exists
from bench.server.failing import check
from bench.stores import Store
from bench.traits import traits_of
from bench.wire.emulated import EmulatedLane
from bench.wire.interruptions import Hit, Interrupter, Interruption, NotToBeHad, Point, happened, points, refused, refusing
from bench.wire.links import only

_AGENTS = 1


@dataclass(frozen=True, slots=True)
class _Met:
    """An exposure: all attempts, and whether the first one met its interruption."""

    point: Point
    played: Played
    happened: bool


def interruptions(
    store: Store, cells: Sequence[str], kinds: Sequence[str], progress: Advance
) -> Iterator[InterruptionRow | LookRecord | Unavailable]:
    """Every interruption at every flight of these kinds of writes, with one agent where a kind needs any, in these cells; of each
    kind in each cell the second look of the checkers, too.

    What cannot be arranged on this server is told once. Raises `InvalidMeasurement` when a design does other work than the model
    says, `ServerFailed` when a connection is lost to which nothing was done.
    """
    traits = traits_of(store.design)
    found = [cell for cell in map(cell_named, cells) if cell.missing(traits) is None]
    asked = [
        (cell, kind, k) for cell in found for kind in kinds if exists(kind, k := 0 if kind in WITHOUT_AGENTS else _AGENTS, WARM)
    ]
    missing = _not_to_be_had(store)
    for interruption, why in missing.items():
        yield Unavailable(fault=interruption, design=store.design.name, why=why)
    with ExitStack() as stack:
        ground = stack.enter_context(Ground.opened(store))
        interrupter = stack.enter_context(Interrupter.opened(store))
        # Its connections note how transactions ended; none of them is cut.
        lane = stack.enter_context(EmulatedLane.opened(store))
        for done, (cell, kind, k) in enumerate(asked):
            progress(done, len(asked))
            operation = _Operation(ground, interrupter, lane, cell, kind, k)
            exposed = operation.exposed([point for point in operation.points() if point.interruption not in missing])
            looked = operation.witnesses.look_again()
            yield from (operation.row(*each, looked.linked) for each in exposed)
            yield LookRecord(
                design=store.design.name,
                cell=cell.name,
                what=f"interruptions of {kind}, k = {k}",
                outcomes=looked.outcomes,
                disagreements=looked.disagreements,
            )
        progress(len(asked), len(asked))


def interrupted(store: Store, schedule: Interrupted) -> InterruptionRow:
    """One interruption alone. Raises `UserError` when the design has no such cell, the operation no such flight to interrupt, or
    this server no such interruption; else as `interruptions` does.
    """
    cell = cell_named(schedule.cell)
    reason = cell.missing(traits_of(store.design)) or _not_to_be_had(store).get(schedule.interruption)
    if reason is not None:
        raise UserError(f"schedule {str(schedule)!r}: {reason}")
    point = Point(schedule.interruption, schedule.flight)
    with ExitStack() as stack:
        ground = stack.enter_context(Ground.opened(store))
        interrupter = stack.enter_context(Interrupter.opened(store))
        lane = stack.enter_context(EmulatedLane.opened(store))
        operation = _Operation(ground, interrupter, lane, cell, schedule.kind, schedule.k)
        there = operation.points()
        if point not in there:
            flights = ", ".join(str(other.flight) for other in there if other.interruption is point.interruption) or "none"
            raise UserError(f"schedule {str(schedule)!r}: no {point.interruption} at flight {point.flight}: it can meet {flights}")
        (each,) = operation.exposed([point])
        return operation.row(*each, operation.witnesses.linked())


def _not_to_be_had(store: Store) -> dict[Interruption, str]:
    try:
        with refusing(store):
            return {}
    except NotToBeHad as reason:
        return {Interruption.NO_CONNECTION: str(reason)}


class _Operation:
    """One operation of a design in one cell, which is interrupted."""

    def __init__(self, ground: Ground, interrupter: Interrupter, lane: EmulatedLane, cell: Cell, kind: str, k: int) -> None:
        design = ground.store.design
        self._ground, self._interrupter, self._lane, self._cell = ground, interrupter, lane, cell
        self._stage = stage = Stage(kind, k, cell.attempts, cell.is_fresh)
        self._settle = ground.settling(cell.levels)
        self._path = BusPath(design, cell.levels, Exchange.PLAIN, cell.bus)
        self._rehearsal = rehearse(ground, self._path, stage, lane, self._settle)
        self._judge = Judge(self._rehearsal, shortfalls_of(design), peer_delivery=stage.peer_delivery)
        self.witnesses = Witnesses(ground, self._rehearsal.like, self._judge, peer_delivery=stage.peer_delivery)

    def points(self) -> list[Point]:
        """Where it can be interrupted, by its flights when it runs undisturbed."""
        (staged,) = self._ground.stage(self._stage, 1)
        flights: list[Flight] = []
        steps = stepping(self._ground.calm, self._path.client(staged.operation, staged.contexts[0]))
        while True:
            try:
                flights.append(next(steps))
            except StopIteration as stop:
                self._finish(staged, 0, stop.value)
                return list(points(flights))

    def exposed(self, wanted: Sequence[Point]) -> list[tuple[_Met, Verdict]]:
        """Each of these points met on a scene of its own, all of which are looked at together."""
        staged = self._ground.stage(self._stage, len(wanted))
        met = [self._expose(made, point) for made, point in zip(staged, wanted, strict=True)]
        self._settle()
        verdicts = []
        for made, each, left in zip(staged, met, self._ground.seen(staged, self._rehearsal.like), strict=True):
            verdicts.append(self._judge.verdict(left, each.played))
            if each.happened:
                self.witnesses.add(self._schedule(each.point), made, each.played, verdicts[-1])
        return list(zip(met, verdicts, strict=True))

    def row(self, each: _Met, verdict: Verdict, linked: Mapping[Met, frozenset[Violation]]) -> InterruptionRow:
        """An exposure as it is stored; `linked` says by schedule what id mappings break."""
        outcome, schedule = verdict.left.outcome, self._schedule(each.point)
        of_links = (violation.invariant for violation in linked.get(schedule, ()))
        violations = invariants_of((*verdict.violations, *of_links))
        return InterruptionRow(
            design=self._ground.store.design.name,
            cell=self._cell.name,
            kind=self._stage.kind,
            k=self._stage.k,
            fault=each.point.interruption,
            flight=each.point.flight,
            happened=each.happened,
            sqlstate=each.played.attempts[0].completion.sqlstate,
            told=each.played.told,
            truth=each.played.truth,
            left=outcome if each.happened else VOID,
            parts=list(verdict.left.parts) if each.happened and outcome not in (Outcome.WHOLE, Outcome.LOST) else [],
            violations=list(violations) if each.happened else [],
            schedule=str(schedule),
        )

    def _schedule(self, point: Point) -> Interrupted:
        design, stage = self._ground.store.design.name, self._stage
        return Interrupted(design, self._cell.name, stage.kind, stage.k, point.interruption, point.flight)

    def _expose(self, staged: Staged, point: Point) -> _Met:
        """The first attempt is interrupted, the others are not."""
        if point.interruption is Interruption.NO_CONNECTION:
            with refusing(self._ground.store) as conninfo:
                reason = refused(conninfo)
            attempts = [Attempted(Completion(Told.FAIL, reason=reason, lost=True), Truth.ABORTED, None)]
            took_place = reason is not None
        else:
            first, took_place = self._interrupted(staged, point)
            attempts = [first]
            self._finish(staged, 0, first.completion, expected=took_place)
        while is_tried_again([attempt.completion for attempt in attempts], self._cell.levels.retry):
            context = staged.contexts[len(attempts)]
            completion = run(self._ground.calm, self._path.client(staged.operation, context))
            self._finish(staged, len(attempts), completion)
            attempts.append(Attempted(completion, calm_truth(completion), None))
        return _Met(point, Played(tuple(attempts), told_of([attempt.completion for attempt in attempts])), took_place)

    def _interrupted(self, staged: Staged, point: Point) -> tuple[Attempted, bool]:
        with self._lane.open() as links:
            self._interrupter.prepare(point.interruption, only(links))
            self._lane.arm(links, None)
            completion, hit = self._send(links, self._path.client(staged.operation, staged.contexts[0]), point)
            evidence = self._lane.evidence(links)
            self._interrupter.restore(only(links))
        truth = truth_by_commits(evidence.commits, self._rehearsal.commits)
        return Attempted(completion, truth, evidence), happened(point.interruption, hit, completion, evidence.tags)

    def _send(self, links: Links, flights: Flights, point: Point) -> tuple[Completion, Hit]:
        """Send flight after flight; what interrupts the one is entered before it is sent, and left once it is answered."""
        steps = stepping(links, flights)
        number, hit = 0, Hit()
        with ExitStack() as under_way:
            while True:
                try:
                    next(steps)
                except StopIteration as stop:
                    completion: Completion = stop.value
                    return completion, hit
                under_way.close()
                number += 1
                if number == point.flight:
                    hit = under_way.enter_context(self._interrupter.around(point.interruption, only(links)))

    def _finish(self, staged: Staged, attempt: int, completion: Completion, *, expected: bool = False) -> None:
        """Deliver what an attempt has put on a bus; a server that failed without being asked to is told."""
        if not expected:
            check(f"an operation ran undisturbed ({staged.operation.key})", completion)
        if completion.told is Told.OK:
            for delivery in self._path.deliveries(staged.operation, staged.contexts[attempt]):
                check("a message was delivered", run(self._ground.calm, self._path.delivered(delivery)))
