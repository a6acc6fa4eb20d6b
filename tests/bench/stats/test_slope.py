"""Slopes with known answers: published data, scipy, and lines without noise."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bench.stats.means import Mean
from bench.stats.slope import exponent, fit

# NIST, Statistical Reference Datasets, Norris: certified slope and intercept.
NORRIS_X = (
    *(0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0, 447.5, 11.6),
    *(556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3, 229.2, 669.1, 448.9, 0.5),
)
NORRIS_Y = (
    *(0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3, 448.9, 10.8),
    *(557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6, 228.9, 668.4, 449.2, 0.2),
)


def bounds(found: Mean) -> tuple[float, float]:
    assert found.low is not None
    assert found.high is not None
    return found.low, found.high


def test_the_slope_of_published_data_is_the_certified_one() -> None:
    order = np.argsort(NORRIS_X, kind="stable")
    x, y = np.array(NORRIS_X)[order], np.array(NORRIS_Y)[order]
    # Two places are there more than once: apart by less than the last digit that is certified.
    x = x + np.arange(len(x)) * 1e-12
    found = fit(list(x), y[np.newaxis, :])
    assert found.slope.mean == pytest.approx(1.00211681802045, rel=1e-9)
    assert found.at(0.0).mean == pytest.approx(-0.262323073774029, rel=1e-6)


def test_bounds_over_repetitions_are_those_of_students_one_sample() -> None:
    rng = np.random.default_rng(3)
    x = np.array([0.0, 1.0, 2.0, 4.0, 8.0])
    curves = 5 + 3 * x + rng.normal(0, 0.5, (6, 5))
    found = fit(list(x), curves).slope
    slopes = [stats.linregress(x, curve).slope for curve in curves]
    low, high = stats.ttest_1samp(slopes, 0).confidence_interval(0.95)
    assert found.mean == pytest.approx(np.mean(slopes))
    assert (found.low, found.high) == pytest.approx((low, high))


def test_a_line_without_noise_is_found_exactly_with_no_residual_and_goes_on_beyond_its_points() -> None:
    found = fit([0, 1, 2, 4], np.array([[10.0, 13.0, 16.0, 22.0]] * 3))
    assert (found.slope.mean, found.slope.low, found.slope.high) == pytest.approx((3.0, 3.0, 3.0))
    assert found.residuals == pytest.approx([0, 0, 0, 0], abs=1e-9)
    assert found.at(50).mean == pytest.approx(160)
    assert [mean.mean for mean in found.means] == [10, 13, 16, 22]


def test_one_curve_and_two_sizes_have_a_slope_and_no_bounds() -> None:
    alone = fit([0, 1, 2], np.array([[10.0, 13.0, 16.0]]))
    assert alone.slope.mean == pytest.approx(3.0)
    assert (alone.slope.low, alone.slope.high, alone.slope.n) == (None, None, 1)
    assert [(mean.low, mean.high) for mean in alone.means] == [(None, None)] * 3
    power = exponent([1e4, 1e5], [5.0, 50.0])
    assert power.mean == pytest.approx(1.0)
    assert (power.low, power.high) == (None, None)


def test_a_bend_shows_as_residuals_and_not_as_a_wide_interval() -> None:
    x = np.arange(6.0)
    found = fit(list(x), np.stack([x**2, x**2]))
    low, high = bounds(found.slope)
    assert high - low == pytest.approx(0)
    assert max(map(abs, found.residuals)) > 2


def test_the_interval_covers_the_true_slope_in_about_95_of_100_simulations() -> None:
    rng, x, covered = np.random.default_rng(7), np.array([0.0, 1.0, 2.0, 4.0, 8.0, 16.0]), 0
    for _ in range(1_000):
        # Each session has a level and a slope of its own, as machines that drift have.
        curves = 2 + rng.normal(0, 1, (6, 1)) + (3 + rng.normal(0, 0.3, (6, 1))) * x + rng.normal(0, 0.5, (6, 6))
        found = fit(list(x), curves).slope
        low, high = bounds(found)
        covered += low <= 3 <= high
    assert 930 <= covered <= 970


def test_an_exponent_is_that_of_the_power_and_its_bounds_those_of_least_squares() -> None:
    sizes = [1e4, 1e5, 1e6]
    found = exponent(sizes, [3 * size**1.04 for size in sizes])
    assert (found.mean, found.low, found.high) == pytest.approx((1.04, 1.04, 1.04))
    costs = [5.1, 5.0, 48.0, 51.0, 500.0]
    sizes = [1e4, 1e4, 1e5, 1e5, 1e6]
    line = stats.linregress(np.log(sizes), np.log(costs))
    reach = stats.t.ppf(0.975, 3) * line.stderr
    found = exponent(sizes, costs)
    assert (found.low, found.high) == pytest.approx((line.slope - reach, line.slope + reach))


@pytest.mark.parametrize(
    ("sizes", "curves"),
    [
        ([1.0], np.ones((2, 1))),
        ([1.0, 1.0], np.ones((2, 2))),
        ([1.0, 2.0], np.ones((2, 3))),
        ([1.0, 2.0], np.array([[1.0, np.nan]])),
        ([1.0, 2.0], np.empty((0, 2))),
    ],
)
def test_what_has_no_slope_is_refused(sizes: list[float], curves: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> None:
    with pytest.raises(ValueError, match=r"slope|curve"):
        fit(sizes, curves)


@pytest.mark.parametrize(("sizes", "costs"), [([1.0], [1.0]), ([1.0, 2.0], [0.0, 1.0]), ([0.0, 2.0], [1.0, 1.0])])
def test_what_has_no_exponent_is_refused(sizes: list[float], costs: list[float]) -> None:
    with pytest.raises(ValueError, match="exponent"):
        exponent(sizes, costs)
