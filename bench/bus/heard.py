"""What clients were told of their operations, and the rows that checkers look at. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.checker.expectation import subscriptions
from bench.checker.observed import store_rows
from bench.checker.rows import Rows
from bench.checker.telling import told_rows
from bench.drive.drivers import Completion, Told
from bench.proof.observation import Observation
from workloads.model import Model
from workloads.operations import Context, Write

OPERATION_NS = 1_000_000
"""An operation of a made-up history takes so long, and the next one begins when it is done."""


@dataclass(frozen=True, slots=True)
class Heard:
    """An operation, and what its client was told of it and when."""

    operation: Write
    context: Context
    completion: Completion
    begun_ns: int
    ended_ns: int


def all_ok(model: Model, operations: Iterable[Write], start_ns: int = 0) -> list[Heard]:
    """Operations that are applied to the model one after another, each told ok at a time that is made up."""
    heard = []
    for place, operation in enumerate(operations):
        context = model.context(operation)
        begun_ns = start_ns + place * OPERATION_NS
        heard.append(Heard(operation, context, Completion(Told.OK), begun_ns, begun_ns + OPERATION_NS - 1))
        model.apply(operation, context)
    return heard


def history_of(heard: Iterable[Heard]) -> Rows:
    """What clients heard, with the subscriptions that follow from it."""
    rows = Rows()
    for item in heard:
        told = str(item.completion.told)
        rows.add(told_rows(item.operation, [item.context], told=told, invoke_ns=item.begun_ns, done_ns=item.ended_ns))
    rows.subscription = subscriptions(rows.history)
    return rows


def rows_of(observed: Observation, heard: Iterable[Heard]) -> Rows:
    """What a store says and what clients heard, setup included."""
    rows = store_rows(observed)
    rows.add(history_of(heard))
    return rows
