"""From points and rows to the summary: pooled values, capacities, curves."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load import judging
from bench.load.derive import capacities, curve, level, parts
from bench.load.levels import planned
from bench.load.recorder import Outcome
from tests.bench.load.rows import MS, point, table


def test_percentiles_are_of_pooled_values_and_not_averaged() -> None:
    tables = [table([1.0] * 600), table([9.0] * 400, point=1)]
    found = level([point(100.0), point(100.0, point=1, repeat=1)], tables, 50.0)
    assert found.n == 1_000
    assert {one.q: one.response_ns for one in found.quantiles} == {0.5: 1 * MS, 0.9: 9 * MS, 0.99: None, 0.999: None}
    assert found.repeats == 2


def test_a_point_that_was_cut_has_no_quantile_since_those_that_were_begun_went_well() -> None:
    cut = table([1.0] * 1_000, outcomes={999: (Outcome.CUT, None)}, point=1)
    found = level([point(100.0, purpose="rate"), point(100.0, purpose="rate", point=1)], [table([1.0] * 1_000), cut], 50.0)
    assert found.cut == 1
    assert {(one.response_ns, one.service_ns, one.lag_ns) for one in found.quantiles} == {(None, None, None)}
    assert (found.response_p99_ns, found.lag_p99_ns, found.curve) == (None, None, [])
    lacking = table([1.0] * 1_000, outcomes={999: (Outcome.NOT_ISSUED, None)})
    assert level([point(100.0)], [lacking], 50.0).response_p99_ns == 1 * MS


def test_one_invalid_repeat_makes_a_level_invalid_with_its_reason() -> None:
    found = level([point(100.0), point(100.0, invalid="the generator was late")], [table([1.0] * 10)] * 2, 50.0)
    assert (found.valid, found.why) == (False, ["the generator was late"])


def test_a_capacity_says_what_it_is_bound_by() -> None:
    searched = [point(100.0), point(200.0, kept=False), point(141.4, kept=False)]
    (found,) = capacities(searched)
    assert (found.rate_per_s, found.low_per_s, found.high_per_s, found.bound_by) == (100, 100, 141.4, "design")
    late = [*searched[:2], point(141.4, kept=False, invalid="late")]
    assert capacities(late)[0].bound_by == "generator"


def test_a_rate_missed_while_most_of_a_response_was_waiting_for_the_channel_is_bound_by_the_channel() -> None:
    rows_of_it = judging.rows(table([100.0] * 10, channel_ms=60.0))
    assert judging.channel_share(rows_of_it) == pytest.approx(0.6)
    searched = [point(100.0), point(105.0, kept=False, channel_share=0.6)]
    assert capacities(searched)[0].bound_by == "channel"
    assert capacities([searched[0], point(105.0, kept=False, channel_share=0.4)])[0].bound_by == "design"
    late = point(105.0, kept=False, channel_share=0.6, invalid="late")
    assert capacities([searched[0], late])[0].bound_by == "generator"


def test_a_curve_ends_where_ten_values_are_left_beyond_it() -> None:
    values = np.arange(1, 1_001, dtype=np.int64)
    found = curve(values)
    assert found[0].share == 0
    assert found[-1].share == pytest.approx(0.99, abs=0.001)
    assert all(
        one.response_ns == max(1, int(np.ceil(round(one.share * 1_000, 6)))) for one in found[1:] if one.share in (0.9, 0.99)
    )
    assert curve(values[:0]) == []


def test_a_series_has_each_second_with_its_median_and_longest() -> None:
    found = parts(judging.rows(table([1.0] * 50 + [3.0] * 49 + [40.0], gap_ms=20.0)))
    assert [(one.second, one.n, one.response_p50_ns, one.response_max_ns) for one in found] == [
        (0, 50, 1 * MS, 1 * MS),
        (1, 50, 3 * MS, 40 * MS),
    ]


def test_a_second_of_a_series_of_which_an_operation_was_cut_has_no_figures() -> None:
    cut = judging.rows(table([1.0] * 100, gap_ms=20.0, outcomes={70: (Outcome.CUT, None)}))
    assert [one.second for one in parts(cut)] == [0]


def test_shares_of_a_capacity_on_which_searches_do_not_agree_are_withheld_and_equal_rates_are_not() -> None:
    searched = [point(100.0), point(105.0, kept=False), point(180.0, repeat=1), point(190.0, kept=False, repeat=1)]
    (found,) = capacities(searched)
    assert found.apart == "its searches kept 100 to 180 a second, more than 1.5 times apart"
    plan = planned({"dual": found.rate_per_s}, "dual", [20, 60], [], seed=1, repeat=0, own_shares=False)
    assert {one.purpose for one in plan} == {"rate"}


def test_equal_rates_come_first_and_are_the_same_for_all_variants() -> None:
    known = {"dual": 100.0, "hybrid": 300.0, "floor": 0.0}
    plans = {name: planned(known, name, [20, 60], [], seed=1, repeat=0) for name in known}
    equal = {name: [one for one in plan if one.purpose == "rate"] for name, plan in plans.items()}
    assert equal["dual"] == equal["hybrid"] == equal["floor"]
    assert sorted(one.rate_per_s for one in equal["dual"]) == [20.0, 60.0]
    assert sorted(one.rate_per_s for one in plans["hybrid"] if one.purpose == "share") == [60.0, 180.0]
    assert [one for one in plans["floor"] if one.purpose == "share"] == []
    assert plans["dual"][:2] == equal["dual"]


def test_rates_that_are_said_take_the_place_of_shares_of_the_slowest() -> None:
    plan = planned({"dual": 100.0}, "dual", [50], [33.0, 44.0], seed=1, repeat=0)
    assert sorted(one.rate_per_s for one in plan if one.purpose == "rate") == [33.0, 44.0]
