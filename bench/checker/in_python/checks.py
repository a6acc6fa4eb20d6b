"""Which function decides which invariant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType

from bench.checker.in_python.content import content_agreement, edits_and_deletes
from bench.checker.in_python.ids import one_row, one_to_one
from bench.checker.in_python.liveness import liveness
from bench.checker.in_python.members import participants
from bench.checker.in_python.order import order_agreement, real_time_order
from bench.checker.in_python.presence import agreement, durability, exactly_once, no_leak, no_lost_reply, no_phantom
from bench.checker.in_python.reads import atomic_visibility, monotonic_reads, no_gap, read_your_writes
from bench.checker.in_python.references import references
from bench.checker.in_python.world import World
from bench.checker.violation import Violation

CHECKS: Mapping[str, Callable[[World], Iterator[Violation]]] = MappingProxyType(
    {
        "I1": durability,
        "I2": no_phantom,
        "I3": exactly_once,
        "I4": agreement,
        "I5": content_agreement,
        "I6": order_agreement,
        "I7": real_time_order,
        "I8": no_gap,
        "I9": references,
        "I10": participants,
        "I11": one_to_one,
        "I12": no_leak,
        "I13": read_your_writes,
        "I14": monotonic_reads,
        "I15": edits_and_deletes,
        "I16": atomic_visibility,
        "I18": one_row,
        "I19": no_lost_reply,
        "I20": liveness,
    }
)
