"""Performing a block of operations between two looks at the clocks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bench.cost.process import Backend, CpuTime
from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Atomicity, Exchange, Flights, operation_flights, reading_flights
from bench.errors import InvalidMeasurement
from bench.server import failing
from variants.contract import Design
from workloads.model import Model
from workloads.operations import Context, Operation, Write, kind_of

SETTLING_S = 0.001
"""After its last answer a backend tidies up: its CPU is read when it sleeps."""

Asked = tuple[Operation, Context | None]
"""An operation and, of a write, what the design may know."""


@dataclass(frozen=True, slots=True)
class Took:
    """What a block of operations took; None for a backend whose process is not seen."""

    wall_ns: int
    client_cpu_ns: int
    backend_cpu_ns: int | None
    queued_ns: int | None


def prepared(model: Model, operations: Iterable[Operation]) -> list[Asked]:
    """The operations with what the design is told of them; the model goes ahead, so that nothing of it is timed."""
    asked: list[Asked] = []
    for operation in operations:
        context = None
        if isinstance(operation, Write):
            context = model.context(operation)
            model.apply(operation, context)
        asked.append((operation, context))
    return asked


def flights_of(design: Design, asked: Asked, exchange: Exchange) -> Flights:
    """The flights of an operation, per side."""
    operation, context = asked
    if context is not None and isinstance(operation, Write):
        return operation_flights(design.write(operation, context), Atomicity.PER_SIDE, exchange)
    if isinstance(operation, Write):
        raise TypeError("a write needs its context")
    return reading_flights(design.read(operation))


def bare(design: Design, links: Links, block: Sequence[Asked], exchange: Exchange) -> list[Completion]:
    """Perform a block and do nothing else."""
    return [run(links, flights_of(design, asked, exchange)) for asked in block]


def timed(perform: Callable[[], list[Completion]], backend: Backend | None) -> tuple[Took, list[Completion]]:
    """What performing takes, by the wall clock, on this thread's CPU and on the backend's."""
    before = None if backend is None else backend.cpu()
    cpu_ns, start_ns = time.thread_time_ns(), time.perf_counter_ns()
    completions = perform()
    wall_ns, client_cpu_ns = time.perf_counter_ns() - start_ns, time.thread_time_ns() - cpu_ns
    if backend is None or before is None:
        return Took(wall_ns, client_cpu_ns, None, None), completions
    time.sleep(SETTLING_S)
    after = backend.cpu()
    return Took(wall_ns, client_cpu_ns, after.used_ns - before.used_ns, _queued(before, after)), completions


def check(design: str, block: Sequence[Asked], completions: Sequence[Completion]) -> None:
    """Raise `InvalidMeasurement` unless every operation of the block ended well, `ServerFailed` where the server is at fault."""
    for (operation, _), completion in zip(block, completions, strict=True):
        failing.check(f"{design} performed {kind_of(operation)}", completion)
        if completion.told is not Told.OK:
            raise InvalidMeasurement(f"{design}: {kind_of(operation)} ended {completion.told}: {completion.reason}")


def _queued(before: CpuTime, after: CpuTime) -> int | None:
    return None if before.queued_ns is None or after.queued_ns is None else after.queued_ns - before.queued_ns
