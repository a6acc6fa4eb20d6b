from __future__ import annotations

from typing import Any

import pytest

from bench.reads.plans import in_words, indexes_used, pages, scans, sequential_scans, shape, sorted_rows, work
from bench.results.schema import PlanScan, ReadPlan

PAGE: dict[str, Any] = {
    "Node Type": "Limit",
    "Actual Rows": 50.0,
    "Actual Loops": 1,
    "Shared Hit Blocks": 53,
    "Shared Read Blocks": 4,
    "Plans": [
        {
            "Node Type": "Index Scan",
            "Scan Direction": "Backward",
            "Index Name": "messages_time",
            "Relation Name": "messages",
            "Alias": "messages",
            "Actual Rows": 50.0,
            "Actual Loops": 1,
            "Rows Removed by Filter": 3,
        }
    ],
}
UNINDEXED: dict[str, Any] = {
    "Node Type": "Limit",
    "Actual Rows": 50.0,
    "Actual Loops": 1,
    "Plans": [
        {
            "Node Type": "Gather Merge",
            "Actual Rows": 50.0,
            "Actual Loops": 1,
            "Plans": [
                {
                    "Node Type": "Sort",
                    "Actual Rows": 25.0,
                    "Actual Loops": 2,
                    "Plans": [
                        {
                            "Node Type": "Seq Scan",
                            "Parallel Aware": True,
                            "Relation Name": "messages",
                            "Actual Rows": 1000.0,
                            "Actual Loops": 2,
                            "Rows Removed by Filter": 49000,
                        }
                    ],
                }
            ],
        }
    ],
}
BITMAP: dict[str, Any] = {
    "Node Type": "Nested Loop",
    "Actual Rows": 20.0,
    "Actual Loops": 1,
    "Plans": [
        {
            "Node Type": "Bitmap Heap Scan",
            "Relation Name": "rooms",
            "Actual Rows": 20.0,
            "Actual Loops": 1,
            "Rows Removed by Index Recheck": 2,
            "Plans": [
                {
                    "Node Type": "BitmapAnd",
                    "Plans": [
                        {"Node Type": "Bitmap Index Scan", "Index Name": "rooms_server"},
                        {"Node Type": "Bitmap Index Scan", "Index Name": "rooms_agent"},
                    ],
                }
            ],
        },
        {
            "Node Type": "Index Only Scan",
            "Index Name": "members_pkey",
            "Relation Name": "members",
            "Actual Rows": 0.5,
            "Actual Loops": 20,
        },
    ],
}


def _plan(node: dict[str, Any], kind: str = "latest_page", variant: str = "a", statement: int = 1) -> ReadPlan:
    return ReadPlan(
        variant=variant,
        kind=kind,
        target="busiest",
        statement=statement,
        times=1,
        mode="generic",
        scans=scans(node),
        sorted_rows=sorted_rows(node),
        pages=pages(node),
    )


def test_an_index_scan_is_told_with_its_index_and_the_rows_that_it_reads_for_nothing() -> None:
    assert scans(PAGE) == [PlanScan(relation="messages", how="Index Scan", index="messages_time", rows=50, removed=3)]
    assert sorted_rows(PAGE) == 0
    assert pages(PAGE) == 57
    assert in_words(_plan(PAGE)) == "Index Scan using messages_time on messages (3 rows for nothing)"


def test_a_parallel_sequential_scan_counts_the_rows_of_all_workers() -> None:
    assert scans(UNINDEXED) == [PlanScan(relation="messages", how="Parallel Seq Scan", index=None, rows=2000, removed=98_000)]
    assert sorted_rows(UNINDEXED) == 2000
    assert pages(UNINDEXED) is None
    assert in_words(_plan(UNINDEXED)) == "Parallel Seq Scan on messages (100,000 rows); sorts 2,000"


def test_a_bitmap_heap_scan_names_the_indexes_beneath_it() -> None:
    heap, inner = scans(BITMAP)
    assert (heap.how, heap.index, heap.rows, heap.removed) == ("Bitmap Heap Scan", "rooms_server and rooms_agent", 20, 2)
    assert (inner.relation, inner.rows) == ("members", 10)


def test_a_plan_that_was_not_run_has_no_figures() -> None:
    node = {"Node Type": "Sort", "Plans": [{"Node Type": "Seq Scan", "Relation Name": "messages"}]}
    assert scans(node) == [PlanScan(relation="messages", how="Seq Scan", index=None, rows=None, removed=None)]
    assert sorted_rows(node) is None
    assert in_words(_plan(node)) == "Seq Scan on messages"


@pytest.mark.parametrize(("rows", "found"), [(100_000, 1), (5_001, 1), (5_000, 0)])
def test_only_a_sequential_scan_of_a_large_table_is_one_to_tell(rows: int, found: int) -> None:
    plans = [_plan(UNINDEXED), _plan(PAGE), _plan(UNINDEXED, variant="b")]
    assert len(sequential_scans(plans, {("a", "messages"): rows, ("b", "messages"): 10}, large=5_000)) == found


def test_every_index_of_a_plan_is_credited_to_the_kinds_of_reads_that_use_it() -> None:
    plans = [_plan(BITMAP, "list_channels"), _plan(PAGE), _plan(PAGE, "page_back"), _plan(PAGE, "page_back")]
    assert indexes_used(plans) == {
        "rooms_server": ["list_channels"],
        "rooms_agent": ["list_channels"],
        "members_pkey": ["list_channels"],
        "messages_time": ["latest_page", "page_back"],
    }


def test_plans_have_one_shape_when_only_their_figures_differ() -> None:
    other = {**PAGE, "Plans": [{**PAGE["Plans"][0], "Rows Removed by Filter": 7}]}
    assert shape(_plan(PAGE)) == shape(_plan(other)) != shape(_plan(UNINDEXED))
    assert work(_plan(other)) > work(_plan(PAGE))
