from __future__ import annotations

import numpy as np
import pytest

from bench.spans import resolution
from bench.traffic import hawkes, timing
from bench.traffic.fitting_arrivals import hours_of_immigrants, kernels, weekend_factor
from bench.traffic.hawkes import excited_by
from bench.traffic.rooms import rooms_of
from tests.bench.traffic.made import spread, trace

DAY_S = 86_400.0


@pytest.mark.parametrize(
    ("step_s", "told"), [(60.0, "1 min"), (1.0, "1 s"), (3_600.0, "1 h"), (300.0, "5 min"), (0.25, "1 ms or finer")]
)
def test_the_resolution_of_times_is_found(step_s: float, told: str) -> None:
    rng = np.random.default_rng(1)
    assert resolution(timing.resolution_s(np.sort(rng.integers(0, 100_000, 999)).astype(np.float64) * step_s)) == told


def test_messages_at_one_time_have_no_coarse_resolution() -> None:
    assert timing.resolution_s(np.full(9, 3_600.0)) == 0.001


def test_gaps_do_not_reach_from_one_channel_to_the_next() -> None:
    assert timing.gaps_s(rooms_of(trace([(0, 0, 0), (1, 1, 0), (5, 0, 0), (8, 1, 0)]))).tolist() == [5, 7]


def test_a_clock_has_burstiness_minus_one_and_independent_messages_about_none() -> None:
    assert timing.burstiness(np.full(50, 3.0)) == -1
    assert timing.burstiness(np.random.default_rng(1).exponential(1, 200_000)) == pytest.approx(0, abs=0.01)
    assert timing.burstiness(np.zeros(50)) is None


def test_the_burstiness_of_two_gaps_is_computed_by_hand() -> None:
    # mean 2, deviation 1
    assert timing.burstiness(np.array([1.0, 3.0])) == pytest.approx(-1 / 3)


def test_gaps_that_alternate_have_memory_minus_one_and_equal_ones_none() -> None:
    assert timing.memory(np.log(np.array([1.0, 9.0] * 20))) == pytest.approx(-1)
    assert timing.memory(np.zeros(20)) is None


def test_the_fano_factor_counts_empty_windows() -> None:
    # Windows of 10 s: 3, 0, 0, 1 messages; mean 1, variance 1.5.
    assert timing.fano(np.array([0.0, 1.0, 2.0, 30.0]), 10.0) == pytest.approx(1.5)
    assert timing.fano(np.array([0.0, 1.0]), 10.0) is None


def test_independent_messages_have_a_fano_factor_of_one() -> None:
    t_s = np.sort(np.random.default_rng(2).uniform(0, 1e6, 50_000))
    assert timing.fano(t_s, 60.0) == pytest.approx(1, abs=0.03)


def test_sessions_end_with_a_long_gap_and_with_the_channel() -> None:
    rooms = rooms_of(trace([(0, 0, 0), (600, 0, 0), (1_200.1, 0, 0), (2_000, 1, 0), (2_001, 1, 0)]))
    assert timing.session_sizes(rooms).tolist() == [2, 1, 2]


def test_hours_and_weekends_count_from_a_monday() -> None:
    t_s = np.array([0.0, 3_600 * 5.5, 5 * DAY_S, 6 * DAY_S + 3_600 * 23, 7 * DAY_S])
    shares = timing.hour_shares(t_s)
    assert (shares[0], shares[5], shares[23]) == pytest.approx((0.6, 0.2, 0.2))
    assert timing.weekend_share(t_s) == pytest.approx(0.4)
    assert timing.weekend_share(np.array([-1.0])) == 1.0


def test_the_busiest_span_is_found_wherever_it_begins() -> None:
    t_s = np.array([0.0, 50.0, 59.0, 70.0, 109.0, 110.0, 300.0])
    assert timing.most_within(t_s, 60.0) == 4


def test_the_busiest_span_of_one_channel_mixes_no_channels() -> None:
    rooms = rooms_of(trace([(0, 0, 0), (1, 1, 0), (2, 0, 0), (3, 1, 0), (4, 1, 0)]))
    assert timing.most_within_one_room(rooms, 60.0) == 3


