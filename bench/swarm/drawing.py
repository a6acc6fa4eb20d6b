"""The stream of a run, drawn by whoever needs it: the same everywhere, a stretch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bench import registry, workload_registry
from bench.cells import variant_of
from bench.drive.flights import Exchange
from bench.errors import UserError
from bench.factors import parse
from bench.load.arrivals import Nanoseconds
from bench.load.generator import stream_of
from bench.load.stream import Step, Stream
from bench.load.variation import Variation
from bench.streams import Stream as Numbers
from bench.streams import generator, workload_seed
from bench.swarm.options import Options
from bench.swarm.phases import Phase, Shape, due, phases
from bench.swarm.plan import Plan
from bench.write_path import WritePath
from workloads.workload import Workload, digest

MESSAGES_MIN = 100
"""A workload is asked for at least so many messages, however short the run is."""

STEPS_AT_A_TIME = 100
"""Drawn before anybody else may go on: some ten milliseconds, so that a process that draws is not taken for dead."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A variant and the stream of its run, at its beginning."""

    variation: Variation
    stream: Stream
    workload: Workload


def plan_of(options: Options, database: str, run: int, processes: int) -> Plan:
    """The plan of a run on a database, for so many processes. Raises `UserError` when there is no such workload."""
    asked = workload_registry.Asked(
        options.workload, options.workload_text, options.messages or max(MESSAGES_MIN, options.operations), options.agents
    )
    seed = workload_seed(options.seed, Numbers.LOAD, 0)
    (workload,) = workload_registry.workloads(asked, [seed])
    return Plan(
        run=run,
        variant=options.variant,
        exchange=options.exchange,
        workload=asked.name,
        workload_text=asked.text,
        messages=asked.messages or 0,
        agents=asked.agents_per_channel,
        workload_seed=seed,
        workload_digest=digest(workload),
        schedule_seed=options.seed,
        peer_delivery=options.peer_delivery,
        shape=str(options.shape),
        users=options.users,
        processes=processes,
        rate_per_s=options.rate_per_s,
        run_s=options.run_s,
        database=database,
    )


def drawn(plan: Plan) -> Drawn:
    """What a plan asks for. Raises `UserError` when this process makes another workload than the plan's."""
    design, levels = parse(plan.variant)
    built = variant_of(design, registry.load([design])[design], levels)
    variation = Variation(plan.variant, WritePath(built, levels, Exchange(plan.exchange)))
    (workload,) = workload_registry.workloads(plan.asked, [plan.workload_seed])
    if digest(workload) != plan.workload_digest:
        raise UserError("the workload is another one in another process: draw everything from its seed")
    stream = stream_of(workload, variation, plan.share(0), peer_delivery=plan.peer_delivery)
    return Drawn(variation, stream, workload)


def steps(plan: Plan, stream: Stream, give_way: Callable[[], None]) -> Iterator[Step]:
    """The steps that are due in the run; between stretches of them `give_way` is called. `UserError` when there are too few."""
    left = plan.operations
    while left:
        taken = stream.take(min(STEPS_AT_A_TIME, left))
        if not taken:
            raise UserError(
                f"workload {plan.workload} has {plan.operations - left:,} operations for {plan.messages:,} messages,"
                f" and the run needs {plan.operations:,}: ask for a lower --rate, a shorter --run-time or more --messages"
            )
        yield from taken
        left -= len(taken)
        give_way()


def planned(plan: Plan, times_ms: list[int]) -> list[Phase]:
    """The phases of a run whose operations have these times in the workload."""
    return phases(times_ms, plan.run_s, 1) if Shape(plan.shape) is Shape.FLAT else phases(times_ms, plan.run_s)


def schedule(plan: Plan, times_ms: list[int]) -> Nanoseconds:
    """When each operation of the run is due, after its beginning."""
    return due(Shape(plan.shape), planned(plan, times_ms), generator(plan.schedule_seed, Numbers.SWARM))


def places(numbers: list[int], first: int) -> NDArray[np.int64]:
    """Where in the schedule the operations of these numbers stand, when `first` is the number of the first one."""
    return np.asarray(numbers, np.int64) - first
