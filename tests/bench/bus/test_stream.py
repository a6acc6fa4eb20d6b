"""Streams for a bus: valid, seeded, and full of what a late or repeated delivery would show in."""

from __future__ import annotations

import random
from collections import Counter

from bench.bus.stream import OPERATIONS, stream
from workloads.model import Model
from workloads.operations import kind_of


def test_every_operation_of_a_stream_is_accepted_by_the_model() -> None:
    for seed in range(20):
        made, model = stream(f"valid-{seed}", random.Random(seed)), Model()
        for operation in (*made.setup, *made.operations):
            model.apply(operation, model.context(operation))
        assert len(made.operations) == OPERATIONS


def test_equal_seeds_give_equal_streams_and_streams_of_other_names_do_not_meet() -> None:
    first, again, other = (stream(name, random.Random(3)) for name in ("a", "a", "b"))
    assert first == again
    assert not {operation.key for operation in first.operations} & {operation.key for operation in other.operations}
    assert [kind_of(operation) for operation in first.operations] == [kind_of(operation) for operation in other.operations]


def test_streams_hold_every_kind_that_a_bus_can_spoil() -> None:
    kinds = Counter(kind_of(operation) for seed in range(5) for operation in stream("kinds", random.Random(seed)).operations)
    assert {"send", "reply", "edit", "delete", "leave_agent", "join_agent"} == set(kinds)
