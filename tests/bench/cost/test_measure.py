"""The split of costs on a real server: complete, proved, and honest about what the server does not tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import psycopg
import pytest
from sqlalchemy import text

from bench.cost.fsyncs import TIMING, FsyncClock, fsync_clock
from bench.cost.measure import OBSERVED_ROUNDS, CostLimits, measure_costs
from bench.cost.observers import OBSERVERS, RECORDING, measure_observers
from bench.cost.performing import bare, check, prepared
from bench.cost.settings import ask, put, why_not
from bench.cost.waits import sampled
from bench.cost.work import KINDS, sends
from bench.drive.drivers import Completion, Told
from bench.drive.flights import Exchange
from bench.drive.link import Link
from bench.errors import InvalidMeasurement
from bench.server.server import Server
from bench.stores import Store
from variants.contract import Design, Options, Query, Side
from variants.dual import Dual
from variants.floor import Floor
from variants.hybrid import Hybrid
from workloads.model import Model

FreshStore = Callable[[Design], Store]
LIMITS = CostLimits(operations=3, repetitions=2, agents=1)


def ignored(done: float, total: float) -> None:
    """Progress that nobody looks at."""


def test_every_design_exchange_and_kind_is_measured_as_often_as_asked_and_proved(server: Server, fresh_store: FreshStore) -> None:
    stores = {"hybrid": fresh_store(Hybrid(Options())), "floor": fresh_store(Floor(Options()))}
    found = measure_costs(stores, LIMITS, np.random.default_rng(1), ignored)
    assert all(proof.holds for proof in found.proofs)
    cells = {(one.round, one.design, one.exchange, one.kind) for one in found.blocks}
    assert len(cells) == len(found.blocks) == (2 + OBSERVED_ROUNDS) * 2 * 2 * len(KINDS)
    assert {one.round for one in found.blocks if not one.observed} == {0, 1}
    assert all(one.operations == 3 and one.wall_ns >= one.client_cpu_ns > 0 for one in found.blocks)
    assert {one.position for one in found.blocks} == {0, 1}
    if server.pid is not None:
        assert found.lacking == ()
        assert all(one.backend_cpu_ns and one.fsyncs is not None for one in found.blocks)


def test_every_observer_is_on_as_often_as_off(server: Server, fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    found = measure_observers(store, Model(), 2, 1, np.random.default_rng(1), ignored)
    measured = {one.observer for one in found.blocks}
    assert RECORDING in measured
    if server.pid is not None:
        assert measured == set(OBSERVERS)
    for observer in measured:
        for exchange in Exchange:
            own = [(one.pair, one.on) for one in found.blocks if (one.observer, one.exchange) == (observer, exchange)]
            assert sorted(own) == [(pair, on) for pair in range(2) for on in (False, True)]
    assert all(loop.cpu_ns > 0 for loop in found.loops)


def test_an_operation_that_fails_withholds_the_block(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    setup, operations = sends("x", 1, 1)
    prepared(model, setup)
    asked = prepared(model, operations)
    with store.links(Exchange.PLAIN) as links:
        # The channel was never stored, so the message finds none.
        completions = bare(store.design, links, asked, Exchange.PLAIN)
    with pytest.raises(InvalidMeasurement, match="dual: send ended"):
        check("dual", asked, completions)
    check("dual", asked, [Completion(Told.OK)])


def test_a_setting_that_the_server_does_not_know_is_told_and_not_made_up(fresh_store: FreshStore) -> None:
    with fresh_store(Dual(Options())).links(Exchange.PLAIN) as links:
        reason = why_not(links[Side.CENTRAL], "no_such_extension.track", "none")
    assert reason is not None
    assert "no setting no_such_extension.track" in reason


def test_a_role_that_may_not_switch_an_observer_is_told_so(server: Server, fresh_store: FreshStore) -> None:
    if server.pid is None:
        pytest.skip("roles are made on a server of our own")
    store = fresh_store(Dual(Options()))
    endpoint = replace(store.endpoint, user="plain_role", password="plain")
    with psycopg.connect(store.endpoint.conninfo(), autocommit=True) as own:
        own.execute("CREATE ROLE plain_role LOGIN PASSWORD 'plain'")
        try:
            link = Link(endpoint.conninfo(store.database), Exchange.PLAIN)
            with psycopg.connect(endpoint.conninfo(), autocommit=True) as monitor:
                clock = fsync_clock(link, monitor)
                assert clock.why_not == f"our role may not set {TIMING}"
                assert clock.read() is None
                assert why_not(link, "track_io_timing", "off") == "our role may not set track_io_timing"
            link.close()
        finally:
            own.execute("DROP ROLE plain_role")


def test_a_setting_is_put_for_one_session(fresh_store: FreshStore) -> None:
    question = Query(Side.CENTRAL, text("SELECT current_setting('work_mem')"))
    store = fresh_store(Dual(Options()))
    with store.links(Exchange.PLAIN) as one, store.links(Exchange.PLAIN) as other:
        put(one[Side.CENTRAL], "work_mem", "123kB")
        assert ask(one[Side.CENTRAL], question())[0][0] == "123kB"
        assert ask(other[Side.CENTRAL], question())[0][0] != "123kB"


def test_fsyncs_grow_with_commits_where_the_server_times_them(server: Server, fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    with (
        store.links(Exchange.PLAIN) as links,
        psycopg.connect(store.endpoint.conninfo(), autocommit=True) as monitor,
    ):
        clock = fsync_clock(links[Side.CENTRAL], monitor)
        if server.pid is not None:
            assert clock.why_not is None
        assert (clock.read() is None) is (clock.why_not is not None)
        refused = FsyncClock(links[Side.CENTRAL], monitor, "", "this server does not time the fsyncs of its WAL")
        assert refused.read() is None
        assert TIMING == "track_wal_io_timing"


def test_a_backend_that_sleeps_is_seen_sleeping(fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    with (
        store.links(Exchange.PLAIN) as links,
        psycopg.connect(store.endpoint.conninfo(), autocommit=True) as monitor,
        sampled(monitor, links[Side.CENTRAL].backend_pid, 0.005) as seen,
    ):
        ask(links[Side.CENTRAL], Query(Side.CENTRAL, text("SELECT 1 FROM pg_sleep(0.3)"))())
    assert seen["Timeout/PgSleep"] > 0
