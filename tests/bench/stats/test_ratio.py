from __future__ import annotations

import math

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.stats.ratio import Interval, is_separated, noise, paired_ratio


def cells(sessions: int, blocks: int, messages: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    session = np.repeat(np.arange(sessions), blocks * messages)
    block = np.tile(np.repeat(np.arange(blocks), messages), sessions)
    return session, block


def test_the_estimate_is_the_exponential_of_the_median_log_ratio() -> None:
    log_ratios = np.log(np.array([0.5, 2.0, 4.0]))
    zeros = np.zeros(3, dtype=np.int64)
    found = paired_ratio(log_ratios, zeros, np.arange(3), np.random.default_rng(1), draws=100)
    assert found.estimate == pytest.approx(2.0)


def test_an_even_number_of_messages_takes_the_middle_of_the_two() -> None:
    log_ratios = np.array([0.0, 0.2])
    zeros = np.zeros(2, dtype=np.int64)
    found = paired_ratio(log_ratios, zeros, zeros, np.random.default_rng(1), draws=50)
    assert (found.low, found.estimate, found.high) == pytest.approx((math.exp(0.1),) * 3)


def test_messages_that_all_agree_leave_no_interval() -> None:
    session, block = cells(3, 4, 10)
    found = paired_ratio(np.full(120, math.log(1.25)), session, block, np.random.default_rng(1), draws=200)
    assert (found.low, found.estimate, found.high) == pytest.approx((1.25, 1.25, 1.25))


def test_the_same_seed_gives_the_same_interval_whatever_the_order_of_the_rows() -> None:
    rng = np.random.default_rng(5)
    session, block = cells(3, 4, 25)
    log_ratios = rng.normal(0, 0.2, 300)
    order = rng.permutation(300)
    first = paired_ratio(log_ratios, session, block, np.random.default_rng(9), draws=300)
    second = paired_ratio(log_ratios[order], session[order], block[order], np.random.default_rng(9), draws=300)
    assert first == second


def test_a_weighted_median_is_that_of_the_repeated_blocks() -> None:
    rng = np.random.default_rng(3)
    session, block = cells(1, 5, 7)
    log_ratios = rng.normal(0, 1, 35)
    found = paired_ratio(log_ratios, session, block, np.random.default_rng(4), draws=400)
    weights = np.random.default_rng(4)
    weights.multinomial(1, [1.0], size=400)
    drawn = weights.multinomial(np.full(400, 5), np.full(5, 0.2))
    by_block = [log_ratios[block == place] for place in range(5)]
    medians = [np.median(np.concatenate([np.tile(by_block[b], n) for b, n in enumerate(row) if n])) for row in drawn]
    low, high = np.quantile(medians, [0.025, 0.975])
    assert (math.log(found.low), math.log(found.high)) == pytest.approx((low, high))


def test_blocks_that_differ_widen_the_interval_beyond_that_of_single_messages() -> None:
    rng = np.random.default_rng(11)
    session, block = cells(1, 20, 50)
    apart = np.repeat(rng.normal(0, 0.1, 20), 50) + rng.normal(0, 0.01, 1000)
    found = paired_ratio(apart, session, block, np.random.default_rng(1), draws=500)
    single = paired_ratio(apart, session, np.arange(1000), np.random.default_rng(1), draws=500)
    assert math.log(found.high / found.low) > 2 * math.log(single.high / single.low)


def test_sessions_that_differ_widen_the_interval() -> None:
    session, block = cells(4, 5, 40)
    rng = np.random.default_rng(2)
    even = rng.normal(0, 0.01, 800)
    uneven = even + np.repeat([-0.1, -0.03, 0.03, 0.1], 200)
    narrow = paired_ratio(even, session, block, np.random.default_rng(1), draws=500)
    wide = paired_ratio(uneven, session, block, np.random.default_rng(1), draws=500)
    assert math.log(wide.high / wide.low) > 10 * math.log(narrow.high / narrow.low)


@pytest.mark.parametrize(("session_sd", "block_sd"), [(0.0, 0.0), (0.004, 0.004)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(session_sd: float, block_sd: float) -> None:
    rng = np.random.default_rng(17)
    session, block = cells(4, 3, 60)
    truth, held, runs = 0.05, 0, 150
    for _ in range(runs):
        drift = np.repeat(rng.normal(0, session_sd, 4), 180) + np.repeat(rng.normal(0, block_sd, 12), 60)
        found = paired_ratio(truth + drift + rng.normal(0, 0.1, 720), session, block, rng, draws=200)
        held += found.low <= math.exp(truth) <= found.high
    assert 0.9 <= held / runs <= 1.0


def test_twenty_thousand_pairs_and_two_thousand_draws_are_taken() -> None:
    session, block = cells(4, 5, 1000)
    log_ratios = np.random.default_rng(1).normal(-0.1, 0.3, 20_000)
    found = paired_ratio(log_ratios, session, block, np.random.default_rng(2))
    assert found.low < math.exp(-0.1) < found.high
    assert found.high / found.low < 1.05


@pytest.mark.parametrize(
    ("log_ratios", "session"), [([], []), ([0.0, 0.1], [0]), ([0.0, math.inf], [0, 0]), ([0.0, math.nan], [0, 0])]
)
def test_empty_unequal_or_infinite_input_is_refused(log_ratios: list[float], session: list[int]) -> None:
    sessions = np.array(session, dtype=np.int64)
    with pytest.raises(ValueError, match="log ratios"):
        paired_ratio(np.array(log_ratios), sessions, sessions, np.random.default_rng(1))


def test_a_difference_is_separated_only_beyond_what_the_same_design_shows_against_itself() -> None:
    floor = Interval(1.001, 0.99, 1.03)
    assert noise(floor) == pytest.approx(math.log(1.03))
    assert is_separated(Interval(1.10, 1.08, 1.12), floor)
    assert is_separated(Interval(0.90, 0.88, 0.92), floor)
    assert not is_separated(Interval(1.02, 1.01, 1.03), floor)
    assert not is_separated(Interval(0.98, 0.97, 0.99), floor)


def test_an_interval_that_holds_one_is_never_separated() -> None:
    assert not is_separated(Interval(1.2, 0.99, 1.5), None)
    assert is_separated(Interval(1.2, 1.01, 1.5), None)
