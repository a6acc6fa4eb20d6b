"""Shares with bounds: known answers of scipy and of the literature, and what cannot be a share."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.stats.proportion import newcombe, rule_of_three, told, wilson


@st.composite
def shares(draw: st.DrawFn) -> tuple[int, int]:
    n = draw(st.integers(1, 400))
    return draw(st.integers(0, n)), n


def test_the_worked_bounds_of_89_kills_of_200() -> None:
    assert wilson(89, 200) == pytest.approx((0.378, 0.514), abs=5e-4)
    assert wilson(1, 1000) == pytest.approx((0.0002, 0.0056), abs=5e-5)


def test_three_of_three_is_no_rate() -> None:
    assert told(3, 3) == "3 of 3, too few for a rate"


def test_never_in_200_is_less_than_1_5_percent() -> None:
    exact = stats.binomtest(0, 200, alternative="less").proportion_ci(method="exact").high
    assert rule_of_three(200) == 0.015 == pytest.approx(exact, abs=2e-4)
    assert told(0, 200) == "0 of 200, < 3/200 (1.5 %)"


def test_the_rule_of_three_says_nothing_of_two() -> None:
    assert rule_of_three(2) == rule_of_three(0) == 1.0


@given(shares())
def test_wilson_is_that_of_scipy(share: tuple[int, int]) -> None:
    k, n = share
    score = stats.binomtest(k, n).proportion_ci(method="wilson")
    assert wilson(k, n) == pytest.approx((score.low, score.high), abs=1e-9)


def test_the_difference_of_newcombe_s_first_example() -> None:
    found = newcombe(56, 70, 48, 80)
    assert found.estimate == pytest.approx(0.2)
    assert (found.low, found.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)


@given(shares(), shares())
def test_a_difference_turns_its_sign_with_its_sides(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = newcombe(*one, *other), newcombe(*other, *one)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-12)
    assert -1 - 1e-12 <= there.low <= there.estimate <= there.high <= 1 + 1e-12


@pytest.mark.parametrize(
    ("k", "n", "words"),
    [
        (0, 0, "no exposure"),
        (0, 29, "0 of 29, < 3/29, too few for a rate"),
        (0, 4, "0 of 4, < 3/4, too few for a rate"),
        (0, 3, "0 of 3, too few for a rate"),
        (0, 30, "0 of 30, < 3/30 (10.0 %)"),
        (89, 200, "89 of 200, 44.5 % [37.8 %, 51.4 %]"),
        (200, 200, "200 of 200, 100.0 % [98.1 %, 100.0 %]"),
        (0, 29956, "0 of 29956, < 3/29956 (0.010 %)"),
        (1, 1000, "1 of 1000, 0.10 % [0.018 %, 0.56 %]"),
    ],
)
def test_how_a_share_is_told(k: int, n: int, words: str) -> None:
    assert told(k, n) == words


@pytest.mark.parametrize(("k", "n"), [(-1, 3), (4, 3), (1, 0), (0, -1)])
def test_what_is_no_share_is_refused(k: int, n: int) -> None:
    for bounds in (wilson, told):
        with pytest.raises(ValueError, match="is no share"):
            bounds(k, n)


def test_a_level_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="a level lies between 0 and 1, not at 95"):
        wilson(1, 2, 95)


def test_a_difference_without_an_exposure_is_refused() -> None:
    with pytest.raises(ValueError, match="needs an exposure on both sides"):
        newcombe(0, 0, 1, 2)
