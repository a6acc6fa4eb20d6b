from __future__ import annotations

import math

import pytest

from bench.stats.ratio import Interval, LogRatio
from bench.stats.verdicts import Verdict, hidden, is_equivalent, is_separated, verdict


def test_a_difference_is_separated_when_it_is_unlikely_and_larger_than_what_can_be_detected() -> None:
    assert is_separated(LogRatio(0.03, 0.01, 7), 0.02)
    assert is_separated(LogRatio(-0.03, 0.01, 7), 0.02)
    assert not is_separated(LogRatio(0.03, 0.01, 7), 0.06)
    assert not is_separated(LogRatio(0.027, 0.01, 7), 0.02)


def test_a_difference_is_not_separated_within_what_the_same_code_hides() -> None:
    assert not is_separated(LogRatio(0.03, 0.01, 7), 0.02, 0.031)
    assert is_separated(LogRatio(0.03, 0.01, 7), 0.02, 0.029)


def test_an_a_a_pair_hides_what_it_detects_and_one_that_fails_all_that_it_reaches_to() -> None:
    assert hidden(Interval(1.0, 0.99, 1.01), 0.012) == 0.012
    assert hidden(Interval(1.02, 1.01, 1.03), 0.012) == pytest.approx(math.log(1.03))


def test_an_interval_inside_of_the_smallest_effect_on_both_sides_is_equivalent() -> None:
    assert is_equivalent(Interval(1.01, 0.99, 1.03), 0.05)
    assert not is_equivalent(Interval(1.03, 1.01, 1.06), 0.05)
    # As many percent less are a larger ratio than as many percent more: bounds are those of logarithms.
    assert is_equivalent(Interval(0.97, 0.953, 0.99), 0.05)
    assert not is_equivalent(Interval(0.96, 0.951, 0.99), 0.05)


@pytest.mark.parametrize(
    ("interval", "separated", "word"),
    [
        (Interval(1.10, 1.08, 1.12), True, Verdict.SLOWER),
        (Interval(0.90, 0.88, 0.92), True, Verdict.FASTER),
        (Interval(1.01, 0.99, 1.03), False, Verdict.NO_RELEVANT),
        (Interval(1.04, 0.99, 1.09), False, Verdict.OPEN),
    ],
)
def test_a_verdict_is_a_sign_no_relevant_difference_or_nothing(interval: Interval, separated: bool, word: Verdict) -> None:
    assert verdict(interval, 0.05, separated=separated) is word


def test_no_relevant_difference_is_not_told_where_the_same_code_hides_more_than_the_smallest_effect() -> None:
    near = Interval(1.01, 0.99, 1.03)
    assert is_equivalent(near, 0.05, math.log1p(0.05))
    assert not is_equivalent(near, 0.05, math.log(1.06))
    assert verdict(near, 0.05, math.log(1.06), separated=False) is Verdict.OPEN
    assert verdict(near, 0.05, 0.0, separated=False) is Verdict.NO_RELEVANT
