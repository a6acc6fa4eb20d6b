"""The options of an import as the user writes them. Pure; raises UserError or InputError, one line each."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import tzinfo
from pathlib import Path

from bench.errors import UserError
from workloads.importing import mapping, times
from workloads.importing.times import DAY_US, TimeForm

_UNITS_US = {"us": 1, "ms": 1_000, "s": 1_000_000, "min": 60_000_000, "h": 3_600_000_000}
_ADDRESS = re.compile(r"\s*[A-Za-z][A-Za-z0-9+.-]*://")
_RESOLUTION = re.compile(r"([0-9]{1,9})(us|ms|s|min|h)?")


def place_of(text: str) -> Path:
    """The path of a file. The address of a database in its place is not repeated: it may hold a password."""
    if _ADDRESS.match(text):
        raise UserError("an address stands where a file is wanted: give a file here, and the address with --database")
    return Path(text)


def columns_of(options: Sequence[str] | None) -> Mapping[str, str] | None:
    """The columns by their meanings; None when nothing is said of them."""
    return mapping.parsed(options) if options else None


def form_of(text: str) -> TimeForm:
    """The form of times."""
    try:
        return TimeForm(text)
    except ValueError:
        raise UserError(f"--time {text!r}: known are {', '.join(TimeForm)}") from None


def zone_of(text: str | None) -> tzinfo | None:
    """The zone of times that name none."""
    return None if text is None else times.zone_of(text)


def delimiter_of(text: str) -> str:
    """What stands between two fields."""
    delimiter = "\t" if text in {"tab", r"\t"} else text
    if len(delimiter) != 1 or delimiter in '"\r\n\0 ':
        raise UserError(f"--delimiter {text!r}: give one character such as ; or the word tab")
    return delimiter


def resolution_us_of(text: str) -> int:
    """How exact times are, in microseconds; a bare number is in seconds."""
    found = _RESOLUTION.fullmatch(text)
    resolution_us = int(found[1]) * _UNITS_US[found[2] or "s"] if found else 0
    if not 1 <= resolution_us <= 7 * DAY_US:
        raise UserError(f"--resolution {text!r}: give 1us to 168h, such as 60s, 500ms or 5min")
    return resolution_us


def share_of(share: float) -> float:
    """A share of rows."""
    if not 0 <= share <= 1:
        raise UserError(f"--max-rejected {share}: give a share from 0 to 1, such as 0.01")
    return share
