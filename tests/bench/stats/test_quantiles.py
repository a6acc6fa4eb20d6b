from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.stats.quantiles import QuantileInterval, quantile, quantile_interval, quantile_ratio, values_needed


def bounds(values: NDArray[np.int64], q: float) -> QuantileInterval | None:
    """Of a lone session in twenty blocks."""
    block = np.arange(len(values)) * 20 // max(1, len(values))
    return quantile_interval(values, np.zeros(len(values), np.int64), block, q, np.random.default_rng(1), 200)


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
    assert bounds(values, 0.9) is None
    assert quantile(np.arange(0), 0.5) is None


def test_a_quantile_is_one_of_the_values_at_the_nearest_rank() -> None:
    values = np.random.default_rng(1).permutation(np.arange(1, 1001))
    assert quantile(values, 0.9) == 900
    assert quantile(values, 0.5) == 500
    assert quantile(np.array([7]), 0.5) == 7


def test_the_bounds_of_a_quantile_come_from_its_blocks() -> None:
    # Blocks that agree leave no more open than rounding does; blocks that differ do.
    alike, apart = np.tile(np.arange(1, 101), 20), np.repeat(np.arange(1, 21), 100) * 1_000
    found = bounds(alike, 0.5)
    assert found is not None
    assert (found.low, found.value, found.high) == (49, 50, 51)
    wide = bounds(apart, 0.5)
    assert wide is not None
    assert wide.low < 8_000
    assert wide.high > 13_000


def test_a_single_block_has_a_median_but_no_bounds() -> None:
    zeros = np.zeros(50, dtype=np.int64)
    assert quantile_interval(np.arange(1, 51), zeros, zeros, 0.5, np.random.default_rng(1), 100) is None


def test_the_bounds_of_a_tail_hold_the_truth_about_as_often_as_they_say() -> None:
    rng = np.random.default_rng(3)
    truth = -np.log(0.1) * 1e6
    found = [bounds((rng.exponential(1e6, 2_000)).astype(np.int64), 0.9) for _ in range(300)]
    held = sum(interval is not None and interval.low <= truth <= interval.high for interval in found)
    assert 0.91 <= held / 300 <= 0.99


def test_the_ratio_of_two_tails_is_that_of_the_quantiles_with_bounds_around_it() -> None:
    rng = np.random.default_rng(3)
    baseline = rng.exponential(1e6, 12_000).astype(np.int64) + 1
    zeros, block = np.zeros(12_000, dtype=np.int64), np.arange(12_000) // 600
    found = quantile_ratio(2 * baseline, baseline, zeros, block, 0.99, rng, 200)
    assert found is not None
    assert found.estimate == pytest.approx(2)
    assert found.low <= 2 <= found.high
    assert quantile_ratio(baseline[:9_999], baseline[:9_999], zeros[:9_999], block[:9_999], 0.99, rng, 200) is None
