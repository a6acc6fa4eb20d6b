"""What reads make the server do, added up."""

from __future__ import annotations

from bench.reads.comparing import work_of_reads
from bench.report.reads import read_grids
from bench.results.schema import PlanScan, ReadPlan, ReadsSummary


def plan(variant: str, statement: int = 1, *, times: int = 1, mode: str = "generic", removed: float | None = 0) -> ReadPlan:
    scans = [PlanScan(relation="rooms", how="Index Scan", index="rooms_pkey", rows=10, removed=removed)]
    return ReadPlan(
        variant=variant,
        kind="latest_page",
        target="busiest",
        statement=statement,
        times=times,
        mode=mode,
        scans=scans,
        sorted_rows=4,
        pages=7,
    )


def test_a_statement_that_is_sent_often_counts_as_often() -> None:
    (found,) = work_of_reads([plan("dual"), plan("dual", 2, times=5, removed=2)])
    assert (found.statements, dict(found.scans)) == (6, {"Index Scan": 6})
    assert (found.rows, found.for_nothing, found.sorted_rows, found.pages) == (60, 10, 24, 42)


def test_a_plan_that_was_not_run_has_no_figures() -> None:
    (found,) = work_of_reads([plan("dual"), plan("dual", 2, removed=None)])
    assert found.for_nothing is None


def test_designs_stand_beside_each_other_and_equal_plans_are_told_once() -> None:
    plans = [plan("dual"), plan("dual", mode="custom"), plan("hybrid"), plan("hybrid", mode="custom", removed=90)]
    reads = ReadsSummary(rows=1000, large=1000, ratios=[], quantiles=[], plans=plans, indexes=[], tables=[])
    grid = next(grid for grid in read_grids(reads) if "EXPLAIN" in grid.title)
    assert [row[2:5] + row[7:8] for row in grid.rows] == [
        ("dual", "either", "1", "0"),
        ("hybrid", "generic", "1", "0"),
        ("hybrid", "custom", "1", "90"),
    ]
