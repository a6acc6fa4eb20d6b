"""Charts and tables of growth and of a ladder, from made up summaries."""

from __future__ import annotations

import csv
import io

import pytest

from bench.charts.chart import as_csv
from bench.charts.growth_charts import growth_charts
from bench.charts.ladder import staircases
from bench.charts.ladder_charts import ladder_charts
from bench.report import growth as growth_report
from bench.report import ladder as ladder_report
from bench.results.growth_schema import CountPoint, CountSlope, GrowthPoint, GrowthSlope, GrowthSummary, WallExponent, WallRow
from bench.results.ladder_schema import LadderSummary, RungCount, RungRatio, RungRecord
from bench.results.schema import Summary

DESIGNS = ("dual", "floor", "<b>strange</b>")


def _points(axis: str, kind: str, sizes: tuple[int, ...], beyond: int) -> list[GrowthPoint]:
    return [
        GrowthPoint(
            axis=axis,
            kind=kind,
            design=design,
            size=size,
            measured=size != beyond,
            latency_ns=1e6 * (place + 1) + size,
            low_ns=9e5,
            high_ns=2e6 * (place + 1),
            residual=None if size == beyond else 0.01,
            n=0 if size == beyond else 96,
        )
        for place, design in enumerate(DESIGNS)
        for size in (*sizes, beyond)
    ]


def _slope(axis: str, kind: str, design: str, slope: float, *, separated: bool) -> GrowthSlope:
    return GrowthSlope(
        axis=axis,
        kind=kind,
        design=design,
        slope=slope,
        low=slope * 0.9,
        high=slope * 1.1,
        separated=separated,
        repetitions=4,
        sizes=3,
    )


GROWTH = GrowthSummary(
    points=[
        *_points("agents", "send", (0, 1, 2), 50),
        *(point for kind in ("send", "latest_page", "is_participant") for point in _points("rows", kind, (1_000, 10_000), 100_000)),
        *_points("channels", "send", (10, 100), 1_000),
    ],
    slopes=[
        _slope("agents", "send", "dual", 5e5, separated=True),
        _slope("agents", "send", "floor", 2e3, separated=False),
        _slope("rows", "send", "dual", 1.031, separated=True),
    ],
    counts=[CountPoint(design=design, what="round trips", k=k, value=3 + k) for design in DESIGNS for k in (0, 1, 2)],
    count_slopes=[CountSlope(design="dual", what="round trips", each=6, alone=3, residual=0)],
    wall=[
        WallRow(
            design="hybrid",
            messages=messages,
            repetition=0,
            lanes=10,
            exchange="shared",
            wall_s=messages / 2_000,
            tenths_s=[messages / 20_000] * 10,
            cpu_s=messages / 5_000,
            memory_before_bytes=100_000_000,
            memory_after_bytes=100_000_000 + 450 * messages,
        )
        for messages in (10_000, 100_000)
    ],
    exponents=[
        WallExponent(design="hybrid", exponent=1.002, low=0.98, high=1.02, cpu_exponent=0.99, cpu_low=0.97, cpu_high=1.01, runs=2)
    ],
    unequal=["floor: send in growth-agents, message content without agent"],
)


def _ratio(family: str, variant: str, baseline: str, ratio: float, *, separated: bool) -> RungRatio:
    return RungRatio(
        family=family,
        variant=variant,
        baseline=baseline,
        kind="send",
        n=300,
        ratio=ratio,
        low=ratio * 0.98,
        high=ratio * 1.02,
        separated=separated,
        detectable=0.01,
        p50_ns=1_000_000,
        baseline_p50_ns=1_200_000,
    )


VARIANTS = ("dual", "ladder_keys", "hybrid")
LADDER = LadderSummary(
    name="dual_to_hybrid",
    question="Which change makes which difference?",
    rungs=[
        RungRecord(
            ladder="dual_to_hybrid",
            question="",
            place=place,
            variant=variant,
            design=variant,
            atomicity="per_side",
            change=f"change {place}",
            gaps=[],
        )
        for place, variant in enumerate(VARIANTS)
    ],
    counts=[
        RungCount(
            variant=variant,
            kind="send",
            k=2,
            state="warm",
            transactions=3,
            statements=9 - place,
            round_trips=15,
            rows=3,
            wal_records=19,
            wal_bytes=None if place else 2_405,
        )
        for place, variant in enumerate(VARIANTS)
    ],
    ratios=[
        _ratio("step", "ladder_keys", "dual", 1.01, separated=False),
        _ratio("step", "hybrid", "ladder_keys", 0.8, separated=True),
        _ratio("from the first", "ladder_keys", "dual", 1.01, separated=False),
        _ratio("from the first", "hybrid", "dual", 0.81, separated=True),
    ],
    left_out=["hybrid: join, members without agent"],
)


