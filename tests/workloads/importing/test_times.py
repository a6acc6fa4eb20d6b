"""Times of sources, in every form."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workloads.errors import InputError
from workloads.importing.times import DAY_US, EARLIEST_US, LATEST_US, WEEK_US, NoTime, TimeForm, Times, week_of, zone_of

MOMENT_US = 1_512_085_950_000_216
"""2017-11-30 23:52:30.000216 UTC, a Thursday."""


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("1512085950.000216", TimeForm.SECONDS),
        ("1512085950000.216", TimeForm.MILLISECONDS),
        ("1512085950000216", TimeForm.MICROSECONDS),
        ("2017-11-30T23:52:30.000216Z", TimeForm.ISO),
        ("2017-12-01 01:52:30.000216+02:00", TimeForm.ISO),
    ],
)
def test_one_moment_in_every_form_is_found_and_read(text: str, form: TimeForm) -> None:
    detected, chosen = Times(TimeForm.AUTO), Times(form)
    assert detected.at_us(text) == chosen.at_us(text) == MOMENT_US
    assert detected.form is form


def test_a_small_number_counts_from_the_origin_of_a_trace() -> None:
    times = Times(TimeForm.AUTO)
    assert times.at_us("22848433.25") == 22_848_433_250_000
    assert times.form is TimeForm.RELATIVE
    assert times.at_us("-0.5") == -500_000


def test_the_first_time_decides_the_form_of_all() -> None:
    times = Times(TimeForm.AUTO)
    with pytest.raises(NoTime, match="neither a number nor ISO"):
        times.at_us("yesterday")
    times.at_us("1512085950")
    with pytest.raises(NoTime, match="not within 1980 to 2100"):
        times.at_us("1512085950000")
    with pytest.raises(NoTime, match="no number"):
        times.at_us("2017-11-30T23:52:30Z")


def test_a_time_without_a_zone_needs_one_to_be_named() -> None:
    with pytest.raises(NoTime, match="--zone"):
        Times(TimeForm.ISO).at_us("2017-11-30T23:52:30")
    assert Times(TimeForm.ISO, UTC).at_us("2017-11-30T23:52:30.000216") == MOMENT_US
    assert Times(TimeForm.ISO, timezone(timedelta(hours=2))).at_us("2017-12-01 01:52:30.000216") == MOMENT_US


def test_a_zone_that_a_time_names_is_not_overruled() -> None:
    assert Times(TimeForm.ISO, timezone(timedelta(hours=9))).at_us("2017-11-30T23:52:30.000216Z") == MOMENT_US


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "nan",
        "inf",
        "-inf",
        "1_000",
        "0x10",
        "\u0663",
        "1e99",
        "9" * 40,
        "1" * 400,
        "1,5",
        "12:30",
        "0001-01-01T00:00Z",
        "\ud800",
    ],
)
@pytest.mark.parametrize("form", list(TimeForm))
def test_what_is_no_usable_time_is_refused_in_words_without_it(text: str, form: TimeForm) -> None:
    with pytest.raises(NoTime) as told:
        Times(form).at_us(text)
    assert not text.strip() or text not in str(told.value)


def test_the_limits_are_1980_and_2100() -> None:
    times = Times(TimeForm.MICROSECONDS)
    assert times.at_us(str(EARLIEST_US)) == EARLIEST_US
    assert times.at_us(str(LATEST_US - 1)) == LATEST_US - 1
    for outside in (EARLIEST_US - 1, LATEST_US):
        with pytest.raises(NoTime):
            times.at_us(str(outside))


@pytest.mark.parametrize("day", range(14))
def test_the_week_of_a_time_begins_on_the_monday_before(day: int) -> None:
    at = datetime(2017, 11, 27, 13, 5, tzinfo=UTC) + timedelta(days=day)
    monday = datetime.fromtimestamp(week_of(round(at.timestamp() * 1e6)) / 1e6, UTC)
    assert (monday.weekday(), monday.hour, monday.minute) == (0, 0, 0)
    assert timedelta(0) <= at - monday < timedelta(days=7)
    assert (
        week_of(week_of(MOMENT_US)) == week_of(MOMENT_US) == week_of(MOMENT_US + DAY_US) == week_of(MOMENT_US + WEEK_US) - WEEK_US
    )


@pytest.mark.parametrize(("text", "hours"), [("UTC", 0.0), ("z", 0.0), ("+02:00", 2.0), ("-09:30", -9.5)])
def test_a_zone_is_utc_or_an_offset(text: str, hours: float) -> None:
    assert zone_of(text).utcoffset(None) == timedelta(hours=hours)


@pytest.mark.parametrize("text", ["", "CET", "+2", "+02:60", "+24:00", "Europe/Berlin", "+02:00\n"])
def test_another_zone_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="write UTC or an offset"):
        zone_of(text)
