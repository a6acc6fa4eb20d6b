"""The crash-point census of one design: every point of every write, what is left there, and what a retry makes of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.cells import without_statements
from bench.crash.account import account
from bench.crash.exposure import Cell, Exposure, expose, rehearse
from bench.crash.judge import Outcome
from bench.crash.points import Point, Retry, Schedule, retries_of
from bench.crash.rig import Rig
from bench.drive.flights import Atomicity
from bench.errors import InvalidMeasurement, UserError
from bench.factors import Levels
from bench.results.schema import CrashPoint
from bench.scenes import WARM, WITHOUT_AGENTS, exists
from bench.stores import Store
from bench.traits import traits_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """One schedule, run again: the same figures as in the census, and `lines` that tell what happened."""

    schedule: Schedule
    exposures: tuple[Exposure, ...]
    lines: tuple[str, ...]


def census(
    store: Store,
    kinds: Sequence[str],
    ks: Iterable[int],
    progress: Callable[[int, int], None],
    *,
    atomicities: Sequence[Atomicity] = tuple(Atomicity),
    peer_delivery: bool = True,
) -> Iterator[CrashPoint]:
    """Every crash point of these kinds with k agents in the channel, at those of these atomicities that the design has, in order.

    With an outbox, kinds are left out in which a relay has no part: their points are those of joined.

    Kinds that do not depend on the channel's agents are run at k = 0 only, those that need one never there. Each exposure has a
    scene of its own in the one database, so none is reset. `progress` is told points done and points in all. Raises
    `InvalidMeasurement` when an exposure is void, or when two of one point leave different things.
    """
    with Rig.opened(store) as rig:
        by_relay = traits_of(store.design).by_relay if _why_not(store, Atomicity.OUTBOX) is None else ()
        cells = _cells(kinds, ks, atomicities, by_relay, peer_delivery=peer_delivery)
        rehearsals = [rehearse(rig, cell) for cell in cells]
        total = sum(len(rehearsal.points) for rehearsal in rehearsals)
        done = 0
        for rehearsal in rehearsals:
            for point in rehearsal.points:
                schedule = _schedule(store, rehearsal.cell, point)
                yield _row(schedule, [expose(rig, rehearsal, schedule, retry) for retry in retries_of(schedule.kind)])
                done += 1
                progress(done, total)


def replay(store: Store, schedule: Schedule) -> Replayed:
    """Run one schedule of the store's design and tell what happened; with all its retries unless it names one.

    Raises `UserError` when the operation has no such point, `InvalidMeasurement` when an exposure is void.
    """
    with Rig.opened(store) as rig:
        reason = _why_not(store, schedule.atomicity)
        if reason is not None:
            raise UserError(f"schedule {str(schedule)!r}: {schedule.design} has no {schedule.atomicity}: {reason}")
        rehearsal = rehearse(rig, Cell(schedule.kind, schedule.k, schedule.atomicity, schedule.peer_delivery))
        if schedule.point not in rehearsal.points:
            points = ", ".join(map(str, rehearsal.points)) or "none, for it stores nothing"
            raise UserError(f"schedule {str(schedule)!r}: there is no {schedule.point}; the points of this operation are {points}")
        retries = retries_of(schedule.kind) if schedule.retry is None else (schedule.retry,)
        exposures = tuple(expose(rig, rehearsal, schedule, retry) for retry in retries)
    return Replayed(schedule, exposures, account(schedule, rehearsal, exposures))


def _why_not(store: Store, atomicity: Atomicity) -> str | None:
    """Why the design has no such atomicity; None when it has it."""
    return without_statements(traits_of(store.design), Levels(atomicity=atomicity))


def _cells(
    kinds: Sequence[str],
    ks: Iterable[int],
    atomicities: Sequence[Atomicity],
    by_relay: Collection[str],
    *,
    peer_delivery: bool,
) -> list[Cell]:
    wanted = sorted(set(ks))
    return [
        Cell(kind, k, atomicity, peer_delivery)
        for kind in kinds
        for k in ((0,) if kind in WITHOUT_AGENTS else wanted)
        if exists(kind, k, WARM)
        for atomicity in atomicities
        if atomicity is not Atomicity.OUTBOX or kind in by_relay
    ]


def _schedule(store: Store, cell: Cell, point: Point) -> Schedule:
    return Schedule(store.design.name, cell.atomicity, cell.kind, cell.k, point, peer_delivery=cell.peer_delivery)


def _row(schedule: Schedule, exposures: Sequence[Exposure]) -> CrashPoint:
    first, *others = exposures
    if any(other.left != first.left for other in others):
        seen = [f"retry {exposure.retry}: {exposure.left.outcome}: {exposure.left.parts}" for exposure in exposures]
        raise InvalidMeasurement(f"{schedule}: two exposures of one point left different things", seen)
    by_retry = {exposure.retry: exposure for exposure in exposures}
    same, fresh = by_retry[Retry.SAME], by_retry.get(Retry.FRESH)
    return CrashPoint(
        design=schedule.design,
        atomicity=schedule.atomicity,
        kind=schedule.kind,
        k=schedule.k,
        point=str(schedule.point),
        left=first.left.outcome,
        parts=[] if first.left.outcome in {Outcome.WHOLE, Outcome.LOST} else list(first.left.parts),
        retry_same=same.ended.outcome,
        told_same=same.retried.told,
        retry_fresh=fresh.ended.outcome if fresh else None,
        told_fresh=fresh.retried.told if fresh else None,
        schedule=str(schedule),
    )
