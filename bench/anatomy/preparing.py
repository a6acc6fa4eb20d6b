"""Setting scenes up: what comes before the part that is counted, as fast as the design allows."""

from __future__ import annotations

from collections.abc import Iterable

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.ensuring import EnsureLevel, Ensuring
from bench.drive.flights import Exchange, merged_flights
from bench.errors import InvalidMeasurement
from bench.server import failing
from variants.contract import Design, Task
from workloads.model import Model
from workloads.operations import Write


def set_up(design: Design, links: Links, model: Model, operations: Iterable[Write]) -> None:
    """Perform operations on the model and, as one transaction, on the store.

    Rows that may exist are inserted without a look, and nothing is waited for that the design does not need: a scene is mostly
    one flight. Raises `InvalidMeasurement` when the store does not take what the model takes.
    """
    tasks: list[Task] = []
    for operation in operations:
        context = model.context(operation)
        tasks += design.write(operation, context)
        model.apply(operation, context)
    if tasks:
        _check(design.name, run(links, merged_flights(tasks, Exchange.SHARED, Ensuring(EnsureLevel.INSERT))))


def _check(design: str, completion: Completion) -> None:
    failing.check(f"a scene of {design} was set up", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{design}: the set-up of a scene ended {completion.told}: {completion.reason}")
