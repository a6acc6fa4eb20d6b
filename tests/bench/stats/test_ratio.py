from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import stats

from bench.stats.ratio import Interval, LogRatio, noise, paired_ratio
from bench.stats.resampling import midmean


def cells(sessions: int, blocks: int, messages: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    session = np.repeat(np.arange(sessions), blocks * messages)
    block = np.tile(np.repeat(np.arange(blocks), messages), sessions)
    return session, block


def test_the_estimate_is_the_exponential_of_the_mean_of_the_middle_half_of_the_log_ratios() -> None:
    log_ratios = np.log(np.array([1e-6, 0.1, 2.0, 4.0, 8.0, 2.0, 9.0, 1e9]))
    zeros = np.zeros(8, dtype=np.int64)
    found = paired_ratio(log_ratios, zeros, np.arange(8), np.random.default_rng(1), draws=100)
    assert found.interval.estimate == pytest.approx((2.0 * 2.0 * 4.0 * 8.0) ** 0.25)


def test_an_even_number_of_messages_takes_the_middle_of_the_two() -> None:
    zeros = np.zeros(2, dtype=np.int64)
    found = paired_ratio(np.array([0.0, 0.2]), zeros, np.arange(2), np.random.default_rng(1), draws=50)
    assert found.log_ratio == pytest.approx(0.1)


def test_messages_that_all_agree_leave_no_interval() -> None:
    session, block = cells(3, 4, 10)
    found = paired_ratio(np.full(120, math.log(1.25)), session, block, np.random.default_rng(1), draws=200)
    assert (found.interval.low, found.interval.high, found.detectable) == pytest.approx((1.25, 1.25, 0.0))
    assert found.p_value == pytest.approx(0)


def test_the_same_seed_gives_the_same_interval_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(5)
    session, block = cells(3, 4, 25)
    log_ratios = rng.normal(0, 0.2, 300)
    order = rng.permutation(300)
    first = paired_ratio(log_ratios, session, block, np.random.default_rng(9), draws=300)
    second = paired_ratio(log_ratios[order], session[order], block[order], np.random.default_rng(9), draws=300)
    assert first == second


@pytest.mark.parametrize(("sessions", "freedom"), [(1, 5), (2, 1), (8, 7)])
def test_sessions_are_the_unit_where_there_are_two_and_blocks_in_a_lone_one(sessions: int, freedom: int) -> None:
    session, block = cells(sessions, 6, 20)
    log_ratios = np.random.default_rng(1).normal(0, 0.1, len(session))
    assert paired_ratio(log_ratios, session, block, np.random.default_rng(1), draws=100).freedom == freedom


def test_the_error_is_that_of_the_repeated_blocks_and_the_interval_student_s() -> None:
    rng = np.random.default_rng(3)
    session, block = cells(1, 5, 7)
    log_ratios = rng.normal(0, 1, 35)
    found = paired_ratio(log_ratios, session, block, np.random.default_rng(4), draws=400)
    drawn = np.random.default_rng(4).multinomial(5, np.full(5, 0.2), size=400)
    by_block = [log_ratios[block == place] for place in range(5)]
    middles = [midmean(np.concatenate([np.tile(by_block[b], n) for b, n in enumerate(row) if n])) for row in drawn]
    assert found.error == pytest.approx(float(np.std(middles, ddof=1)) * math.sqrt(5 / 4))
    reach = float(stats.t.ppf(0.975, 4)) * found.error
    assert math.log(found.interval.high) == pytest.approx(found.log_ratio + reach)
    assert found.detectable == pytest.approx(2.8 * found.error)


def test_with_blocks_of_one_value_the_error_is_that_of_a_trimmed_mean() -> None:
    # The asymptotic variance of a mean of the middle half of n values is four times their winsorised variance, over n
    # (Huber, Robust Statistics, 1981, section 3.3).
    rng = np.random.default_rng(8)
    n = 400
    errors = []
    for _ in range(30):
        values = rng.normal(0, 1, n)
        errors.append(paired_ratio(values, np.zeros(n, np.int64), np.arange(n), rng, draws=300).error)
    quartile = float(stats.norm.ppf(0.75))
    winsorised = 0.5 - 2 * quartile * float(stats.norm.pdf(quartile)) + 0.5 * quartile**2
    assert np.mean(errors) == pytest.approx(math.sqrt(4 * winsorised / n), rel=0.1)


def test_a_p_value_is_that_of_student_s_t() -> None:
    found = LogRatio(0.03, 0.01, 7)
    assert found.p_value == pytest.approx(2 * stats.t.sf(3, 7))
    assert LogRatio(0.0, 0.0, 7).p_value == 1


def test_blocks_that_differ_widen_the_interval_beyond_that_of_single_messages() -> None:
    rng = np.random.default_rng(11)
    session, block = cells(1, 20, 50)
    apart = np.repeat(rng.normal(0, 0.1, 20), 50) + rng.normal(0, 0.01, 1000)
    found = paired_ratio(apart, session, block, np.random.default_rng(1), draws=500)
    single = paired_ratio(apart, session, np.arange(1000), np.random.default_rng(1), draws=500)
    assert found.error > 2 * single.error


def test_sessions_that_differ_widen_the_interval() -> None:
    session, block = cells(4, 5, 40)
    even = np.random.default_rng(2).normal(0, 0.01, 800)
    uneven = even + np.repeat([-0.1, -0.03, 0.03, 0.1], 200)
    narrow = paired_ratio(even, session, block, np.random.default_rng(1), draws=500)
    wide = paired_ratio(uneven, session, block, np.random.default_rng(1), draws=500)
    assert wide.error > 10 * narrow.error


def test_twenty_thousand_pairs_and_two_thousand_draws_are_taken() -> None:
    session, block = cells(4, 5, 1000)
    log_ratios = np.random.default_rng(1).normal(-0.1, 0.3, 20_000)
    found = paired_ratio(log_ratios, session, block, np.random.default_rng(2)).interval
    assert found.low < math.exp(-0.1) < found.high
    assert found.high / found.low < 1.05


@pytest.mark.parametrize(
    ("log_ratios", "session"), [([], []), ([0.0, 0.1], [0]), ([0.0, math.inf], [0, 0]), ([0.0, math.nan], [0, 0])]
)
def test_empty_unequal_or_infinite_input_is_refused(log_ratios: list[float], session: list[int]) -> None:
    sessions = np.array(session, dtype=np.int64)
    with pytest.raises(ValueError, match="log ratios"):
        paired_ratio(np.array(log_ratios), sessions, sessions, np.random.default_rng(1))


def test_a_single_block_is_refused() -> None:
    zeros = np.zeros(10, dtype=np.int64)
    with pytest.raises(ValueError, match="one block of one session"):
        paired_ratio(np.zeros(10), zeros, zeros, np.random.default_rng(1))


def test_the_noise_of_a_pair_is_the_further_bound_of_its_interval() -> None:
    assert noise(Interval(1.001, 0.99, 1.03)) == pytest.approx(math.log(1.03))


@pytest.mark.parametrize("freedom", [5, 9, 15, 39])
def test_a_difference_of_2_8_errors_is_found_every_second_time_and_the_larger_one_four_times_of_five(freedom: int) -> None:
    found = LogRatio(0.0, 1.0, freedom)
    # With an estimated error, the estimate over its error is Student's noncentral t.
    assert stats.nct.sf(2.8, freedom, found.detectable) == pytest.approx(0.5, abs=0.05)
    assert stats.nct.sf(2.8, freedom, found.found_in_4_of_5) == pytest.approx(0.8, abs=0.04)


def test_with_few_sessions_student_s_quantile_is_the_bound_of_what_is_found() -> None:
    found = LogRatio(0.0, 0.01, 2)
    assert found.found_in_4_of_5 == pytest.approx(0.01 * (4.302653 + 1.060660), rel=1e-5)
    assert found.found_in_4_of_5 > found.detectable
