"""The data of the charts of load, and what the pictures say of a generator that was the bottleneck."""

from __future__ import annotations

import csv
import io

import pytest

from bench.charts import load
from bench.charts.chart import as_csv
from bench.charts.load_charts import load_charts
from bench.load.derive import level
from bench.load.recorder import Outcome
from bench.report.load import load_grids
from bench.results.load_schema import LoadSummary
from tests.bench.load.made_up import made_up_load
from tests.bench.load.rows import point, table
from tests.bench.report.made_up import summary

LATE = "the generator was late: lag p99 is 8 ms of a response p99 of 9 ms"


def test_a_knee_has_every_rate_of_a_variant_in_order_and_its_capacity() -> None:
    dual, hybrid = load.knees(made_up_load())
    assert [one.rate_per_s for one in dual.points] == [90, 100, 120, 200, 400]
    assert [round(one.p99_ns / 1e6) for one in dual.points] == [4, 5, 4, 5, 90]
    assert dual.capacity is not None
    assert (dual.capacity.low_per_s, dual.capacity.rate_per_s, dual.capacity.high_per_s) == (200, 200, 400)
    assert hybrid.variant == "hybrid"


def test_percentiles_are_drawn_at_the_highest_equal_rate_and_at_the_usual_share() -> None:
    rate, share = load.percentiles(made_up_load())
    assert [one.rate_per_s for one in rate.levels] == [120, 120]
    assert [one.percent for one in share.levels] == [60, 60]
    assert "120 operations a second" in rate.about


def test_seconds_with_a_checkpoint_are_marked() -> None:
    found = load.series_table(made_up_load()).rows
    assert [(row[1], row[-1]) for row in found] == [(0, "no"), (1, "yes"), (2, "no")]


def test_a_run_with_load_has_its_charts_and_the_same_data_give_the_same_bytes() -> None:
    run = summary().model_copy(update={"load": made_up_load()})
    charts = {one.name: one for one in load_charts(run)}
    assert list(charts) == ["load-knee", "load-percentiles-rate", "load-percentiles-share", "load-series"]
    assert {one.name: one.svg for one in load_charts(run)} == {name: one.svg for name, one in charts.items()}
    assert b"capacity" in charts["load-knee"].svg
    assert b"checkpoint" in charts["load-series"].svg


def test_a_run_without_load_has_neither_chart_nor_table() -> None:
    assert list(load_charts(summary())) == []
    assert load_grids(None) == []


@pytest.mark.parametrize("invalid", [None, LATE])
def test_a_generator_that_was_the_bottleneck_is_told_by_summary_chart_and_report(invalid: str | None) -> None:
    found = made_up_load(invalid)
    (one,) = [level for level in found.levels if level.variant == "hybrid" and level.purpose == "rate"]
    assert (one.valid, one.why) == (invalid is None, [] if invalid is None else [LATE])
    charts = {one.name: one for one in load_charts(summary().model_copy(update={"load": found}))}
    told = (b"hybrid, not valid" in charts["load-percentiles-rate"].svg, "invalid" in as_csv(charts["load-knee"].table).decode())
    assert told == (invalid is not None,) * 2
    (hybrid,) = [row for row in csv.DictReader(io.StringIO(as_csv(load.knee_table(found)).decode())) if _is_equal(row)]
    assert hybrid["valid"] == ("valid" if invalid is None else "invalid")
    titles = [grid.title for grid in load_grids(found)]
    assert ("Rates at which the generator was the bottleneck" in titles) is (invalid is not None)
    cells = [cell for grid in load_grids(found) for row in grid.rows for cell in row]
    assert (LATE in cells) is (invalid is not None)


def test_what_a_capacity_is_bound_by_is_told_by_chart_and_report() -> None:
    found = made_up_load()
    bound = [one.model_copy(update={"bound_by": "channel"} if one.variant == "dual" else {}) for one in found.capacities]
    knee = _knee(found.model_copy(update={"capacities": bound}))
    assert "Bound by the hottest channels, where one operation goes after another, not by what the server bears: dual." in knee
    assert "Bound by" not in _knee(found)
    (grid,) = [one for one in load_grids(found.model_copy(update={"capacities": bound})) if one.title == "Capacity"]
    assert [row[4] for row in grid.rows] == [
        "the hottest channels, where one operation goes after another",
        "the design on this machine",
    ]


def test_shares_that_are_withheld_are_told_in_words() -> None:
    found = made_up_load()
    apart = [one.model_copy(update={"apart": "its searches kept 1 to 9 a second"}) for one in found.capacities]
    (grid,) = [one for one in load_grids(found.model_copy(update={"capacities": apart})) if one.title == "Capacity"]
    assert {row[5] for row in grid.rows} == {"withheld: its searches kept 1 to 9 a second"}


def test_a_rate_that_was_cut_short_has_no_mark_and_its_row_says_why() -> None:
    found = made_up_load()
    cut = level([point(800.0, kept=False)], [table([1.0] * 100, outcomes={99: (Outcome.CUT, None)})], 50.0)
    whole = found.model_copy(update={"levels": [*found.levels, cut]})
    assert 800 not in [one.rate_per_s for one in load.knees(whole)[0].points]
    assert "Cut short by the limit of a point, so without quantile and mark: 1 of the rates." in _knee(whole)
    (row,) = [row for row in csv.DictReader(io.StringIO(as_csv(load.knee_table(whole)).decode())) if row["rate_per_s"] == "800.0"]
    assert (row["response_p50_ns"], row["response_p99_ns"], row["valid"]) == ("", "", "cut short")
    cells = [cell for grid in load_grids(whole) for row in grid.rows for cell in row]
    assert "cut short: 1 never begun" in cells


def _knee(found: LoadSummary) -> str:
    return next(one.words.caption for one in load_charts(summary().model_copy(update={"load": found})) if one.name == "load-knee")


def _is_equal(row: dict[str, str]) -> bool:
    return row["variant"] == "hybrid" and row["purpose"] == "rate"
