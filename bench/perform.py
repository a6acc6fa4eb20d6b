"""Performing operations on a store as the reference model says they must end."""

from __future__ import annotations

from bench.drive.drivers import Completion, Links, Told, run
from bench.drive.flights import Atomicity, Exchange, operation_flights, reading_flights
from bench.errors import InvalidMeasurement
from bench.server.failing import check
from variants.contract import Design
from workloads.operations import Context, Read, Write


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
