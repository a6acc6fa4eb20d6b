from __future__ import annotations

import numpy as np

from bench.traffic.people import STORM_CHANNELS, people, storms
from bench.traffic.rooms import rooms_of
from tests.bench.traffic.made import Row, trace
from workloads.trace import Trace


def _with_storm(channels: int, length_s: float) -> Trace:
    quiet: list[Row] = [(float(second), 0, second % 3) for second in range(0, 100, 10)]
    storm: list[Row] = [(200 + length_s * place / (channels - 1), place, 9) for place in range(channels)]
    return trace(quiet + storm + [(99_999.0, 0, 9)])


def test_an_account_that_writes_into_many_channels_within_minutes_is_a_storm() -> None:
    (storm,) = storms(_with_storm(STORM_CHANNELS, 800.0))
    assert (storm.start_s, storm.length_s, storm.channels, storm.messages) == (200.0, 800.0, STORM_CHANNELS, STORM_CHANNELS)


def test_one_channel_less_or_more_time_is_no_storm() -> None:
    assert storms(_with_storm(STORM_CHANNELS - 1, 800.0)) == []
    assert storms(_with_storm(STORM_CHANNELS, 1_000.0)) == []


def test_many_messages_into_few_channels_are_no_storm() -> None:
    assert storms(trace([(float(place), place % 10, 1) for place in range(500)])) == []


def test_two_storms_of_one_account_are_told_apart() -> None:
    rows = [(start + place, place, 9) for start in (0.0, 50_000.0) for place in range(60)]
    assert [(storm.start_s, storm.messages) for storm in storms(trace(rows))] == [(0.0, 60), (50_000.0, 60)]


def test_of_the_account_only_the_storm_is_left_out() -> None:
    own = people(_with_storm(STORM_CHANNELS, 800.0))
    assert len(own) == 11
    assert own.t_s[-1] == 99_999.0


def test_bots_are_left_out_and_replies_point_at_rows_that_stayed() -> None:
    given = trace([(0, 0, 1), (1, 0, 7), (2, 0, 2), (3, 0, 1)], replies={2: 1, 3: 2}, bots=[1], annotated=[0, 3])
    own = people(given)
    assert own.t_s.tolist() == [0, 2, 3]
    assert own.reply_to.tolist() == [-1, -1, 1]
    assert own.annotated is not None
    assert own.annotated.tolist() == [True, False, True]


def test_a_trace_of_bots_alone_has_no_people() -> None:
    assert len(people(trace([(0, 0, 1), (1, 0, 1)], bots=[0, 1]))) == 0


def test_rooms_are_the_rows_by_channel_in_their_own_order() -> None:
    rooms = rooms_of(trace([(0, 5, 30), (1, 2, 10), (2, 5, 10), (3, 2, 20)]))
    assert rooms.row.tolist() == [1, 3, 0, 2]
    assert rooms.place.tolist() == [0, 1, 0, 1]
    assert rooms.user.tolist() == [0, 1, 2, 0]
    assert rooms.messages.tolist() == [2, 2]
    assert rooms.follows.tolist() == [True, False, True]


def test_the_largest_rooms_come_first_and_can_be_taken_alone() -> None:
    rooms = rooms_of(trace([(0, 1, 0), (1, 2, 0), (2, 2, 1), (3, 3, 0), (4, 3, 0), (5, 3, 0)]))
    largest = rooms.largest(2)
    assert largest.tolist() == [2, 1]
    alone = rooms.only(largest)
    assert alone.t_s.tolist() == [3, 4, 5, 1, 2]
    assert alone.channel.tolist() == [0, 0, 0, 1, 1]
    assert alone.starts.tolist() == [0, 3]
    assert np.array_equal(alone.follows, [True, True, False, True])
