"""The stream of a run, drawn by whoever needs it: the same everywhere, a stretch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

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

T = TypeVar("T")

MESSAGES_MIN = 100
"""A workload is asked for at least so many messages, however short the run is."""

STEPS_AT_A_TIME = 100
"""Drawn before anybody else may go on: some ten milliseconds, so that a process that draws is not taken for dead."""


OPERATIONS_AT_A_TIME = 1_000
"""Of a digest, which needs less for each."""

GiveWay = Callable[[], None]
"""Is called between stretches of long work."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What a plan asks for: a variant, and a workload for it."""

    plan: Plan
    variation: Variation
    workload: Workload

    def stream(self) -> Stream:
        """The stream at its beginning, each time anew."""
        return stream_of(self.workload, self.variation, self.plan.share(0), peer_delivery=self.plan.peer_delivery)


def begun(options: Options, database: str, run: int, processes: int, give_way: GiveWay) -> Drawn:
    """The plan of a run on a database, for so many processes, and what it asks for. `UserError` when there is no such workload."""
    asked = workload_registry.Asked(
        options.workload, options.workload_text, options.messages or max(MESSAGES_MIN, options.operations), options.agents
    )
    seed = workload_seed(options.seed, Numbers.LOAD, 0)
    (workload,) = workload_registry.workloads(asked, [seed])
    plan = Plan(
        run=run,
        variant=options.variant,
        exchange=options.exchange,
        workload=asked.name,
        workload_text=asked.text,
        messages=asked.messages or 0,
        agents=asked.agents_per_channel,
        workload_seed=seed,
        workload_digest=_digest(workload, give_way),
        schedule_seed=options.seed,
        peer_delivery=options.peer_delivery,
        shape=str(options.shape),
        users=options.users,
        processes=processes,
        rate_per_s=options.rate_per_s,
        run_s=options.run_s,
        database=database,
    )
    return Drawn(plan, _variation(plan), workload)


def drawn(plan: Plan, give_way: GiveWay) -> Drawn:
    """What a plan asks for. Raises `UserError` when this process makes another workload than the plan's."""
    variation = _variation(plan)
    (workload,) = workload_registry.workloads(plan.asked, [plan.workload_seed])
    if _digest(workload, give_way) != plan.workload_digest:
        raise UserError("the workload is another one in another process: draw everything from its seed")
    return Drawn(plan, variation, workload)


def steps(plan: Plan, stream: Stream, give_way: GiveWay) -> Iterator[Step]:
    """The steps that are due in the run. Raises `UserError` when there are too few."""
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


def _variation(plan: Plan) -> Variation:
    design, levels = parse(plan.variant)
    built = variant_of(design, registry.load([design])[design], levels)
    return Variation(plan.variant, WritePath(built, levels, Exchange(plan.exchange)))


def _digest(workload: Workload, give_way: GiveWay) -> str:
    def stretched(part: Callable[[], Iterator[T]]) -> Callable[[], Iterator[T]]:
        def operations() -> Iterator[T]:
            for number, operation in enumerate(part()):
                if number % OPERATIONS_AT_A_TIME == 0:
                    give_way()
                yield operation

        return operations

    return digest(replace(workload, setup=stretched(workload.setup), operations=stretched(workload.operations)))
