"""From points and rows to the summary: pooled values, capacities, curves."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load import judging
from bench.load.derive import capacities, curve, level, parts
from bench.load.levels import planned
from tests.bench.load.rows import MS, point, table


def test_percentiles_are_of_pooled_values_and_not_averaged() -> None:
    tables = [table([1.0] * 600), table([9.0] * 400, point=1)]
    found = level([point(100.0), point(100.0, point=1, repeat=1)], tables, 50.0)
    assert found.n == 1_000
    assert {one.q: one.response_ns for one in found.quantiles} == {0.5: 1 * MS, 0.9: 9 * MS, 0.99: None, 0.999: None}
    assert found.repeats == 2


def test_one_invalid_repeat_makes_a_level_invalid_with_its_reason() -> None:
    found = level([point(100.0), point(100.0, invalid="the generator was late")], [table([1.0] * 10)] * 2, 50.0)
    assert (found.valid, found.why) == (False, ["the generator was late"])


def test_a_capacity_says_what_it_is_bound_by() -> None:
    searched = [point(100.0), point(200.0, kept=False), point(141.4, kept=False)]
    (found,) = capacities(searched)
    assert (found.rate_per_s, found.low_per_s, found.high_per_s, found.bound_by) == (100, 100, 141.4, "design")
    late = [*searched[:2], point(141.4, kept=False, invalid="late")]
    assert capacities(late)[0].bound_by == "generator"


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
