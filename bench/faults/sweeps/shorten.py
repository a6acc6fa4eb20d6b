"""The shortest schedule that still breaks an invariant: the fewest faults, then the fewest agents, then the earliest message.

The schedules of one operation are few enough to run all shorter ones, so what is found is the shortest, not only one that cannot be
cut any more.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bench.faults.cells import cell_named
from bench.faults.names import LaneName
from bench.faults.schedule import Schedule, parse_schedule
from bench.faults.sweeps.batch import Asked, Trial
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.lanes import SIDES, opened
from bench.faults.sweeps.replaying import check_cell
from bench.faults.sweeps.space import by_flight, one_fault, two_faults
from bench.scenes import WARM, exists
from bench.stores import Store
from bench.wire.cut import Side


def shortest(store: Store, schedule_text: str, invariant: str) -> str:
    """The text of the shortest schedule of the same kind of operation at the same cell that breaks this invariant.

    It is looked for in the fast lane, or where a zombie has a part in the lane of record, and run once more in the latter. The
    schedule itself when no shorter one breaks it. Raises `UserError` for a text that is no schedule or names a cell that the design
    does not have.
    """
    schedule = parse_schedule(schedule_text)
    check_cell(store, schedule)
    with Ground.opened(store) as ground:
        lane = LaneName.PROXY if any(fault.side is Side.ZOMBIE for fault in schedule.faults) else LaneName.FAST
        for faults in range(1, len(schedule.faults) + 1):
            for k in _fewer(schedule):
                found = _first(ground, replace(schedule, k=k), faults, invariant, lane)
                if found is not None and _breaks(ground, found, invariant):
                    return str(found)
    return str(schedule)


def _fewer(schedule: Schedule) -> Iterator[int]:
    """Numbers of agents with which there is such an operation, up to its own."""
    return (k for k in range(schedule.k + 1) if exists(schedule.kind, k, WARM))


def _first(ground: Ground, schedule: Schedule, faults: int, invariant: str, lane: LaneName) -> Schedule | None:
    """The first schedule with so many faults that breaks the invariant, of those no longer than this one."""
    with opened(lane, ground.store) as links:
        trial = Trial(ground, _asked(schedule), links)
        for batch in trial.expose(_candidates(trial, faults, lane)):
            for exposure in batch:
                if invariant in exposure.violations:
                    return exposure.schedule
        linked = trial.linked()
    broken = (met for met, found in linked.items() if invariant in {one.invariant for one in found})
    return next((met for met in broken if isinstance(met, Schedule)), None)


def _candidates(trial: Trial, faults: int, lane: LaneName) -> Sequence[Schedule]:
    if faults == 1:
        return one_fault(trial.schedule, trial.rehearsal.messages, SIDES[lane])
    first = by_flight(1, trial.rehearsal.passages)
    then = trial.continued(first)
    return two_faults(trial.schedule, first, then.__getitem__)


def _breaks(ground: Ground, schedule: Schedule, invariant: str) -> bool:
    """Whether it does so in the lane of record."""
    with opened(LaneName.PROXY, ground.store) as links:
        trial = Trial(ground, _asked(schedule), links)
        trial.continued([schedule.first])
        (exposure,) = next(trial.expose([schedule]))
        return invariant in exposure.with_links(trial.linked()).violations


def _asked(schedule: Schedule) -> Asked:
    return Asked(cell_named(schedule.cell), schedule.kind, schedule.k, schedule.peer_delivery)
