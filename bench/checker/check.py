"""The checker in Python: all invariants that one moment of a store and its history can break. Pure."""

from __future__ import annotations

from collections.abc import Collection

from bench.checker.columns import Columns
from bench.checker.in_python.checks import CHECKS
from bench.checker.in_python.world import world_of
from bench.checker.violation import Violation

__all__ = ["Violation", "check"]


def check(columns: Columns, only: Collection[str] | None = None) -> list[Violation]:
    """Every violation once, sorted; of the invariants named in `only`, or of all."""
    world = world_of(columns)
    return sorted({found for name, decide in CHECKS.items() if only is None or name in only for found in decide(world)})
