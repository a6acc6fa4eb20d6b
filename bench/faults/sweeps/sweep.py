"""Sweeps: every schedule of faults of a design's operations, cell by cell, in one lane or in both.

The operations of a plan are units of work that share nothing but the database, so several processes can run them.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from bench.crash.judge import Outcome
from bench.drive.flights import Atomicity
from bench.faults.cells import CELLS, cell_named
from bench.faults.names import LaneName
from bench.faults.schedule import Schedule
from bench.faults.sweeps.batch import Asked, Exposure, Trial
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.lanes import SIDES, differing, lane_named, opened
from bench.faults.sweeps.rehearsing import Rehearsal
from bench.faults.sweeps.space import by_flight, one_fault, spread, two_faults
from bench.faults.sweeps.workers import by_workers
from bench.results.faults_schema import SweepRecord, SweepRow
from bench.scenes import HEADLINE, WARM, exists
from bench.stores import Store
from bench.traits import Traits, traits_of
from bench.wire.cut import CUTS

VOID = "void"
"""What stands for the outcome of an exposure whose fault did not happen."""

Swept = tuple[SweepRecord, list[SweepRow]]


@dataclass(frozen=True, slots=True)
class SweepPlan:
    """What is swept of a design: these cells and these kinds, each with its k, with one or two faults, in these lanes.

    `workers` processes share the work. `limit`: so many schedules of a sweep at most, evenly over all of them; None: all. Two
    faults are enumerated in cells that try again.
    """

    cells: tuple[str, ...] = tuple(cell.name for cell in CELLS)
    kinds: tuple[tuple[str, int], ...] = ((HEADLINE, 1),)
    faults: int = 1
    lanes: tuple[str, ...] = tuple(LaneName)
    workers: int = 1
    peer_delivery: bool = True
    limit: int | None = None


def sweep(store: Store, plan: SweepPlan, progress: Callable[[int, int], None]) -> Iterator[Swept]:
    """The sweeps of one design, in the order of the plan, one for each lane, each with all its rows.

    A sweep that the design does not have tells why and has no rows. Where a lane of record and a fast one ran, the fast one tells
    how many schedules the two tell otherwise. `progress` is told operations done and operations in all. Raises `UserError` for a
    plan that names what there is not, `InvalidMeasurement` when an undisturbed operation does other work than the model says.
    """
    lanes = tuple(map(lane_named, plan.lanes))
    wanted = [Asked(cell_named(cell), kind, k, plan.peer_delivery) for cell in plan.cells for kind, k in plan.kinds]
    traits = traits_of(store.design)
    absent = [_why_not(asked, plan, traits) for asked in wanted]
    done = by_workers(
        store,
        [asked for asked, reason in zip(wanted, absent, strict=True) if reason is None],
        lambda ground, asked: _in_lanes(ground, asked, plan, lanes),
        plan.workers,
        # Relays of two processes take each other's notes, and neither waits for what the other one has in hand.
        alone=lambda asked: asked.cell.levels.atomicity is Atomicity.OUTBOX,
    )
    for number, (asked, reason) in enumerate(zip(wanted, absent, strict=True), start=1):
        if reason is None:
            yield from next(done)
        else:
            yield SweepRecord(**_operation(store, asked), lane=lanes[0], faults=plan.faults, absent=reason), []
        progress(number, len(wanted))


def _why_not(asked: Asked, plan: SweepPlan, traits: Traits) -> str | None:
    if not exists(asked.kind, asked.k, WARM):
        return f"there is no {asked.kind} at k={asked.k}"
    if plan.faults > 1 and asked.cell.attempts == 1:
        return "nobody tries again, so there is no attempt for a second fault"
    return asked.cell.missing(traits)


def _in_lanes(ground: Ground, asked: Asked, plan: SweepPlan, lanes: Sequence[LaneName]) -> list[Swept]:
    """One operation in each lane."""
    found: list[Swept] = []
    linked: dict[str, SweepRow] = {}
    for lane in lanes:
        record, rows, broken = _swept(ground, asked, plan, lane, again=not found)
        linked |= broken
        shown = next((rows for other, rows in found if other.lane == LaneName.PROXY), None)
        if lane is LaneName.FAST and shown is not None:
            compared = {"differences": len(differing(rows, shown)), "shown_in": str(LaneName.PROXY)}
            record = record.model_copy(update=compared)
        found.append((record, rows))
    # What links break is seen in the one lane that is looked at again, so it is no difference between lanes.
    (record, rows), *others = found
    return [(record, [linked.get(row.schedule, row) for row in rows]), *others]


def _swept(
    ground: Ground, asked: Asked, plan: SweepPlan, lane: LaneName, *, again: bool
) -> tuple[SweepRecord, list[SweepRow], dict[str, SweepRow]]:
    """One operation in one lane; `again`: both checkers look at its outcomes, and at what links break, told by schedule."""
    start_ns = time.perf_counter_ns()
    with opened(lane, ground.store) as links:
        trial = Trial(ground, asked, links)
        everything = _space(trial, lane, plan)
        chosen = _spread(everything, plan)
        exposures = [exposure for batch in trial.expose(chosen) for exposure in batch]
        took_ns = time.perf_counter_ns() - start_ns
        looked = trial.look_again() if again else None
    rows = [row_of(exposure, trial.rehearsal, lane) for exposure in exposures]
    left_out = len(everything) - len(chosen)
    record = SweepRecord(
        **_operation(ground.store, asked),
        lane=lane,
        faults=plan.faults,
        labels=trial.rehearsal.labels(),
        flights=len(trial.rehearsal.passages),
        schedules=len(rows),
        void=sum(not row.happened for row in rows),
        took_s=took_ns / 1e9,
        left_out=left_out,
        why=f"at most {plan.limit} schedules of a sweep were asked for" if left_out else "",
    )
    if looked is None:
        return record, rows, {}
    counts = {"looked_at_twice": looked.outcomes, "disagreements": looked.disagreements, "links_looked_at": looked.links}
    broken = [exposure.with_links(looked.linked) for exposure in exposures if exposure.schedule in looked.linked]
    told = {str(exposure.schedule): row_of(exposure, trial.rehearsal, lane) for exposure in broken}
    return record.model_copy(update=counts), rows, told


def _space(trial: Trial, lane: LaneName, plan: SweepPlan) -> list[Schedule]:
    """All schedules of one operation in a lane."""
    if plan.faults == 1:
        return one_fault(trial.schedule, trial.rehearsal.messages, SIDES[lane])
    first = by_flight(1, trial.rehearsal.passages)
    then = trial.continued(first)
    return two_faults(trial.schedule, first, then.__getitem__)


def _spread(everything: Sequence[Schedule], plan: SweepPlan) -> list[Schedule]:
    """Those within the limit. With one fault whole messages are left out, so that lanes with different sides take the same ones."""
    if plan.limit is None or plan.faults > 1:
        return spread(everything, plan.limit)
    messages = spread(sorted({schedule.first.message for schedule in everything}), max(1, plan.limit // len(CUTS)))
    return [schedule for schedule in everything if schedule.first.message in set(messages)]


def row_of(exposure: Exposure, rehearsal: Rehearsal, lane: LaneName) -> SweepRow:
    """An exposure as it is stored."""
    schedule, first = exposure.schedule, exposure.schedule.first
    second = schedule.faults[1] if len(schedule.faults) > 1 else None
    return SweepRow(
        design=schedule.design,
        cell=schedule.cell,
        kind=schedule.kind,
        k=schedule.k,
        schedule=str(schedule),
        lane=lane,
        faults=len(schedule.faults),
        attempt=first.attempt,
        message=first.message,
        flight=rehearsal.flight_of(first.message),
        side=first.side,
        second=None if second is None else str(second),
        happened=exposure.happened,
        told=exposure.played.told,
        truth=exposure.played.truth,
        left=exposure.left.outcome if exposure.happened else VOID,
        parts=[] if exposure.left.outcome in _TOLD_BY_THE_OUTCOME or not exposure.happened else list(exposure.left.parts),
        violations=list(exposure.violations),
        broken=list(exposure.broken),
        hit_messages=exposure.blast.messages,
        hit_channels=exposure.blast.channels,
        hit_agents=exposure.blast.agents,
        hit_users=exposure.blast.users,
        naive=exposure.played.naive,
    )


_TOLD_BY_THE_OUTCOME = frozenset({Outcome.WHOLE, Outcome.LOST})


def _operation(store: Store, asked: Asked) -> dict[str, Any]:
    return {"design": store.design.name, "cell": asked.cell.name, "kind": asked.kind, "k": asked.k}
