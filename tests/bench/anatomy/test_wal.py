"""How WAL records are told apart."""

from __future__ import annotations

from bench.anatomy.wal import NOTHING_WRITTEN, WalCost, wal_cost


def test_rows_index_entries_and_transactions_are_what_a_statement_costs() -> None:
    rows = [
        ("Heap/INSERT", 2, 200, 0),
        ("Heap/INSERT+INIT", 1, 100, 0),
        ("Heap/HOT_UPDATE", 1, 90, 0),
        ("Heap/LOCK", 3, 60, 0),
        ("Btree/INSERT_LEAF", 4, 160, 0),
        ("Transaction/COMMIT", 1, 34, 0),
    ]
    assert wal_cost(rows) == WalCost(records=12, bytes=644, page_bytes=0, images=0)


def test_a_page_split_is_one_index_entry_and_its_bytes_stand_apart() -> None:
    rows = [("Btree/INSERT_LEAF", 1, 40, 0), ("Btree/SPLIT_R", 1, 3000, 0), ("Btree/INSERT_UPPER", 1, 50, 0)]
    assert wal_cost(rows) == WalCost(records=2, bytes=40, page_bytes=3050, images=0)


def test_pruning_and_deduplication_are_no_records_of_a_statement() -> None:
    rows = [("Heap2/PRUNE_ON_ACCESS", 2, 150, 0), ("Btree/DEDUP", 1, 70, 0)]
    assert wal_cost(rows) == WalCost(records=0, bytes=0, page_bytes=220, images=0)


def test_background_records_are_left_out_and_all_images_are_counted_apart() -> None:
    rows = [("Standby/RUNNING_XACTS", 1, 50, 0), ("XLOG/FPI_FOR_HINT", 1, 51, 8000), ("Heap/INSERT", 1, 30, 400)]
    assert wal_cost(rows) == WalCost(records=1, bytes=30, page_bytes=0, images=8400)


def test_no_records_cost_nothing() -> None:
    assert wal_cost([]) == NOTHING_WRITTEN
