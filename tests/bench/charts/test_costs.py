"""The bars of where time goes."""

from __future__ import annotations

import pytest

from bench.charts import costs, costs_figure
from bench.charts.canvas import drawing
from bench.charts.cost_charts import cost_charts
from tests.bench.report.made_up import cost_row, costs_summary, estimate, summary


def test_the_shares_of_a_bar_add_up_to_its_time_and_the_queue_is_a_part_of_the_rest() -> None:
    row = cost_row("dual")
    found = dict(costs.shares(row))
    assert found == {costs.CLIENT: 200, costs.BACKEND: 300, costs.FSYNC: 100, costs.QUEUED: 150, costs.WAIT: 250}
    assert sum(found.values()) == row.wall_us.mean


def test_a_queue_that_is_longer_than_the_rest_takes_all_of_it() -> None:
    found = dict(costs.shares(cost_row("dual", queued_us=estimate(5000))))
    assert (found[costs.QUEUED], found[costs.WAIT]) == (400, 0)


@pytest.mark.parametrize("lacking", ["backend_cpu_us", "fsync_us"])
def test_what_was_not_measured_is_drawn_as_not_split_and_never_as_nothing(lacking: str) -> None:
    row = cost_row("dual", wait_us=None).model_copy(update={lacking: None})
    found = dict(costs.shares(row))
    assert costs.UNSPLIT in found
    assert costs.WAIT not in found
    assert sum(found.values()) == 1000


def test_a_rest_below_nothing_is_drawn_as_nothing() -> None:
    assert dict(costs.shares(cost_row("dual", wait_us=estimate(-20))))[costs.WAIT] == 0


def test_there_is_a_chart_for_each_exchange_with_its_data() -> None:
    found = list(cost_charts(summary(costs=costs_summary())))
    assert [chart.name for chart in found] == ["costs-plain", "costs-shared"]
    assert found[0].table.heading[:4] == ("kind", "design", "share", "us_per_operation")
    assert {row[1] for row in found[0].table.rows} == {"dual", "hybrid"}
    assert b"backend CPU" in found[0].svg
    assert list(cost_charts(summary())) == []


def test_a_design_of_unequal_work_is_marked() -> None:
    groups = costs.split_groups([cost_row("dual"), cost_row("hybrid")], "plain")
    with drawing():
        figure = costs_figure.draw(groups, {("hybrid", "send")})
    (axes,) = figure.axes
    assert [label.get_text() for label in axes.get_yticklabels()] == ["dual", "hybrid †"]
