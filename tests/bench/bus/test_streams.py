"""Streams over a bus on a real server: what an honest bus leaves, and what each fault leaves of it."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from bench.bus.bus import ATTEMPTS_MAX, Bus
from bench.bus.carry import carry, course_of
from bench.bus.consumer import consume
from bench.bus.path import BusPath
from bench.bus.stream import stream
from bench.bus.streams import BUS, RELAY_KILLED, bus_rows, carried_by, message_outcomes
from bench.bus.timeline import timeline
from bench.bus.transit import BusFault, transit
from bench.crash.judge import Outcome
from bench.crash.rig import set_up
from bench.drive.drivers import Links
from bench.drive.flights import Exchange
from bench.factors import Levels
from bench.faults.cells import cell_named
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.registry import build, load
from bench.results.faults_schema import BusRow, EpisodeRecord, LookRecord, MomentRecord, RegionRecord, Unavailable
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual
from variants.floor import Floor
from workloads.model import Model

FreshStore = Callable[[Design], Store]
RESTARTED, REDELIVERED = cell_named("async_restart"), cell_named("async_redelivery")


def no_progress(_done: int, _total: int) -> None: ...


def designed(name: str) -> Design:
    return build(load([name]), Options())[name]


@pytest.mark.parametrize(
    "name",
    ["dual", *(pytest.param(name, marks=pytest.mark.full) for name in ("hybrid", "option_a", "option_b", "dual_deployed"))],
)
def test_a_bus_without_a_fault_leaves_what_the_client_would_have_written_itself(name: str, fresh_store: FreshStore) -> None:
    """Sync and async from the same generators: the store is that of the reference model either way."""
    for bus in (Bus.SYNC, Bus.RESTARTED):
        store = fresh_store(designed(name))
        made = stream("honest", random.Random(5), 30)
        course = course_of(store, Levels(), bus, made)
        events = transit(course.published, BusFault.NONE, bus, random.Random(5))
        carry(store, Levels(), bus, course, events, lambda: 0)
        assert prove(name, store.design, course.model, observe(store)).differences == (), bus


def test_a_restart_leaves_central_rows_without_copies_and_says_so_of_each(fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    shown = carried_by(store, RESTARTED, BusFault.RESTART, 1)
    left = message_outcomes(store, shown.course, shown.carried)
    assert Outcome.PARTIAL in left.values()
    assert Outcome.DUPLICATED not in left.values()
    records = list(timeline(shown))
    never = [record for record in records if isinstance(record, EpisodeRecord) and record.healing == "never"]
    assert never
    assert all(record.end_high_s is None and record.invariant == "I4" for record in never)
    healed = [record for record in records if isinstance(record, EpisodeRecord) and record.end_high_s is not None]
    assert all(record.begin_low_s <= record.begin_high_s <= (record.end_high_s or 0) for record in healed)
    regions = [record for record in records if isinstance(record, RegionRecord)]
    assert len(regions) == len(shown.carried.restarted_ns) > 0
    moments = [record for record in records if isinstance(record, MomentRecord)]
    assert {record.process for record in moments} == {"client", "agents"}
    assert min(record.begin_s for record in moments) == 0


@pytest.mark.full
def test_the_rows_of_a_design_tell_which_faults_a_bus_survives(fresh_store: FreshStore) -> None:
    found = list(bus_rows(fresh_store(Dual(Options())), ["async_restart", "async_redelivery", "outbox"], [1, 2], no_progress))
    rows = [record for record in found if isinstance(record, BusRow)]
    by_fault = {
        (cell, fault): [row for row in rows if (row.cell, row.fault) == (cell, fault)]
        for cell in ("async_restart", "async_redelivery")
        for fault in BusFault
    }
    assert all(len(own) == 2 for own in by_fault.values())
    looks = [record for record in found if isinstance(record, LookRecord)]
    assert [(look.cell, look.outcomes, look.disagreements) for look in looks] == [
        (cell, 2 * len(BusFault), 0) for cell in ("async_restart", "async_redelivery")
    ]
    for (cell, fault), own in by_fault.items():
        for row in own:
            assert (row.exposures == 0) == (fault is BusFault.NONE), (cell, fault)
            assert sum(row.left.values()) == row.messages
    for cell in ("async_restart", "async_redelivery"):
        assert all(set(row.left) == {"whole"} and row.violations == {} for row in by_fault[cell, BusFault.NONE])
    for fault in (BusFault.RESTART, BusFault.DROP):
        assert all("I4" in row.violations for row in by_fault["async_restart", fault])
    # A message's key and its own conflict clause make a second delivery harmless.
    assert all(set(row.left) == {"whole"} for row in by_fault["async_redelivery", BusFault.DUPLICATE])
    (relay,) = [row for row in rows if row.fault == RELAY_KILLED]
    assert relay.left == {"whole": relay.messages}
    assert 0 < relay.exposures < relay.messages


def test_a_design_without_agents_tasks_has_no_bus_and_no_relay(fresh_store: FreshStore) -> None:
    found = list(bus_rows(fresh_store(Floor(Options())), ["per_side", "async_restart", "outbox"], [1], no_progress))
    assert [record.fault for record in found if isinstance(record, Unavailable)] == [BUS, RELAY_KILLED]
    assert len(found) == 2


@pytest.mark.parametrize(("bus", "handled", "lost"), [(Bus.RESTARTED, 1, 2), (Bus.REDELIVERED, ATTEMPTS_MAX + 1, 1)])
def test_a_lost_connection_costs_the_queue_or_comes_again(bus: Bus, handled: int, lost: int, fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    made, model = stream("lost", random.Random(1), 1), Model()
    (operation,) = made.operations
    with store.links(Exchange.SHARED) as links:
        set_up(store.design, links, model, made.setup, "a scene")
    path = BusPath(store.design, Levels(), Exchange.PLAIN, bus)
    deliveries = path.deliveries(operation, model.context(operation))
    assert len(deliveries) == 2
    dead: list[Links] = []
    for _ in range(ATTEMPTS_MAX):
        with store.links(Exchange.PLAIN) as links:
            dead.append(links)
    with store.links(Exchange.PLAIN) as alive:
        rest = iter([*dead[1:], alive])
        found = consume(path, deliveries, dead[0], lambda: next(rest))
    assert len(found.handled) == handled
    assert len(found.lost) == lost
    assert found.handled[0].completion.lost
