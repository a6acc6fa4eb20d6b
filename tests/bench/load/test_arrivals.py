"""Due times are fixed beforehand by seed and rate alone."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load.arrivals import compressed, digest, poisson


def test_random_arrivals_keep_their_rate_and_have_exponential_gaps() -> None:
    due = poisson(200_000, 400.0, np.random.default_rng(1))
    gaps = np.diff(due)
    assert (gaps >= 0).all()
    assert len(due) / (due[-1] / 1e9) == pytest.approx(400, rel=0.01)
    # An exponential law has as large a deviation as its mean.
    assert gaps.std() == pytest.approx(gaps.mean(), rel=0.02)


def test_two_schedules_of_a_seed_and_rate_are_equal_and_of_another_seed_are_not() -> None:
    first, second, other = (digest(poisson(100, 50.0, np.random.default_rng(seed))) for seed in (3, 3, 4))
    assert first == second != other


def test_twice_the_rate_is_the_same_schedule_in_half_the_time() -> None:
    slow, fast = (poisson(1_000, rate, np.random.default_rng(3)) for rate in (50.0, 100.0))
    assert np.abs(slow - 2 * fast).max() <= 2


def test_a_workloads_own_times_keep_their_bursts_on_another_scale() -> None:
    due = compressed([1_000, 1_000, 1_100, 5_000], 2.0)
    assert due.tolist() == [0, 0, 50_000_000, 2_000_000_000]


def test_times_that_go_back_are_taken_as_the_latest_before_them() -> None:
    assert compressed([0, 500, 400, 1_000], 4.0).tolist() == [0, 500_000_000, 500_000_000, 1_000_000_000]


def test_times_that_are_all_the_same_are_due_at_once() -> None:
    assert compressed([7, 7, 7], 10.0).tolist() == [0, 0, 0]
    assert compressed([], 10.0).tolist() == []


@pytest.mark.parametrize("rate", [0.0, -1.0, float("inf"), float("nan")])
def test_a_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(ValueError, match="rate"):
        poisson(10, rate, np.random.default_rng(1))
