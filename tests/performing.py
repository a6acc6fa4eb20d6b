"""Many operations on a store, and on the model that says how they must end."""

from __future__ import annotations

from collections.abc import Iterable

from bench.drive.drivers import Links
from bench.drive.flights import Atomicity, Exchange
from bench.perform import check_outcome, write
from variants.contract import Design
from workloads.model import Model, Refused
from workloads.operations import Write


def apply_all(
    design: Design,
    links: Links,
    model: Model,
    operations: Iterable[Write],
    atomicity: Atomicity = Atomicity.PER_SIDE,
    exchange: Exchange = Exchange.PLAIN,
) -> None:
    """Perform writes on a store and on the model, one after another; raises `InvalidMeasurement` when they disagree."""
    for operation in operations:
        context = model.context(operation)
        completion = write(design, links, operation, context, atomicity, exchange)
        try:
            model.apply(operation, context)
            refusal = None
        except Refused as refused:
            refusal = str(refused)
        check_outcome(design.name, operation, completion, refusal)