def test_the_hottest_channel_is_that_of_a_busy_hour() -> None:
    rows = [(float(second), 0 if second < 40 else second, 0) for second in range(50)] + [(4_000.0, 0, 0)]
    assert timing.hottest_shares(rooms_of(trace(rows))).tolist() == [0.8]


def test_messages_per_day_are_counted_from_the_first_day() -> None:
    assert timing.messages_per_day(np.array([DAY_S, DAY_S + 5, 3 * DAY_S])).tolist() == [2, 0, 1]


def test_what_came_before_fades_as_computed_one_by_one() -> None:
    given = spread(3, rooms=3, messages=60)
    rooms = rooms_of(given)
    by_hand, last = [], 0.0
    for row in range(len(rooms.t_s)):
        same = row > 0 and rooms.follows[row - 1]
        last = (last + 1) * np.exp(-(rooms.t_s[row] - rooms.t_s[row - 1]) / 90.0) if same else 0.0
        by_hand.append(last)
    assert excited_by(rooms, 90.0) == pytest.approx(by_hand, abs=1e-9)


def test_the_kernel_that_messages_were_drawn_with_is_found() -> None:
    rooms = rooms_of(spread(4, rooms=16, messages=2_000, branching=0.7, decay_s=120.0, gap_s=5_000))
    found = hawkes.excitation(rooms, 500)
    assert found is not None
    assert found.branching == pytest.approx(0.7, abs=0.05)
    assert found.decay_s == pytest.approx(120.0, rel=0.12)
    assert found.channels == 16


def test_independent_messages_call_forth_next_to_nothing() -> None:
    rooms = rooms_of(spread(5, rooms=8, messages=1_000, branching=0.0))
    found = hawkes.excitation(rooms, 500)
    assert found is not None
    assert found.branching < 0.1


def test_two_kernels_are_told_apart_and_add_up() -> None:
    found = kernels(rooms_of(spread(6, rooms=16, messages=2_000, branching=0.7, decay_s=60.0, gap_s=5_000)), 500)
    assert found is not None
    assert sum(ratio for ratio, _ in found) == pytest.approx(0.7, abs=0.06)
    assert max(found)[1] == pytest.approx(60.0, rel=0.6)


def test_no_channel_of_that_size_has_no_kernel() -> None:
    rooms = rooms_of(trace([(0, 0, 0), (1, 0, 0)]))
    assert hawkes.excitation(rooms, 500) is None
    assert kernels(rooms, 100) is None


def test_hours_of_what_comes_by_itself_give_back_the_hours_of_all() -> None:
    by_itself = np.full(24, 1.0)
    by_itself[18] = 4.0
    # 0.5 of all messages are called forth an hour later and more: the rate is solved for by going round and round.
    all_of_them = by_itself / by_itself.sum()
    delay = np.exp(-np.arange(24 * 20) / 1.0)
    weights = np.bincount(np.arange(24 * 20) % 24, weights=delay / delay.sum())
    rate = all_of_them.copy()
    for _ in range(100):
        rate = 0.5 * all_of_them + 0.5 * np.real(np.fft.ifft(np.fft.fft(rate) * np.fft.fft(weights)))
    found = np.array(hours_of_immigrants(rate, ((0.5, 3_600.0),)))
    assert found.sum() == pytest.approx(100, abs=0.1)
    assert int(found.argmax()) == 18
    assert found[18] > 100 * rate[18]


def test_without_kernels_hours_stay_as_they_are() -> None:
    shares = np.arange(9, 33) / np.arange(9, 33).sum()
    assert hours_of_immigrants(shares, ()) == pytest.approx(100 * shares, abs=0.01)


def test_the_weekend_factor_is_the_rate_of_a_day_against_another() -> None:
    days = [day + hour / 24 for day in range(22) for hour in range(24 if day % 7 < 5 else 12)]
    assert weekend_factor(np.array(days) * DAY_S) == pytest.approx(0.5, abs=0.01)
    assert weekend_factor(np.array([0.0, 9 * DAY_S])) is None
