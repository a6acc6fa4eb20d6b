"""How WAL records are told apart, and what an image takes out of the record that carries it."""

from __future__ import annotations

from bench.anatomy.wal import NO_WAL, WalCost, WalRecord, wal

SCENES = (0, 100)
"""Two scenes, of which the second one begins at byte 100 of the WAL."""


def records(*told: tuple[int, str, str | None, int, int]) -> list[WalRecord]:
    return [WalRecord(*one) for one in told]


def one_scene(*told: tuple[str, int, int]) -> WalCost:
    return wal(records(*((0, kind, "t", size, image) for kind, size, image in told)), (0,)).total


def test_rows_index_entries_and_transactions_are_what_a_statement_costs() -> None:
    found = one_scene(
        ("Heap/INSERT", 100, 0),
        ("Heap/INSERT+INIT", 100, 0),
        ("Heap/HOT_UPDATE", 90, 0),
        ("Heap/LOCK", 20, 0),
        ("Heap/LOCK", 20, 0),
        ("Btree/INSERT_LEAF", 40, 0),
        ("Transaction/COMMIT", 34, 0),
    )
    assert found == WalCost(records=7, bytes=404, page_bytes=0, images=0, locks=2, entries=1)


def test_records_of_every_kind_of_index_are_counted() -> None:
    found = one_scene(*((f"{manager}/INSERT", 10, 0) for manager in ("Gin", "Gist", "Hash", "SPGist", "BRIN")))
    assert (found.records, found.bytes) == (5, 50)


def test_pruning_and_deduplication_are_no_records_of_a_statement() -> None:
    found = one_scene(("Heap2/PRUNE_ON_ACCESS", 150, 0), ("Btree/DEDUP", 70, 0))
    assert found == WalCost(records=0, bytes=0, page_bytes=220, images=0)


def test_background_records_are_left_out_and_their_images_are_counted() -> None:
    found = one_scene(("Standby/RUNNING_XACTS", 50, 0), ("XLOG/FPI_FOR_HINT", 51, 8000), ("Catalog/HOT_UPDATE", 60, 400))
    assert found == WalCost(records=0, bytes=0, page_bytes=0, images=8400, image_records=2, hint_images=1)


def test_a_page_split_is_one_index_entry_of_the_size_of_its_twin_and_the_rest_belongs_to_the_page() -> None:
    told = records(
        (0, "Btree/INSERT_LEAF", "i", 40, 0), (110, "Btree/SPLIT_R", "i", 3000, 0), (120, "Btree/INSERT_UPPER", "i", 50, 0)
    )
    assert wal(told, SCENES).total == WalCost(records=2, bytes=80, page_bytes=3010, images=0, entries=2)


def test_a_record_with_an_image_has_the_bytes_of_its_twin_in_another_scene_and_the_image_all_that_is_more() -> None:
    told = records((10, "Heap/INSERT", "t", 300, 0), (20, "Heap/INSERT", "t", 500, 0), (110, "Heap/INSERT", "t", 60, 8000))
    found = wal(told, SCENES).total
    assert (found.records, found.bytes, found.images) == (3, 300 + 500 + 300, 8000 + 60 - 300)
    # Nothing is lost: what the WAL grew by is the sum of the columns.
    assert found.bytes is not None
    assert found.images is not None
    assert found.bytes + found.page_bytes + found.images == 300 + 500 + 60 + 8000


def test_a_row_on_a_new_page_is_the_twin_of_a_row_on_an_old_one() -> None:
    told = records((10, "Heap/INSERT+INIT", "t", 300, 0), (110, "Heap/INSERT", "t", 60, 8000))
    assert wal(told, SCENES).total.bytes == 600


def test_a_record_of_another_kind_table_or_place_is_no_twin() -> None:
    for other in (
        (10, "Heap/DELETE", "t", 300, 0),
        (10, "Heap/INSERT", "u", 300, 0),
    ):
        found = wal(records(other, (110, "Heap/INSERT", "t", 60, 8000)), SCENES).total
        assert (found.records, found.bytes, found.images) == (2, None, None)


def test_a_twin_may_be_on_another_store_that_did_the_same() -> None:
    plain = wal(records((10, "Heap/INSERT", "t", 300, 0), (20, "Btree/SPLIT_R", "i", 3000, 0)), (0,))
    across = wal(records((10, "Heap/INSERT", "t", 60, 8000), (20, "Btree/SPLIT_R", "i", 2986, 500)), (0,), plain.sizes)
    assert (across.total.records, across.total.bytes, across.total.page_bytes) == (2, 300, 3000)
    assert across.total.images == 8000 + 60 - 300 + 500 + 2986 - 3000
    assert across.total.image_records == 2


def test_relations_are_told_apart_and_add_up() -> None:
    told = records(
        (10, "Heap/INSERT", "t", 300, 0),
        (20, "Btree/INSERT_LEAF", "i", 40, 0),
        (30, "Heap/LOCK", "referenced", 54, 0),
        (40, "Transaction/COMMIT", None, 34, 0),
    )
    found = wal(told, (0,))
    assert set(found.relations) == {"t", "i", "referenced", None}
    assert (found.relations["referenced"].locks, found.relations["i"].entries) == (1, 1)
    assert sum(cost.records for cost in found.relations.values()) == found.total.records
    assert sum(cost.bytes or 0 for cost in found.relations.values()) == found.total.bytes


def test_no_records_cost_nothing() -> None:
    assert wal([], ()) == NO_WAL
