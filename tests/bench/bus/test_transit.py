"""A faulty bus as data: what it does to what is put on it, and the evidence of it."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bus.bus import Bus
from bench.bus.transit import DEPTH, Arrived, BusFault, Published, Restarted, Transit, transit

PUBLISHED = [2] * 20
FAULTY = [fault for fault in BusFault if fault is not BusFault.NONE]


def carried(fault: BusFault, bus: Bus = Bus.RESTARTED, seed: int = 1) -> Transit:
    return transit(PUBLISHED, fault, bus, random.Random(seed))


def arrivals(found: Transit) -> list[int]:
    return [event.number for event in found.events if isinstance(event, Arrived)]


def test_without_a_fault_everything_arrives_once_and_in_order_behind_a_lag() -> None:
    found = carried(BusFault.NONE)
    assert arrivals(found) == list(range(40))
    assert found.published == 40
    before = found.events.index(Arrived(0))
    assert sum(event.deliveries for event in found.events[:before] if isinstance(event, Published)) > DEPTH


@pytest.mark.parametrize("fault", FAULTY)
def test_a_bus_that_does_nothing_wrong_leaves_no_evidence_of_any_fault(fault: BusFault) -> None:
    assert carried(BusFault.NONE).met(fault) == frozenset()
    assert carried(fault).met(fault)
    assert carried(fault).met(BusFault.NONE) == frozenset()


@pytest.mark.parametrize("fault", FAULTY)
@pytest.mark.parametrize("bus", [Bus.RESTARTED, Bus.REDELIVERED])
def test_equal_seeds_give_equal_transits_and_every_operation_is_published_once(fault: BusFault, bus: Bus) -> None:
    assert carried(fault, bus) == carried(fault, bus)
    published = [event.operation for event in carried(fault, bus).events if isinstance(event, Published)]
    assert published == list(range(20))


def test_a_restart_loses_exactly_what_waited_unless_the_bus_delivers_it_again() -> None:
    lost = carried(BusFault.RESTART)
    gone = {number for event in lost.events if isinstance(event, Restarted) for number in event.waiting}
    assert gone
    assert sorted(arrivals(lost)) == sorted(set(range(40)) - gone)
    assert lost.met(BusFault.RESTART) == gone
    again = carried(BusFault.RESTART, Bus.REDELIVERED)
    assert set(arrivals(again)) == set(range(40))
    # What was handled and not acknowledged before the restart comes twice.
    assert again.met(BusFault.DUPLICATE)


def test_a_duplicate_comes_twice_and_nothing_is_lost() -> None:
    found = carried(BusFault.DUPLICATE)
    assert set(arrivals(found)) == set(range(40))
    twice = {number for number in arrivals(found) if arrivals(found).count(number) == 2}
    assert twice == found.met(BusFault.DUPLICATE)


@pytest.mark.parametrize("fault", [BusFault.REORDER, BusFault.LATE])
def test_what_is_overtaken_still_comes_once(fault: BusFault) -> None:
    found = carried(fault)
    assert sorted(arrivals(found)) == list(range(40))
    assert arrivals(found) != list(range(40))


def test_what_is_late_comes_after_all_others() -> None:
    found = carried(BusFault.LATE)
    late = found.met(BusFault.LATE)
    assert set(arrivals(found)[-len(late) :]) == late


def test_a_drop_never_arrives_unless_the_bus_delivers_it_again() -> None:
    dropped = carried(BusFault.DROP)
    assert set(range(40)) - set(arrivals(dropped)) == dropped.met(BusFault.DROP) != set()
    again = carried(BusFault.DROP, Bus.REDELIVERED)
    assert sorted(arrivals(again)) == list(range(40))
    assert again.met(BusFault.DROP)


def test_nothing_on_the_bus_is_no_exposure() -> None:
    for fault in BusFault:
        assert transit([0, 0], fault, Bus.RESTARTED, random.Random(1)).met(fault) == frozenset()


@given(st.lists(st.integers(0, 4), max_size=25), st.sampled_from(list(BusFault)), st.integers(0, 1_000), st.floats(0.01, 1.0))
def test_whatever_is_published_a_bus_that_redelivers_loses_nothing_and_another_one_only_what_it_shows(
    published: list[int], fault: BusFault, seed: int, share: float
) -> None:
    everything = set(range(sum(published)))
    again = transit(published, fault, Bus.REDELIVERED, random.Random(seed), share)
    assert set(arrivals(again)) == everything
    once = transit(published, fault, Bus.RESTARTED, random.Random(seed), share)
    assert set(arrivals(once)) <= everything
    assert everything - set(arrivals(once)) <= once.met(fault) <= everything
    assert once.published == again.published == len(everything)
