from __future__ import annotations

from bench.reads.telling import plan_lines, variant_lines
from bench.results.schema import IndexUse, PlanScan, ReadPlan, TableRows


def _plan(
    how: str, index: str | None, *, mode: str = "generic", target: str = "usual", statement: int = 1, **more: float
) -> ReadPlan:
    return ReadPlan(
        variant="floor",
        kind="latest_page",
        target=target,
        statement=statement,
        times=int(more.get("times", 1)),
        mode=mode,
        scans=[PlanScan(relation="messages", how=how, index=index, rows=more.get("rows", 50), removed=0)],
        sorted_rows=more.get("sorted", 0),
        pages=9,
    )


def test_one_plan_for_all_cases_is_told_once_with_its_largest_figures() -> None:
    plans = [_plan("Seq Scan", None, rows=rows) for rows in (50, 70, 60)]
    assert plan_lines(plans, "latest_page") == ["Seq Scan on messages (70 rows)"]
    assert plan_lines(plans, "page_back") == []


def test_plans_of_two_shapes_say_when_each_is_chosen() -> None:
    plans = [_plan("Index Scan", "m_time"), _plan("Seq Scan", None, mode="custom", target="busiest")]
    assert plan_lines(plans, "latest_page") == [
        "Index Scan using m_time on messages [generic usual]",
        "Seq Scan on messages (50 rows) [custom busiest]",
    ]


def test_a_read_of_several_statements_numbers_them_and_says_how_often_each_is_sent() -> None:
    plans = [_plan("Seq Scan", None), _plan("Index Scan", "m_time", statement=2, times=200)]
    assert plan_lines(plans, "latest_page") == [
        "1. Seq Scan on messages (50 rows)",
        "2. 200 times Index Scan using m_time on messages",
    ]


def test_a_variant_is_told_with_its_sizes_its_unused_indexes_and_its_sequential_scans() -> None:
    index = IndexUse(variant="floor", table="messages", index="m_when", columns=["at"], needed_by=[])
    sizes = [TableRows(variant="floor", table="messages", rows=6_000), TableRows(variant="dual", table="rooms", rows=1)]
    lines = list(variant_lines("floor", [_plan("Seq Scan", None)], [index], sizes, large=5_000))
    assert lines == [
        "floor",
        "  rows: messages 6,000",
        "  latest_page        Seq Scan on messages (50 rows)",
        "  index m_when on messages (at): UNUSED: no read, key or foreign key needs it",
        "  sequential scans of tables of more than 5,000 rows: latest_page reads all of messages",
    ]
