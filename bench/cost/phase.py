"""The split of costs as a phase of a run: every design on a store of its own, the observers on one more; one trial."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from bench.cost.disk import flushes_ns, folder_beside
from bench.cost.measure import CostLimits, measure_costs
from bench.cost.observers import ObserversMeasured, measure_observers
from bench.latency.placement import Placement, placed
from bench.latency.variants import base
from bench.progress import Advance
from bench.progress.parts import part
from bench.proof.compare import Proof
from bench.results.cost_schema import DiskFlush
from bench.results.files import write_lines
from bench.results.folder import COSTS, DISK, LACKING, OBSERVERS, RECORDING, TrialFolder
from bench.stores import Store, copy
from bench.streams import Stream, generator
from workloads.model import Model

TRIAL = "costs"
COSTS_PHASE = "costs"


@dataclass(frozen=True, slots=True)
class CostPlan:
    """How much is measured; `pairs` of 0 leaves the observers out."""

    limits: CostLimits
    pairs: int
    seed: int
    peer_delivery: bool


def run_costs(
    templates: Mapping[str, Store], server_pid: int | None, plan: CostPlan, folder: TrialFolder, advance: Advance
) -> list[Proof]:
    """Measure and store the trial; the proofs are for the caller to store and to judge."""
    rng = generator(plan.seed, Stream.COSTS)
    beside = folder_beside(next(iter(templates.values())).endpoint, server_pid)
    flushes = [] if beside is None else flushes_ns(beside)
    with ExitStack() as stack:
        stores = {name: stack.enter_context(copy(template, f"cost_{name}")) for name, template in templates.items()}
        placement = stack.enter_context(placed(server_pid, Placement.APART))
        costs = measure_costs(stores, plan.limits, rng, part(advance, 0, 2), peer_delivery=plan.peer_delivery)
        chosen = base(list(templates))
        observed = ObserversMeasured((), (), ())
        if plan.pairs:
            store = stack.enter_context(copy(templates[chosen], "cost_observers"))
            model = Model(peer_delivery=plan.peer_delivery)
            observed = measure_observers(store, model, plan.pairs, plan.limits.agents, rng, part(advance, 1, 2))
    write_lines(folder.path / COSTS, costs.blocks)
    write_lines(folder.path / OBSERVERS, observed.blocks)
    write_lines(folder.path / RECORDING, observed.loops)
    write_lines(folder.path / LACKING, (*costs.lacking, *observed.lacking))
    write_lines(folder.path / DISK, [DiskFlush(took_ns=took_ns) for took_ns in flushes])
    folder.placement = placement.words
    return list(costs.proofs)
