"""Large stores on a real server: filled as the model says, read through indexes, and a lacking index seen."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from bench.errors import InvalidMeasurement
from bench.proof.compare import prove
from bench.proof.observe import observe
from bench.reads.asked import KINDS
from bench.reads.large import Large, LargeStore, large_stores
from bench.reads.look import Seen, look
from bench.reads.measure import ReadLimits, measure_reads
from bench.reads.plans import sequential_scans
from bench.reads.summary import large as large_table
from bench.reads.world import Scale
from bench.registry import known, load
from bench.server.server import Server

ROWS = 3_000
DEPLOYED, ADVISED = "dual_deployed", "dual_deployed[indexes=advised]"


def _scans(large: Large, seen: Seen, *, advised: bool) -> set[tuple[str, str, str]]:
    """Variant, kind of read and table of each sequential scan of a large table."""
    names = {one.name for one in large.stores if one.advised is advised}
    rows = {(row.variant, row.table): row.rows for row in seen.tables}
    found = sequential_scans(seen.plans, rows, large_table(large.world.scale.rows))
    return {(plan.variant, plan.kind, scan.relation) for plan, scan in found if plan.variant in names}


def _silent(done: float, total: float) -> None:
    assert 0 < done <= total


@pytest.fixture(scope="module")
def large(server: Server) -> Iterator[Large]:
    """The deployed design with its own and with advised indexes, and the lower bound."""
    with large_stores(load(["dual_deployed", "floor"]), server.endpoint, Scale(ROWS), 1, _silent) as made:
        yield made


def _store(large: Large, name: str) -> LargeStore:
    (found,) = (one for one in large.stores if one.name == name)
    return found


def test_a_design_with_other_indexes_of_its_own_has_two_stores(large: Large) -> None:
    assert [(one.name, one.advised) for one in large.stores] == [(ADVISED, True), (DEPLOYED, False), ("floor", True)]


def test_filled_stores_hold_what_the_model_holds_under_both_sets_of_indexes(large: Large) -> None:
    for one in large.stores:
        assert prove(one.name, one.store.design, large.model, observe(one.store)).differences == ()


def test_advised_reads_scan_no_large_table_and_deployed_pages_scan_all_messages(large: Large) -> None:
    seen = look(large)
    assert {(plan.variant, plan.kind) for plan in seen.plans} == {(one.name, kind) for one in large.stores for kind in KINDS}
    assert {plan.mode for plan in seen.plans} == {"generic", "custom"}
    assert _scans(large, seen, advised=True) == set()
    pages = {(DEPLOYED, kind, "root_messages") for kind in ("latest_page", "page_back")}
    assert pages <= _scans(large, seen, advised=False)


def test_an_index_that_is_taken_away_is_missed(large: Large) -> None:
    floor = Large(large.world, large.model, [_store(large, "floor")])
    with psycopg.connect(floor.stores[0].store.conninfo, autocommit=True) as connection:
        connection.execute("DROP INDEX messages_channel_time")
        try:
            found = _scans(floor, look(floor), advised=True)
        finally:
            connection.execute("CREATE INDEX messages_channel_time ON messages (channel_id, created_at)")
    assert {("floor", "latest_page", "messages"), ("floor", "page_back", "messages")} <= found


def test_indexes_that_nothing_needs_are_told(large: Large) -> None:
    with psycopg.connect(_store(large, "floor").store.conninfo, autocommit=True) as connection:
        connection.execute("CREATE INDEX messages_of_nobody ON messages (rev)")
        try:
            uses = {use.index: use.needed_by for use in look(large).indexes if use.variant == "floor"}
        finally:
            connection.execute("DROP INDEX messages_of_nobody")
    assert [index for index, needs in uses.items() if not needs] == ["messages_of_nobody"]
    assert {"latest_page", "page_back"} <= set(uses["messages_channel_time"])


def test_every_kind_of_read_is_measured_on_every_variant_and_the_baseline_twice(large: Large) -> None:
    measured = measure_reads(large, ReadLimits(sessions=1, rounds=38, session_s=60.0), 1, _silent)
    (table,) = measured.sessions
    names = {one.name for one in large.stores} | {"dual_deployed[again]"}
    assert set(table["variant"].to_pylist()) == names
    assert set(table["kind"].to_pylist()) == set(KINDS)
    assert len(table) == 38 * len(names)
    assert measured.stopped_early == ()
    assert min(table["latency_ns"].to_pylist()) > 0


def test_two_measurements_of_a_seed_perform_the_same_reads_in_the_same_order_and_blocks(large: Large) -> None:
    first, second = (measure_reads(large, ReadLimits(sessions=2, rounds=20, session_s=60.0), 1, _silent) for _ in range(2))
    asked = [[table.drop_columns(["latency_ns"]).to_pylist() for table in measured.sessions] for measured in (first, second)]
    assert asked[0] == asked[1]
    assert asked[0][0] != asked[0][1]


def test_a_session_of_reads_that_its_safety_limit_ends_is_told(large: Large) -> None:
    measured = measure_reads(large, ReadLimits(sessions=1, rounds=10_000_000, session_s=0.05), 1, _silent)
    (told,) = measured.stopped_early
    assert told.startswith("the limit of 0.05 s ended session 0 of the reads after ")
    assert told.endswith(" of 10000000 rounds")
    assert 0 < len(measured.sessions[0]) < 10_000_000


def test_an_answer_that_is_not_the_model_s_ends_the_measurement(large: Large) -> None:
    with psycopg.connect(_store(large, "floor").store.conninfo, autocommit=True) as connection:
        connection.execute("UPDATE messages SET text = text || '!'")
        try:
            with pytest.raises(InvalidMeasurement, match=r"floor: LatestPage.* has another answer than the model"):
                measure_reads(large, ReadLimits(sessions=1, rounds=38, session_s=60.0), 1, _silent)
        finally:
            connection.execute("UPDATE messages SET text = left(text, -1)")


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_no_read_of_an_advised_design_scans_a_table_of_a_hundred_thousand_rows(server: Server) -> None:
    with large_stores(load(known()), server.endpoint, Scale(100_000), 1, _silent) as made:
        seen = look(made)
        assert {one.store.design.name for one in made.stores} == set(known())
        assert _scans(made, seen, advised=True) == set()
        assert {(DEPLOYED, "latest_page", "root_messages"), (DEPLOYED, "page_back", "root_messages")} <= _scans(
            made, seen, advised=False
        )
        advised = {one.name for one in made.stores if one.advised}
        assert [use for use in seen.indexes if use.variant in advised and not use.needed_by] == []


@pytest.mark.full
def test_every_design_fills_a_store_as_the_model_says(server: Server) -> None:
    with large_stores(load(known()), server.endpoint, Scale(1_000), 2, _silent) as made:
        for one in made.stores:
            assert prove(one.name, one.store.design, made.model, observe(one.store)).differences == ()
