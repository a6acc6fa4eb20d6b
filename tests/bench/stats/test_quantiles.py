from __future__ import annotations

import numpy as np
import pytest

from bench.stats.quantiles import quantile, quantile_interval, values_needed


@pytest.mark.parametrize(("q", "needed"), [(0.5, 1), (0.9, 1_000), (0.99, 10_000), (0.999, 100_000)])
def test_a_quantile_needs_a_hundred_values_beyond_it(q: float, needed: int) -> None:
    assert values_needed(q) == needed


@pytest.mark.parametrize("q", [0.0, 1.0, -1.0, 99.0])
def test_a_quantile_outside_of_zero_and_one_is_refused(q: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        values_needed(q)


def test_a_sample_too_small_for_its_quantile_gives_none() -> None:
    values = np.arange(999)
    assert quantile(values, 0.9) is None
    assert quantile_interval(values, 0.9) is None
    assert quantile(np.arange(0), 0.5) is None


def test_a_quantile_is_one_of_the_values_at_the_nearest_rank() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1, 1001))
    assert quantile(values, 0.9) == 900
    assert quantile(values, 0.5) == 500
    assert quantile(np.array([7]), 0.5) == 7


def test_the_interval_of_the_median_has_the_ranks_of_the_tables() -> None:
    # 95 % order statistics for the median of 100 values: the 40th and the 61st.
    found = quantile_interval(np.arange(1, 101), 0.5)
    assert found is not None
    assert (found.low, found.value, found.high) == (40, 50, 61)


def test_five_values_have_a_median_but_no_interval() -> None:
    assert quantile(np.arange(5), 0.5) == 2
    assert quantile_interval(np.arange(5), 0.5) is None


def test_the_interval_of_a_tail_holds_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(3)
    truth = -np.log(0.1) * 1e6
    found = [quantile_interval((rng.exponential(1e6, 1_000)).astype(np.int64), 0.9) for _ in range(300)]
    held = sum(interval is not None and interval.low <= truth <= interval.high for interval in found)
    assert 0.92 <= held / 300 <= 0.99
