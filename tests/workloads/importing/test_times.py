"""Times of sources, in every form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone

import pytest

from workloads.errors import InputError
from workloads.importing.times import (
    DAY_US,
    EARLIEST_US,
    LATEST_US,
    SURVEYED,
    WEEK_US,
    Enough,
    NoTime,
    Survey,
    TimeForm,
    Times,
    week_of,
    zone_of,
)

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
    assert _form([text]) is form
    assert Times(form).at_us(text) == MOMENT_US


def _form(texts: Iterable[str]) -> TimeForm | None:
    survey = Survey(None)
    for text in texts:
        try:
            survey.at_us(text)
        except NoTime:
            continue
        except Enough:
            break
    return survey.form


def test_small_numbers_count_from_the_origin_of_a_trace() -> None:
    assert _form(["22848433.25", "-0.5", "0"]) is TimeForm.RELATIVE
    times = Times(TimeForm.RELATIVE, found=True)
    assert times.at_us("22848433.25") == 22_848_433_250_000
    assert times.at_us("-0.5") == -500_000


def test_most_of_the_usable_times_decide_the_form_and_relative_is_what_all_are() -> None:
    assert _form(["yesterday", "", "1e99"]) is None
    assert _form(["0", "-1", "5", "1512085950"]) is TimeForm.SECONDS
    assert _form(["2017-11-30T23:52:30Z", "1512085950000", "1512085951000"]) is TimeForm.MILLISECONDS
    assert _form(["2017-11-30T23:52:30Z"] * 3 + ["1512085950000"] * 2) is TimeForm.ISO
    # A year of 2286 is no usable time of seconds.
    assert _form(["9999999999"] * 3 + ["1512085950000"]) is TimeForm.MILLISECONDS


def test_no_more_times_are_looked_at_than_are_needed() -> None:
    assert _form(["1512085950"] * SURVEYED + ["1512085950000"] * 9_999) is TimeForm.SECONDS


def test_times_of_another_form_than_was_found_are_refused() -> None:
    times = Times(TimeForm.SECONDS, found=True)
    for other in ("0", "-1", "1512085950000"):
        with pytest.raises(NoTime, match="not within 1980 to 2100"):
            times.at_us(other)
    with pytest.raises(NoTime, match="no number"):
        times.at_us("2017-11-30T23:52:30Z")
    with pytest.raises(NoTime, match="not relative"):
        Times(TimeForm.RELATIVE, found=True).at_us("1512085950")
    assert Times(TimeForm.RELATIVE).at_us("1512085950") == 1_512_085_950_000_000


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
@pytest.mark.parametrize("form", [form for form in TimeForm if form is not TimeForm.AUTO])
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
