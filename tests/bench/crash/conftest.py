"""The census of each design, made once for all tests that look at it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from bench.crash.census import census
from bench.drive.flights import DIRECT
from bench.results.schema import CrashPoint
from bench.scenes import KINDS
from bench.stores import Store, copy
from variants.contract import Build, Design, Options
from variants.dual import Dual
from variants.floor import Floor
from variants.hybrid import Hybrid
from variants.option_a import OptionA
from variants.option_b import OptionB

DESIGNS: dict[str, Build] = {"dual": Dual, "option_a": OptionA, "option_b": OptionB, "hybrid": Hybrid, "floor": Floor}
EACH = [name if name in {"dual", "floor"} else pytest.param(name, marks=pytest.mark.full) for name in DESIGNS]
"""The heaviest and the lightest; a census of each of them takes its time."""


@pytest.fixture(scope="session")
def census_of(template_of: Callable[[Design], Store], database_names: Iterator[str]) -> Callable[[str], list[CrashPoint]]:
    """All crash points of a design, of every kind of write, with one and with two agents in the channel, without an outbox."""
    known: dict[str, list[CrashPoint]] = {}

    def found(name: str) -> list[CrashPoint]:
        if name not in known:
            with copy(template_of(DESIGNS[name](Options())), next(database_names)) as store:
                known[name] = list(census(store, KINDS, (1, 2), lambda _done, _total: None, atomicities=DIRECT))
        return known[name]

    return found
