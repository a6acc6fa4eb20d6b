"""I20: everything ends. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.checker.columns import WORDS
from bench.checker.in_python.world import World
from bench.checker.violation import Violation


def liveness(world: World) -> Iterator[Violation]:
    """I20: no call without an end, and nothing left in a transaction, waiting or prepared."""
    history, session = world.columns.history, world.columns.session
    for op in np.unique(history["op"][history["told"] == WORDS["pending"]]):
        yield Violation("I20", (world.names(op),), "unfinished")
    for state, name in zip(session["state"], session["name"], strict=True):
        yield Violation("I20", (world.names(state), world.names(name)), "stuck")
