from __future__ import annotations

from bench.report.reads import lead, read_grids
from bench.results.schema import IndexUse, LatencyQuantiles, PlanScan, ReadPlan, ReadsSummary, TableRows
from tests.bench.report.made_up import ratio

ADVISED, OWN = "dual_deployed[indexes=advised]", "dual_deployed"


def _plan(variant: str, how: str, index: str | None) -> ReadPlan:
    scan = PlanScan(relation="root_messages", how=how, index=index, rows=50, removed=0)
    return ReadPlan(
        variant=variant,
        kind="latest_page",
        target="usual",
        statement=1,
        times=1,
        mode="generic",
        scans=[scan],
        sorted_rows=0,
        pages=1,
    )


def _quantiles(variant: str, p50_ns: int) -> LatencyQuantiles:
    return LatencyQuantiles(family="per_side", variant=variant, kind="latest_page", n=40, p50_ns=p50_ns, p90_ns=None, p99_ns=None)


READS = ReadsSummary(
    rows=100_000,
    large=5_000,
    ratios=[
        ratio(ADVISED, 1.01, baseline="dual", kind="latest_page", separated=False),
        ratio(OWN, 4.0, baseline=ADVISED, kind="latest_page"),
        ratio("dual[again]", 1.0, family="a/a", kind="latest_page", separated=False),
    ],
    quantiles=[_quantiles("dual", 400_000), _quantiles(ADVISED, 410_000), _quantiles(OWN, 1_640_000)],
    plans=[_plan("dual", "Index Scan", "by_time"), _plan(OWN, "Seq Scan", None), _plan(ADVISED, "Index Scan", "by_time")],
    indexes=[
        IndexUse(variant="dual", table="root_messages", index="by_time", columns=["channel_id", "at"], needed_by=["latest_page"]),
        IndexUse(variant="dual", table="root_messages", index="by_mood", columns=["mood"], needed_by=[]),
    ],
    tables=[TableRows(variant=name, table="root_messages", rows=100_000) for name in ("dual", ADVISED, OWN)],
)


def test_each_read_stands_with_its_latency_its_change_and_its_plan() -> None:
    rows = {row[:2]: row[2:] for row in read_grids(READS)[0].rows}
    assert rows["latest_page", "dual"] == ("0.400 ms", "–", "–", "40", "Index Scan using by_time on root_messages")
    assert rows["latest_page", ADVISED][1].startswith("~ +1.0 %")
    assert rows["latest_page", OWN][1].startswith("4× [")
    assert rows["latest_page", OWN][2:] == (ADVISED, "40", "Seq Scan on root_messages (50 rows)")
    assert rows["is_participant", "dual"] == ("–", "–", "–", "–", "")


def test_scans_of_large_tables_are_told_before_the_tables() -> None:
    assert lead(READS).endswith("scans sequentially: dual_deployed reads all of root_messages for latest_page.")
    small = READS.model_copy(update={"large": 200_000})
    assert lead(small).endswith("scans sequentially: none.")


def test_an_index_that_nothing_needs_is_called_unused() -> None:
    needs = {row[2]: row[4] for row in read_grids(READS)[1].rows}
    assert needs == {"by_time": "latest_page", "by_mood": "nothing: unused"}


def test_a_run_without_large_stores_has_no_tables_of_them() -> None:
    assert read_grids(None) == []
    assert lead(None) == ""
