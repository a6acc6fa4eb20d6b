"""Means of repetitions, against published figures."""

from __future__ import annotations

import pytest
from scipy import stats

from bench.stats.means import mean

SLEEP = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
"""Extra hours of sleep of ten patients (Student, The probable error of a mean, 1908)."""


def test_the_interval_of_students_own_data() -> None:
    found = mean(SLEEP)
    expected = stats.ttest_1samp(SLEEP, 0).confidence_interval()
    assert found.n == 10
    assert found.mean == pytest.approx(0.75)
    assert found.low == pytest.approx(expected.low)
    assert found.high == pytest.approx(expected.high)


def test_one_value_has_no_interval_and_none_no_mean() -> None:
    assert (mean([3.0]).mean, mean([3.0]).low, mean([3.0]).high) == (3.0, None, None)
    with pytest.raises(ValueError, match="needs a value"):
        mean([])
