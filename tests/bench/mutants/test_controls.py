"""Live controls: what must break does, and what must not does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.mutants.controls import NOT_OURS, _record, controls
from bench.mutants.losing import crash, installed, own_server
from bench.mutants.undisturbed import false_alarms
from bench.registry import OURS, build, load
from bench.server.provided import Server
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual

FreshStore = Callable[[Design], Store]


def test_a_positive_control_must_break_what_it_is_there_for_and_a_negative_one_nothing() -> None:
    assert _record("x", "x", ["I1"], [["I1", "I4"], []], 0).passed
    assert not _record("x", "x", ["I1"], [["I4"]], 0).passed
    assert _record("x", "x", [], [[], []], 0).passed
    assert not _record("x", "x", [], [[], ["I9"]], 0).passed
    # Without an exposure nothing is shown.
    assert not _record("x", "x", [], [], 3).passed
    # Nor is it where the checkers find different things.
    assert not _record("x", "x", ["I1"], [["I1"]], 0, disagreements=1).passed


@pytest.mark.parametrize("name", ["dual", *(pytest.param(name, marks=pytest.mark.full) for name in OURS if name != "dual")])
def test_no_operation_without_a_fault_raises_an_alarm(name: str, fresh_store: FreshStore) -> None:
    alarms = false_alarms(fresh_store(build(load([name]), Options())[name]), 24)
    assert len(alarms) >= 24
    assert set(alarms) == {frozenset()}


@pytest.mark.full
@pytest.mark.parametrize("synchronous", [True, False])
def test_acknowledged_messages_are_lost_in_a_crash_exactly_when_commits_do_not_wait(synchronous: bool, server: Server) -> None:
    if server.strike is None:
        pytest.skip(NOT_OURS)
    with own_server(server) as (endpoint, strike):
        store = installed(endpoint, Dual(Options()), synchronous=synchronous)
        found = [crash(store, number, strike) for number in range(2)]
    assert all(each.happened and each.agree for each in found)
    assert [("I1" in each.broken) for each in found] == [not synchronous] * 2
    assert all(not each.broken for each in found) == synchronous


@pytest.mark.full
def test_a_crash_that_does_not_happen_is_void(server: Server) -> None:
    if server.strike is None:
        pytest.skip(NOT_OURS)
    with own_server(server) as (endpoint, _):
        store = installed(endpoint, Dual(Options()), synchronous=False)
        spared = crash(store, 1, strike=lambda _: None, recovery_s=0.2)
    assert not spared.happened
    assert spared.broken == frozenset()


@pytest.mark.full
def test_every_control_passes(server: Server) -> None:
    found = list(controls(server, lambda _done, _total: None, 400))
    assert [record.name for record in found if not record.passed] == []
    assert sum(record.exposures for record in found if not record.positive) >= 400
