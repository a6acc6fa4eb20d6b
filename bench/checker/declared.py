"""What a design's own gaps and defects break without any fault: no fault is to blame for it. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from bench.checker.check import check
from bench.checker.expectation import subscriptions
from bench.checker.observed import projected_rows
from bench.checker.rows import Operated, Written, columns_of
from bench.checker.violation import Violation
from bench.proof.masks import Kind, expected_of
from workloads.model import Model


def declared(
    model: Model,
    shortfalls: frozenset[Kind],
    history: Iterable[Operated],
    written: Iterable[Written],
    *,
    peer_delivery: bool = True,
) -> frozenset[Violation]:
    """What the facts break that a store with these shortfalls must show, by a history in which each operation ended as told."""
    rows = projected_rows(expected_of(model, shortfalls).projection)
    rows.history, rows.written = list(history), list(written)
    rows.subscription = subscriptions(rows.history)
    return frozenset(check(columns_of(rows, peer_delivery=peer_delivery, maps_ids=False)))
