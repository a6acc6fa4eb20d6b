"""Faults that do nothing: every exposure of theirs is void, and those of the faults themselves are not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.mutants.nemeses import FAULTS, FaultMutant, Idle
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual

SLOW = {"proxy_never_armed", "proxy_aims_too_far", "fast_lane_aims_too_far", "spared_relay"}


@pytest.mark.parametrize(
    "mutant", [pytest.param(mutant, id=mutant.name, marks=pytest.mark.full if mutant.name in SLOW else []) for mutant in FAULTS]
)
def test_a_fault_that_does_nothing_gives_void_exposures_only(mutant: FaultMutant, fresh_store: Callable[[Design], Store]) -> None:
    idle = mutant.expose(fresh_store(Dual(Options())), 8)
    assert idle.exposures > 0
    assert idle.void == idle.exposures
    assert idle.real
    assert idle.killed


def test_a_check_that_calls_nothing_void_or_everything_is_seen() -> None:
    assert not Idle(exposures=3, void=2, real=True).killed
    assert not Idle(exposures=3, void=3, real=False).killed
    assert not Idle(exposures=0, void=0, real=True).killed
