"""Performing operations on a store as the reference model says they must end."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Atomicity, Exchange, operation_flights, reading_flights
from bench.errors import InvalidMeasurement
from bench.server.failing import check
from variants.contract import Design
from workloads.operations import Context, LatestPage, PageBack, Read, RecallContext, Write, kind_of


def write(design: Design, links: Links, operation: Write, context: Context, atomicity: Atomicity, exchange: Exchange) -> Completion:
    """One attempt of a write."""
    return run(links, operation_flights(design.write(operation, context), atomicity, exchange))


def read(design: Design, links: Links, operation: Read) -> Completion:
    """One read; its answer is the completion's `value`."""
    return run(links, reading_flights(design.read(operation)))


def check_outcome(design: str, operation: Write, completion: Completion, refusal: str | None) -> None:
    """Raise `InvalidMeasurement` unless the operation ended as the model says: ok, or refused with a definite failure.

    Raises `ServerFailed` when that is the server's doing.
    """
    check(f"{design} performed {type(operation).__name__} {operation.key!r}", completion)
    expected = Told.OK if refusal is None else Told.FAIL
    if completion.told is not expected:
        wanted = "should succeed" if refusal is None else f"should be refused ({refusal})"
        got = completion.told if completion.reason is None else f"{completion.told}: {completion.reason}"
        raise InvalidMeasurement(f"{design}: {type(operation).__name__} {operation.key!r} {wanted}, but ended {got}")


def check_answer(name: str, operation: Read, completion: Completion, expected: Iterable[Any]) -> None:
    """Raise `InvalidMeasurement` unless a read was answered, and with these rows; `name` is who was asked.

    Messages must come in their order; all else is a set. Raises `ServerFailed` when the server did not answer.
    """
    check(f"{name} performed {kind_of(operation)}", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{name}: {operation} ended {completion.told}: {completion.reason}")
    in_order = isinstance(operation, (LatestPage, PageBack, RecallContext))
    got, wanted = list(completion.value) if in_order else sorted(completion.value), list(expected)
    if got != wanted:
        lines = [f"expected {wanted!r:.2000}", f"answered {got!r:.2000}"]
        raise InvalidMeasurement(f"{name}: {operation} has another answer than the model", lines)