@pytest.fixture(scope="module")
def summary() -> Summary:
    empty: dict[str, object] = {name: [] for name in ("anatomy", "latency", "quantiles", "crash", "proofs", "claims", "totals")}
    return Summary.model_validate({**empty, "schema_version": 2, "workload": {}, "growth": GROWTH, "ladder": LADDER})


def test_a_run_with_growth_has_a_chart_for_each_axis_the_counts_and_the_wall_time_drawn_twice_alike(summary: Summary) -> None:
    charts = list(growth_charts(summary))
    assert [chart.name for chart in charts] == ["growth-agents", "growth-counts", "growth-rows", "growth-channels", "growth-wall"]
    again = list(growth_charts(summary))
    assert [(chart.svg, chart.png) for chart in charts] == [(chart.svg, chart.png) for chart in again]
    assert all(b"mathdefault" not in chart.svg for chart in charts)


def test_what_was_not_measured_is_dashed_in_the_chart_and_marked_in_its_table(summary: Summary) -> None:
    agents = next(growth_charts(summary))
    assert b"stroke-dasharray" in agents.svg
    rows = list(csv.DictReader(io.StringIO(as_csv(agents.table).decode())))
    assert {row["size"] for row in rows if row["measured"] == "extrapolated"} == {"50"}
    assert all(row["residual"] == "" for row in rows if row["measured"] == "extrapolated")
    assert "extrapolated" in agents.words.how_to_read[1]


def test_slopes_stand_in_the_legend_with_a_tilde_where_nothing_grows(summary: Summary) -> None:
    agents = next(growth_charts(summary)).svg.decode()
    assert "+500 µs [+450 µs, +550 µs] an agent" in agents
    assert "~ +2 µs" in agents
    assert "floor †" in agents
    assert "<b>strange" not in agents


def test_the_tables_of_growth_tell_slopes_counts_points_and_memory() -> None:
    slopes, counts, points, wall = growth_report.growth_grids(GROWTH)
    assert ("agents", "send", "dual", "+500.0 µs [+450.0 µs, +550.0 µs] for one agent", "", "3", "4") in slopes.rows
    assert any(row[3].startswith("+3.1 %") and row[3].endswith("for ten times as many") for row in slopes.rows)
    assert counts.rows == (("dual", "round trips", "3", "6", "0"),)
    assert {row[-1] for row in points.rows} == {"yes", "extrapolated"}
    assert "exponent 1.002 [0.980, 1.020]" in wall.title
    assert [row[-1] for row in wall.rows] == ["450 B", "450 B"]
    assert "message content without agent" in growth_report.lead(GROWTH)
    assert growth_report.growth_grids(None) == []


def test_a_ladder_is_drawn_for_each_kind_that_was_compared(summary: Summary) -> None:
    (chart,) = ladder_charts(summary)
    text = chart.svg.decode()
    assert chart.name == "ladder-send"
    assert "~ +1.0 %" in text
    assert "−20.0 %" in text
    rows = list(csv.DictReader(io.StringIO(as_csv(chart.table).decode())))
    assert [row["rung"] for row in rows] == list(VARIANTS)
    assert [row["statements"] for row in rows] == ["9.0", "8.0", "7.0"]
    assert [row["step"] for row in rows] == ["", "1.01", "0.8"]
    assert [row["wal_bytes"] for row in rows] == ["2405.0", "", ""]


def test_the_table_of_a_ladder_has_every_rung_and_says_who_is_not_compared() -> None:
    rungs, steps = ladder_report.ladder_grids(LADDER)
    assert [row[0] for row in rungs.rows] == list(VARIANTS)
    assert [row[1] for row in steps.rows] == list(VARIANTS)
    assert steps.rows[2][9].startswith("−20.0 %")
    assert "members without agent" in ladder_report.lead(LADDER)
    assert ladder_report.ladder_grids(None) == []


def test_a_kind_without_ratios_has_counts_in_the_table_and_no_chart(summary: Summary) -> None:
    counted = LADDER.model_copy(update={"ratios": []})
    assert [staircase.kind for staircase in staircases(counted, ["send", "reply"])] == ["send"]
    assert list(ladder_charts(summary.model_copy(update={"ladder": counted}))) == []
