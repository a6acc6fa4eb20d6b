"""A checkpoint changes images and nothing else; and what a write costs by table and index."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bench.anatomy.measure import measure, measure_across
from bench.anatomy.phase import checkpoint_plan
from bench.anatomy.plan import AnatomyPlan
from bench.drive.flights import Atomicity
from bench.registry import build, known, load
from bench.report.relations import is_equal
from bench.results.schema import AnatomyCell, RelationCost
from bench.server.databases import checkpoint
from bench.server.phases import ServerPhase
from bench.server.server import Server
from bench.stores import Store, copy, install
from variants.contract import Design, Options
from variants.dual import Dual

FreshStore = Callable[[Design], Store]
PER_SIDE = (Atomicity.PER_SIDE,)
SHORT = ("dual", "hybrid", "floor")


@pytest.fixture(autouse=True)
def _quiet(server: Server) -> None:
    server.settings(ServerPhase.MEASURE)


def ignored(done: float, total: float) -> None:
    """Progress that nobody looks at."""


def by_relation(cell: AnatomyCell) -> dict[str, RelationCost]:
    return {one.relation: one for one in cell.relations}


@pytest.mark.parametrize("name", [pytest.param(name, marks=[] if name in SHORT else [pytest.mark.full]) for name in known()])
def test_a_forced_checkpoint_adds_images_and_changes_no_record_and_no_other_byte(name: str, fresh_store: FreshStore) -> None:
    design = build(load([name]), Options())[name]
    cells, proofs = measure_across(fresh_store(design), fresh_store(design), checkpoint_plan((1,), 4), ignored)
    assert all(proof.holds for proof in proofs)
    assert cells
    for cell in cells:
        assert is_equal(cell), (cell.plain, cell.across)
        assert cell.across is not None
        assert cell.across.wal_images is not None
        assert cell.plain.wal_images is not None
        assert cell.across.wal_images > cell.plain.wal_images
        assert cell.across.wal_image_records
        assert [(one.relation, one.wal_records, one.wal_bytes) for one in cell.across.relations if one.wal_records] == [
            (one.relation, one.wal_records, one.wal_bytes) for one in cell.plain.relations if one.wal_records
        ]


def test_checkpoints_that_somebody_else_forces_amid_a_run_change_images_alone(server: Server, fresh_store: FreshStore) -> None:
    def force(done: float, total: float) -> None:
        del done, total
        assert checkpoint(server.endpoint)

    plan = AnatomyPlan(ks=(2,), scenes=4, atomicities=PER_SIDE, kinds=("send", "reply", "join_agent"))
    plain, _ = measure(fresh_store(Dual(Options())), plan, ignored)
    across, _ = measure(fresh_store(Dual(Options())), plan, force)
    assert sum(cell.wal_images or 0 for cell in across) > sum(cell.wal_images or 0 for cell in plain)
    assert [(cell.kind, cell.wal_records, cell.wal_bytes) for cell in across] == [
        (cell.kind, cell.wal_records, cell.wal_bytes) for cell in plain
    ]


def test_a_message_is_told_by_table_and_index_with_its_foreign_keys_lookups(fresh_store: FreshStore) -> None:
    plan = AnatomyPlan(ks=(2,), scenes=2, atomicities=PER_SIDE, kinds=("send",))
    (cell, _), _ = measure(fresh_store(Dual(Options())), plan, ignored)
    found = by_relation(cell)
    assert (found["root_messages"].wal_records, found["root_messages"].locks) == (1, 0)
    assert (found["memories"].wal_records, found["memories_pkey"].entries, found["memories_room_time"].entries) == (2, 2, 2)
    # The message looks for its channel, each copy for its room, its author and its agent.
    assert {name: one.locks for name, one in found.items() if one.locks} == {"channels": 1, "rooms": 2, "entities": 2, "agents": 2}
    assert found["transactions"].wal_records == 3
    assert sum(one.wal_records for one in cell.relations) == cell.wal_records
    assert sum(one.wal_bytes or 0 for one in cell.relations) == cell.wal_bytes


def test_updates_that_need_no_index_entry_are_told_as_hot(fresh_store: FreshStore) -> None:
    plan = AnatomyPlan(ks=(0,), scenes=2, atomicities=PER_SIDE, kinds=("edit",))
    (cell,), _ = measure(fresh_store(Dual(Options())), plan, ignored)
    found = by_relation(cell)["root_messages"]
    assert found.hot_updates == cell.rows["root_messages"].updated == 1


def test_where_the_wal_cannot_be_read_nothing_is_told_as_zero(server: Server) -> None:
    bare = install(Dual(Options()), server.endpoint, "template_unread")
    with copy(bare, "unread_a") as one, copy(bare, "unread_b") as other:
        cells, _ = measure_across(one, other, checkpoint_plan((1,), 2), ignored)
    assert all(is_equal(cell) is None for cell in cells)
    assert {(cell.plain.wal_images, cell.plain.wal_image_records, len(cell.plain.relations)) for cell in cells} == {(None, None, 0)}
