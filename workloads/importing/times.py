"""Times as sources write them, as whole microseconds. Pure."""

from __future__ import annotations

import enum
import math
import re
from collections import Counter
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import NoReturn, Protocol

from workloads.errors import InputError
from workloads.importing.columns import MICROSECONDS
from workloads.trace_columns import T_S_MAX, T_S_MIN

EARLIEST_US = int(datetime(1980, 1, 1, tzinfo=UTC).timestamp()) * MICROSECONDS
LATEST_US = int(datetime(2100, 1, 1, tzinfo=UTC).timestamp()) * MICROSECONDS
"""What is outside of these is a clock that was never set, or another form of time than was said."""

DAY_US = 86_400 * MICROSECONDS
WEEK_US = 7 * DAY_US
MONDAY_US = 4 * DAY_US
"""The first Monday after 1970-01-01 00:00 UTC, which was a Thursday."""

SURVEYED = 1_000
"""Usable times that say how a source writes all of them."""

# Stricter than float(), which also takes nan, 1_000 and digits of other scripts.
_NUMBER = re.compile(r"-?[0-9]{1,19}(?:\.[0-9]{0,30})?(?:[eE][+-]?[0-9]{1,2})?")
_ZONE = re.compile(r"([+-])([0-9]{2}):([0-9]{2})")


class TimeForm(enum.StrEnum):
    """How a source writes times."""

    AUTO = "auto"
    SECONDS = "seconds"
    MILLISECONDS = "milliseconds"
    MICROSECONDS = "microseconds"
    ISO = "iso"
    RELATIVE = "relative"


MEANINGS = {
    TimeForm.SECONDS: "seconds since 1970 (UTC)",
    TimeForm.MILLISECONDS: "milliseconds since 1970 (UTC)",
    TimeForm.MICROSECONDS: "microseconds since 1970 (UTC)",
    TimeForm.ISO: "ISO 8601",
    TimeForm.RELATIVE: "seconds since a Monday 00:00, kept as they are",
}
_SCALE = {
    TimeForm.SECONDS: 1_000_000,
    TimeForm.MILLISECONDS: 1_000,
    TimeForm.MICROSECONDS: 1,
    TimeForm.RELATIVE: 1_000_000,
}
_BY_SIZE = ((1e8, TimeForm.RELATIVE), (1e11, TimeForm.SECONDS), (1e14, TimeForm.MILLISECONDS), (1e17, TimeForm.MICROSECONDS))
"""A number below the first is of that form: three years in seconds; 1973 to 5138 in the others."""


class NoTime(Exception):
    """A text that is no usable time; says why in words that hold nothing of it."""


class Clock(Protocol):
    """Reads the times of rows."""

    def at_us(self, text: str) -> int:
        """Microseconds since 1970, or since the source's own origin; raises `NoTime`."""


class Times:
    """Reads times of one form. `zone` is that of ISO times which name none; without it such a time is refused.

    AUTO is no form: what it stands for is found by a `Survey` of the source. Where that form was `found`, and not said, a number
    that is of another form by its size is refused.
    """

    def __init__(self, form: TimeForm, zone: tzinfo | None = None, *, found: bool = False) -> None:
        self.form = form
        self.found = found
        self._zone = zone

    def at_us(self, text: str) -> int:
        """Microseconds since 1970, or since the source's own origin where the form is RELATIVE; raises `NoTime`."""
        at_us = _of_form(text, self.form, self._zone)
        if self.found and self.form is TimeForm.RELATIVE and abs(at_us) >= EARLIEST_US:
            raise NoTime("the time is not relative, as others are: say with --time how times are written")
        return at_us


class Enough(Exception):
    """So many times were seen that their form is known."""


class Survey:
    """Finds the form of a source's times by its first `SURVEYED` usable ones. It takes no row: each is told that it has no time."""

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._seen = Counter[TimeForm]()

    def at_us(self, text: str) -> NoReturn:
        """Look at the form of a time; raises `NoTime`, or `Enough` when no more is to be looked at."""
        form = _form_of(text)
        _of_form(text, form, self._zone)
        self._seen[form] += 1
        if self._seen.total() >= SURVEYED:
            raise Enough
        raise NoTime("looked at, not taken")

    @property
    def form(self) -> TimeForm | None:
        """The form that most of the times have, RELATIVE only where all have it; None where no time was usable."""
        dated = [form for form in self._seen if form is not TimeForm.RELATIVE]
        return max(dated, key=self._seen.__getitem__) if dated else next(iter(self._seen), None)


def check_range(at_us: int, *, relative: bool = False) -> None:
    """Raises `NoTime` for a time that no trace can hold."""
    if relative:
        if not T_S_MIN * MICROSECONDS <= at_us <= T_S_MAX * MICROSECONDS:
            raise NoTime(f"the time is not within {T_S_MIN:.0f} to {T_S_MAX:.0f} s")
    elif not EARLIEST_US <= at_us < LATEST_US:
        raise NoTime("the time is not within 1980 to 2100")


def zone_of(text: str) -> tzinfo:
    """`UTC` or an offset such as `+02:00`; raises `InputError`."""
    if text.upper() in {"UTC", "Z"}:
        return UTC
    found = _ZONE.fullmatch(text)
    if found is None or int(found[2]) > 23 or int(found[3]) > 59:
        raise InputError(f"--zone {text!r}: write UTC or an offset such as +02:00")
    offset = timedelta(hours=int(found[2]), minutes=int(found[3]))
    return timezone(-offset if found[1] == "-" else offset)


def week_of(at_us: int) -> int:
    """Monday 00:00 UTC of the week of a time, both in microseconds since 1970."""
    return (at_us - MONDAY_US) // WEEK_US * WEEK_US + MONDAY_US


def _of_form(text: str, form: TimeForm, zone: tzinfo | None) -> int:
    at_us = _of_iso(text, zone) if form is TimeForm.ISO else _of_number(text, _SCALE[form])
    check_range(at_us, relative=form is TimeForm.RELATIVE)
    return at_us


def _form_of(text: str) -> TimeForm:
    if _NUMBER.fullmatch(text) is None:
        return TimeForm.ISO
    size = abs(float(text))
    form = next((form for below, form in _BY_SIZE if size < below), None)
    if form is None:
        raise NoTime("the time is a number too large for microseconds since 1970")
    return form


def _of_number(text: str, scale: int) -> int:
    if text.isdecimal() and text.isascii() and len(text) < 20:
        return int(text) * scale
    if _NUMBER.fullmatch(text) is None:
        raise NoTime("the time is no number")
    size = float(text) * scale
    if not math.isfinite(size):
        raise NoTime("the time is not finite")
    return round(size)


def _of_iso(text: str, zone: tzinfo | None) -> int:
    try:
        moment = datetime.fromisoformat(text)
        if moment.tzinfo is None:
            if zone is None:
                raise NoTime("the time names no zone: say which it is with --zone")
            moment = moment.replace(tzinfo=zone)
        return round(moment.timestamp() * MICROSECONDS)
    except (ValueError, OverflowError):
        raise NoTime("the time is neither a number nor ISO 8601") from None
