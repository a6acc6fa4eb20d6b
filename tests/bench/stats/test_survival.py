"""How long things last: published figures, bounds of windows, and what cannot be told."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from bench.stats.survival import Window, bounded, kaplan_meier

WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [True, True, True, False, True, False, True, False, False, True, True, False, False, False, True, True, *[False] * 5]
"""Remissions of 21 patients under 6-mercaptopurine: Freireich and others (1963), the example of every textbook."""


def test_the_published_curve_of_remissions_is_reproduced() -> None:
    curve = kaplan_meier(WEEKS, RELAPSED)
    assert curve.times == (6, 7, 10, 13, 16, 22, 23)
    assert curve.share == pytest.approx((0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448), abs=5e-4)
    assert curve.median == 23


def test_curve_and_band_are_those_of_scipy() -> None:
    sample: stats.CensoredData[Any] = stats.CensoredData(
        uncensored=[week for week, ended in zip(WEEKS, RELAPSED, strict=True) if ended],
        right=[week for week, ended in zip(WEEKS, RELAPSED, strict=True) if not ended],
    )
    survival: Any = stats.ecdf(sample).sf
    band = survival.confidence_interval(0.95, method="log-log")
    curve = kaplan_meier(WEEKS, RELAPSED)
    np.testing.assert_allclose(np.array(curve.share), survival.evaluate(np.array(curve.times)))
    np.testing.assert_allclose(np.array(curve.low), band.low.evaluate(np.array(curve.times)))
    np.testing.assert_allclose(np.array(curve.high), band.high.evaluate(np.array(curve.times)))


def test_without_any_end_there_is_no_step_and_no_median() -> None:
    curve = kaplan_meier([3, 4], [False, False])
    assert (curve.times, curve.share, curve.median) == ((), (), None)
    assert kaplan_meier([], []).median is None


def test_when_everything_ends_at_once_nothing_is_left() -> None:
    curve = kaplan_meier([2, 2], [True, True])
    assert (curve.times, curve.share, curve.low, curve.high, curve.median) == ((2,), (0,), (0,), (0,), 2)


def test_the_median_is_that_of_all_and_not_of_those_that_ended() -> None:
    assert kaplan_meier([1, 2, 9, 9, 9], [True, True, False, False, False]).median is None
    assert kaplan_meier([1, 2, 3, 9], [True, True, False, False]).median == 2


@given(st.lists(st.tuples(st.floats(0, 1e6), st.booleans()), max_size=40))
def test_a_curve_never_rises_and_stays_in_its_band(sample: list[tuple[float, bool]]) -> None:
    curve = kaplan_meier([duration for duration, _ in sample], [ended for _, ended in sample])
    shares = np.array((1.0, *curve.share))
    assert np.all(np.diff(shares) < 0)
    assert np.all(np.array(curve.low) <= shares[1:] + 1e-12)
    assert np.all(shares[1:] <= np.array(curve.high) + 1e-12)


@pytest.mark.parametrize("duration", [-1.0, float("nan"), float("inf")])
def test_what_is_no_duration_is_refused(duration: float) -> None:
    with pytest.raises(ValueError, match="a duration is a finite number"):
        kaplan_meier([duration], [True])
    with pytest.raises(ValueError, match="1 durations and 2 ends"):
        kaplan_meier([1.0], [True, True])


def test_an_end_between_two_looks_bounds_the_curve_from_both_sides() -> None:
    seen = Window(begin_low=0.0, begin_high=1.0, end_low=4.0, end_high=5.0, last=10.0)
    unseen = Window(begin_low=2.0, begin_high=3.0, end_low=None, end_high=None, last=10.0)
    assert (seen.shortest, seen.longest) == (3.0, 5.0)
    assert (unseen.shortest, unseen.longest) == (7.0, 8.0)
    short, long = bounded([seen, unseen])
    assert (short.times, long.times) == ((3.0,), (5.0,))
    assert short.share == long.share == (0.5,)


def test_a_window_seen_at_one_look_alone_may_have_lasted_no_time() -> None:
    assert Window(0.0, 2.0, 1.0, 3.0, 9.0).shortest == 0.0
