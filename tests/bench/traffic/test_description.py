from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bench.traffic.description import Description, describe
from bench.traffic.telling import heading, rows
from tests.bench.traffic.made import talk, trace
from workloads.trace import Trace, read_trace


@pytest.fixture(scope="module")
def gitter(traces: Path) -> Description:
    return describe(read_trace(traces / "gitter_fcc_2016.csv.gz"))


@pytest.fixture(scope="module")
def irc(traces: Path) -> Description:
    return describe(read_trace(traces / "irc_ubuntu_train.csv.gz"))


def test_the_statistics_of_gitter_are_those_that_were_published_with_the_trace(gitter: Description) -> None:
    found = gitter.all
    assert (found.messages, found.channels, found.users) == (132_568, 520, 4_658)
    assert (found.top_channel, found.top_tenth) == pytest.approx((0.14, 0.96), abs=0.005)
    assert found.channel_zipf is not None
    assert found.channel_zipf_tail is not None
    assert (found.channel_zipf.exponent, found.channel_zipf_tail.exponent) == pytest.approx((1.26, 1.14), abs=0.005)
    assert found.user_messages == pytest.approx((3, 34, 399), abs=0.5)
    assert found.user_zipf is not None
    assert (found.user_zipf.exponent, found.user_tail) == pytest.approx((1.03, 1.94), abs=0.01)
    assert (found.top_hundredth, found.single) == pytest.approx((0.52, 0.29), abs=0.005)
    assert found.channel_users == pytest.approx((2, 20, 263), abs=0.5)
    assert found.timed_rooms == 31
    assert (found.burstiness, found.memory) == pytest.approx((0.72, 0.37), abs=0.005)
    assert (found.fano_minute, found.fano_hour, found.fano_day) == pytest.approx((2.7, 31, 75), rel=0.015)
    assert found.own_gap == pytest.approx(1.44, abs=0.02)
    assert found.same_author == pytest.approx(0.39, abs=0.005)
    assert found.distinct_authors == (2, 5, 10)
    assert found.answers == pytest.approx(0.26, abs=0.005)
    assert found.distance == (2, 3, 5, 40)
    assert found.within_last == pytest.approx(0.987, abs=0.001)
    assert (found.new_user, found.new_pair, found.new_channel) == pytest.approx((0.035, 0.052, 0.004), abs=0.0005)
    assert (found.most_in_hour, found.most_in_day, found.most_in_room_second) == (529, 2_122, 7)
    assert (found.peak_hour, found.trough_hour, found.weekend) == pytest.approx((1.64, 0.48, 0.22), abs=0.015)
    assert gitter.bots == pytest.approx(0.044, abs=0.0005)
    assert [(storm.channels, round(storm.length_s)) for storm in gitter.storms] == [(492, 543)]


def test_the_statistics_of_its_people_are_those_that_were_published_for_people(gitter: Description) -> None:
    found = gitter.people
    assert found is not None
    assert found.channels == 274
    assert found.top_tenth == pytest.approx(0.90, abs=0.005)
    assert found.channel_zipf_mandelbrot is not None
    assert found.channel_zipf_mandelbrot.exponent == pytest.approx(3.9, abs=0.1)
    assert found.channel_zipf_mandelbrot.offset == pytest.approx(24, abs=1)
    assert found.returns == pytest.approx(0.57, abs=0.005)
    assert found.text_bytes is not None
    # The storm's one text of 166 bytes, 492 times, is not among them.
    assert found.text_bytes == pytest.approx((46, 166, 615, 2_408), rel=0.02)


def test_kernels_of_gitter_are_near_those_of_all_its_years(gitter: Description) -> None:
    # 0.86 and 104 s were published of three years; this is one of them.
    kernel = gitter.all.excitation
    assert kernel is not None
    assert kernel.branching == pytest.approx(0.86, abs=0.05)
    assert kernel.decay_s == pytest.approx(104, rel=0.2)


def test_the_statistics_of_irc_are_those_that_were_published_with_the_trace(irc: Description) -> None:
    found = irc.all
    assert irc.resolution_s == 60
    assert irc.annotated == 59_217
    assert found.gaps_s is None
    assert found.burstiness is None
    assert found.excitation is None
    assert found.fano_minute == pytest.approx(2.4, abs=0.05)
    assert found.user_messages == (4, 27, 118)
    assert (found.top_hundredth, found.single) == pytest.approx((0.23, 0.22), abs=0.005)
    assert (found.same_author, found.returns) == pytest.approx((0.14, 0.15), abs=0.01)
    # 85.7 % were published; 85.4 % of the annotated rows of the file have an antecedent.
    assert found.answers == pytest.approx(0.857, abs=0.004)
    assert found.distance == (3, 6, 13, 81)
    assert found.within_last == pytest.approx(0.971, abs=0.001)
    assert found.received == pytest.approx((0.35, 0.48, 0.13, 0.04), abs=0.012)
    assert irc.people is not None
    assert irc.people.text_bytes == (42, 118, 257, 424)


def _told(found: Description) -> list[str]:
    """The words of every value that is printed."""
    values = [value for row in rows(found) for value in (row.everything, row.people) if value is not None]
    return " ".join([*heading(found), *values]).lower().split()


ODD: dict[str, Trace] = {
    "one row": trace([(5.0, 3, 4)]),
    "two rows": trace([(0, 0, 0), (1, 0, 1)], replies={1: 0}),
    "one time": trace([(7.0, 0, row % 5) for row in range(700)]),
    "one channel": talk("ab" * 400),
    "one user in many channels": trace([(row * 9.0, row % 9, 0) for row in range(200)]),
    "gaps of decades": trace([(row * 1e9, row % 2, row % 3) for row in range(4)]),
    "no lengths": trace([(row, 0, 0) for row in range(9)], lengths=[0] * 9),
    "bots alone": trace([(0, 0, 1), (1, 0, 1)], bots=[0, 1]),
    "times before the origin": trace([(-1e9 + row, 0, row) for row in range(50)]),
}


@pytest.mark.parametrize("name", ODD)
def test_an_odd_trace_is_told_without_a_number_that_is_none(name: str) -> None:
    assert not {"nan", "inf", "-inf", "nan,", "inf,", "%nan"}.intersection(_told(describe(ODD[name])))


def test_what_a_trace_lacks_is_a_dash() -> None:
    values = {row.name: row.everything for row in rows(describe(ODD["one row"]))}
    assert values["gaps in a channel p25/p50/p75/p90/p99 in s"] == "-"
    assert values["Hawkes: branching, decay, median room"] == "-"
    assert values["messages back p50/p75/p90/p99"] == "-"


def test_rows_of_people_stand_beside_all_rows_where_they_differ() -> None:
    assert {row.people for row in rows(describe(talk("abab")))} == {None}
    mixed = describe(trace([(0, 0, 1), (1, 0, 2), (2, 0, 1)], bots=[1]))
    assert next((row.everything, row.people) for row in rows(mixed) if row.name == "messages") == ("3", "2")
    assert mixed.bot_lag_s == (1, 1, 1)


def test_statistics_do_not_depend_on_the_numbering_of_channels_and_users(traces: Path) -> None:
    given = read_trace(traces / "gitter_fcc_2016.csv.gz")
    some = replace(given, **{name: getattr(given, name)[:20_000] for name in ("t_s", "ch", "u", "text_bytes", "reply_to", "bot")})
    other = replace(some, ch=10_000_000 - 3 * some.ch, u=77 + 5 * some.u)
    assert rows(describe(other)) == rows(describe(some))
