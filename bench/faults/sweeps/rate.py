"""How fast schedules run: from the setting of their scenes to the judgement of what is left."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psutil

from bench.busyness import worked_s
from bench.faults.cells import cell_named
from bench.faults.names import LaneName
from bench.faults.sweeps.batch import Asked, Trial
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.lanes import opened
from bench.faults.sweeps.space import one_fault
from bench.faults.sweeps.workers import by_workers
from bench.results.faults_schema import RateRecord
from bench.scenes import HEADLINE
from bench.stores import Store

CELL = "per_side"
"""Where the rate is taken: one attempt an operation, so a schedule is one fault and one look at what is left."""

SCHEDULES = {LaneName.PROXY: 400, LaneName.FAST: 2_000}
"""Schedules that each worker runs at least, in whole censuses of the operation."""


@dataclass(frozen=True, slots=True)
class Stint:
    """What one worker did: so many schedules between two moments of the machine's clock, and where its time went.

    `cpu_s` is its own CPU time; at both moments all CPUs had worked for so long.
    """

    schedules: int
    begin_ns: int
    end_ns: int
    by_name_ns: dict[str, int]
    cpu_s: float
    worked_at_begin_s: float
    worked_at_end_s: float


def rates(store: Store, workers: int) -> list[RateRecord]:
    """The rate in each lane, of one fault at every message of a send with one agent, by so many processes."""
    return [_rate(store, lane, workers) for lane in LaneName]


def _rate(store: Store, lane: LaneName, workers: int) -> RateRecord:
    stints = list(by_workers(store, [lane] * workers, _stint, workers, alone=lambda _: False))
    spent_ns = sum(sum(stint.by_name_ns.values()) for stint in stints)
    names = dict.fromkeys(name for stint in stints for name in stint.by_name_ns)
    client_cpu_s = sum(stint.cpu_s for stint in stints)
    all_worked_s = max(stint.worked_at_end_s for stint in stints) - min(stint.worked_at_begin_s for stint in stints)
    return RateRecord(
        design=store.design.name,
        lane=lane,
        workers=workers,
        schedules=sum(stint.schedules for stint in stints),
        took_s=(max(stint.end_ns for stint in stints) - min(stint.begin_ns for stint in stints)) / 1e9,
        shares={name: sum(stint.by_name_ns.get(name, 0) for stint in stints) / spent_ns for name in names},
        client_cpu_s=client_cpu_s,
        other_cpu_s=max(0.0, all_worked_s - client_cpu_s),
        cpus=psutil.cpu_count(),
    )


def _stint(ground: Ground, lane: LaneName) -> Stint:
    asked = Asked(cell_named(CELL), HEADLINE, 1)
    with opened(lane, ground.store) as links:
        trial = Trial(ground, asked, links)
        census = one_fault(trial.schedule, trial.rehearsal.messages)
        rounds = -(-SCHEDULES[lane] // max(1, len(census)))
        begin_ns, cpu_s, worked_at_begin_s = time.perf_counter_ns(), time.process_time(), worked_s()
        done = sum(len(batch) for batch in trial.expose(census * rounds))
        end_ns, cpu_s = time.perf_counter_ns(), time.process_time() - cpu_s
        return Stint(done, begin_ns, end_ns, dict(trial.spent.by_name_ns), cpu_s, worked_at_begin_s, worked_s())
