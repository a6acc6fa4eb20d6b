from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from bench.stats.between import Change, Measured, change, factor, medians, rank_p_value, sessions_needed
from bench.stats.several import FAMILY_WISE, holm


def measured(*by_session: float) -> Measured:
    return Measured(float(np.mean(by_session)), dict(enumerate(by_session)))


A, B = (0.10, 0.12, 0.09, 0.14), (0.30, 0.41, 0.33, 0.29)


def found(before: Measured, after: Measured) -> Change:
    one = change(before, after)
    assert one is not None
    return one


def test_few_sessions_are_compared_as_welch_does() -> None:
    expected = stats.ttest_ind(B, A, equal_var=False)
    one = found(measured(*A), measured(*B))
    assert one.p_value == pytest.approx(expected.pvalue)
    bounds = expected.confidence_interval(0.95)
    assert (math.log(one.interval.low), math.log(one.interval.high)) == pytest.approx((bounds.low, bounds.high))
    assert one.interval.estimate == pytest.approx(math.exp(np.mean(B) - np.mean(A)))


def test_many_sessions_of_the_same_workloads_are_paired_by_their_numbers() -> None:
    before, after = (*A, 0.8, 1.2), (*(value + 0.2 for value in A), 1.05, 1.39)
    one = found(measured(*before), measured(*after))
    assert one.p_value == pytest.approx(stats.ttest_rel(after, before).pvalue)
    other_numbers = Measured(float(np.mean(after)), {number + 1: value for number, value in enumerate(after)})
    assert found(measured(*before), other_numbers).p_value == pytest.approx(stats.ttest_ind(after, before, equal_var=False).pvalue)


def test_one_session_says_nothing_of_how_sessions_differ() -> None:
    assert change(measured(0.1), measured(*B)) is None
    assert change(measured(*A), measured(0.1)) is None


def test_equal_runs_have_no_change_and_sessions_without_spread_a_certain_one() -> None:
    assert found(measured(*A), measured(*A)).p_value == 1.0
    assert found(measured(0.1, 0.1), measured(0.1, 0.1)).p_value == 1.0
    assert found(measured(0.1, 0.1), measured(0.2, 0.2)).p_value == 0.0


def test_the_smallest_change_that_a_level_can_tell_has_that_p_value() -> None:
    one = found(measured(*A), measured(*B))
    assert Change(one.smallest(0.001), one.error, one.freedom).p_value == pytest.approx(0.001)


def test_a_factor_is_a_number_however_large_its_logarithm() -> None:
    assert math.isfinite(factor(1e6))
    assert factor(-1e6) > 0
    assert found(measured(-500, 500), measured(-400, 600)).interval.high < math.inf


def test_ranks_of_four_sessions_against_four_reach_no_further_than_2_of_70() -> None:
    assert rank_p_value([1, 2, 3, 4], [5, 6, 7, 8]) == pytest.approx(2 / 70)
    assert rank_p_value([1, 2, 3, 5], [4, 6, 7, 8]) > 2 / 70
    assert sessions_needed(0.05) == 4
    assert sessions_needed(0.05 / 100) == 8


def test_the_median_of_each_session_is_taken_by_its_number() -> None:
    assert medians(np.array([1.0, 9.0, 3.0, 2.0]), np.array([0, 4, 0, 0])) == {0: 2.0, 4: 9.0}


@pytest.mark.parametrize("sessions", [2, 4, 8])
def test_runs_of_one_distribution_show_a_difference_in_no_more_than_five_of_a_hundred_families(sessions: int) -> None:
    """Twenty figures, each with the workload's part, which both runs share, and a part of the session's own."""
    rng, families, false = np.random.default_rng(1), 400, 0
    for _ in range(families):
        p_values = []
        for _ in range(20):
            workload = rng.normal(0, 0.1, sessions)
            runs = [measured(*(workload + rng.normal(0, 0.03, sessions))) for _ in range(2)]
            p_values.append(found(*runs).p_value)
        false += min(holm(p_values)) <= FAMILY_WISE
    # Two standard errors of a share of 5 % of 400.
    assert false / families <= 0.05 + 2 * math.sqrt(0.05 * 0.95 / families)


@pytest.mark.parametrize(("sessions", "spread"), [(4, 0.01), (16, 0.03)])
def test_a_planted_change_of_a_fifth_is_found_among_many_with_its_sign(sessions: int, spread: float) -> None:
    rng = np.random.default_rng(2)
    for planted in (math.log(1.2), -math.log(1.2)):
        rows = [[rng.normal(0, spread, sessions) for _ in range(2)] for _ in range(50)]
        changes = [
            found(measured(*one), measured(*(other + (planted if place == 7 else 0)))) for place, (one, other) in enumerate(rows)
        ]
        told = [place for place, p_value in enumerate(holm([one.p_value for one in changes])) if p_value <= FAMILY_WISE]
        assert told == [7]
        assert math.copysign(1, changes[7].log_change) == math.copysign(1, planted)
