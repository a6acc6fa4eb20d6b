"""The anatomy on a real server: counters that agree, runs that repeat, proofs that hold."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.anatomy.cells import agree
from bench.anatomy.counters import counters
from bench.anatomy.measure import AnatomyPlan, measure
from bench.anatomy.plan import Cell
from bench.anatomy.unit import UnitCounts
from bench.drive.drivers import run
from bench.drive.flights import DIRECT, Atomicity, Exchange, operation_flights
from bench.errors import InvalidMeasurement
from bench.registry import build, known, load
from bench.results.schema import AnatomyCell
from bench.scenes import FIRST, WARM, scene
from bench.server.phases import ServerPhase
from bench.server.server import Server
from bench.stores import Store, copy, install
from tests.performing import apply_all
from variants.contract import Design, Options, Side
from variants.dual import Dual
from variants.hybrid import Hybrid
from variants.option_a import OptionA
from workloads.model import Model

SMALL = AnatomyPlan(ks=(0, 2), scenes=2)
FreshStore = Callable[[Design], Store]


@pytest.fixture(autouse=True)
def _quiet(server: Server) -> None:
    server.settings(ServerPhase.MEASURE)


def ignored(done: float, total: float) -> None:
    """Progress that nobody looks at."""


def found(cells: list[AnatomyCell], kind: str, k: int, state: str = WARM, atomicity: str = "per_side") -> AnatomyCell:
    (cell,) = [c for c in cells if (c.kind, c.k, c.state, c.atomicity) == (kind, k, state, atomicity)]
    return cell


def test_every_cell_of_the_plan_is_counted_and_the_store_did_the_models_work(fresh_store: FreshStore) -> None:
    told: list[tuple[float, float]] = []
    cells, proof = measure(fresh_store(Dual(Options())), SMALL, lambda done, total: told.append((done, total)))
    assert [(c.atomicity, c.kind, c.k, c.state) for c in cells] == [
        (c.atomicity.value, c.kind, c.k, c.state) for c in SMALL.cells()
    ]
    assert proof.holds
    assert proof.expected_digest == proof.observed_digest
    assert told == [(number, len(cells)) for number in range(1, len(cells) + 1)]
    assert all(cell.uniform and cell.operations == 2 for cell in cells)


def test_a_warm_message_of_dual_costs_a_row_on_each_side_and_the_wal_of_its_rows_indexes_and_locks(
    fresh_store: FreshStore,
) -> None:
    cells, _ = measure(fresh_store(Dual(Options())), AnatomyPlan(ks=(1,), scenes=2, kinds=("send",)), ignored)
    cell = found(cells, "send", 1)
    assert {name: (rows.inserted, rows.updated, rows.deleted) for name, rows in cell.rows.items()} == {
        "memories": (1, 0, 0),
        "root_messages": (1, 0, 0),
    }
    # Central: row, two index entries, a lock on the channel. Agent: row, two index entries, three locks. Two commits.
    assert cell.wal_records == 12
    assert cell.wal_bytes is not None
    assert cell.wal_bytes > 1000
    assert cell.wal_images == 0


def test_joined_writes_the_same_rows_and_statements_with_fewer_transactions(fresh_store: FreshStore) -> None:
    cells, _ = measure(fresh_store(OptionA(Options())), AnatomyPlan(ks=(2,), scenes=2, kinds=("send", "edit")), ignored)
    for kind, state in (("send", WARM), ("send", FIRST), ("edit", WARM)):
        apart, joined = (found(cells, kind, 2, state, atomicity) for atomicity in ("per_side", "joined"))
        assert joined.rows == apart.rows
        assert joined.statements_write == apart.statements_write
        assert joined.statements_read == apart.statements_read
        assert joined.transactions < apart.transactions
        assert joined.flights < apart.flights


def exact(cell: AnatomyCell) -> dict[str, object]:
    """What must repeat: all but the bytes of reorganised pages, since a random key may split one or not, and of images."""
    return cell.model_dump(exclude={"wal_page_bytes", "wal_images", "wal_image_records", "wal_hint_images", "relations"})


@pytest.mark.parametrize("name", list(known()))
def test_two_runs_count_the_same(name: str, fresh_store: FreshStore) -> None:
    design = build(load([name]), Options())[name]
    plan = AnatomyPlan(ks=(0, 2), scenes=3)
    first, _ = measure(fresh_store(design), plan, ignored)
    second, _ = measure(fresh_store(design), plan, ignored)
    assert [exact(cell) for cell in first] == [exact(cell) for cell in second]


def test_what_the_server_lacks_is_none(server: Server) -> None:
    bare = install(Dual(Options()), server.endpoint, "template_bare")
    with copy(bare, "bare") as store:
        cells, proof = measure(store, AnatomyPlan(ks=(1,), scenes=1, kinds=("send",)), ignored)
    assert proof.holds
    assert {(c.wal_records, c.wal_bytes, c.wal_images, c.wal_page_bytes) for c in cells} == {(None, None, None, None)}
    assert found(cells, "send", 1).rows["memories"].inserted == 1


@pytest.mark.parametrize("atomicity", DIRECT)
@pytest.mark.parametrize("kind", ["join_agent", "send", "reply", "edit", "delete", "leave_agent"])
def test_the_flights_computed_for_the_shared_exchange_are_those_that_are_sent(
    fresh_store: FreshStore, kind: str, atomicity: Atomicity
) -> None:
    store, model = fresh_store(Hybrid(Options())), Model()
    plan = AnatomyPlan(ks=(2,), scenes=1, kinds=(kind,), atomicities=(atomicity,))
    cells, _ = measure(fresh_store(Hybrid(Options())), plan, ignored)
    told = scene(kind, 2, WARM, "x")
    with store.links(Exchange.SHARED) as links:
        apply_all(store.design, links, model, told.setup)
        before = links[Side.CENTRAL].tally.flights
        tasks = store.design.write(told.target[0], model.context(told.target[0]))
        run(links, operation_flights(tasks, atomicity, Exchange.SHARED))
        sent = links[Side.CENTRAL].tally.flights - before
    assert found(cells, kind, 2, WARM, atomicity.value).flights == sent


@pytest.mark.needs("statement counts")
def test_a_transaction_that_the_harness_did_not_count_makes_the_measurement_invalid(fresh_store: FreshStore) -> None:
    store, model = fresh_store(Dual(Options())), Model()
    cell = Cell(Atomicity.PER_SIDE, "create_server", 0, WARM)
    # One transaction with one statement is claimed; three go out.
    claimed = [UnitCounts(transactions=1, statements_read=0, statements_write=1, round_trips=3, flights=1)]
    with store.links(Exchange.PLAIN) as links, counters(store, links[Side.CENTRAL]) as read:
        apply_all(store.design, links, model, scene("create_server", 0, WARM, "x").target)
        opening = read.open()
        for name in ("a", "b", "c"):
            apply_all(store.design, links, model, scene("create_server", 0, WARM, name).target)
        window = read.close(opening)
        with pytest.raises(InvalidMeasurement) as invalid:
            agree("dual", cell, claimed, window)
    assert invalid.value.lines == (
        "transactions: the harness sent 1, the server counted 3",
        "statements: the harness sent 1, the server counted 3",
    )
