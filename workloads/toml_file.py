"""Files of TOML, whoever wrote them: the one place that reads them."""

from __future__ import annotations

import re
import stat
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from workloads.errors import InputError

SIZE_BYTES_MAX = 256 * 1024
"""More than the longest values of all keys need."""

DOTS_MAX = 5_000
"""More than the longest path, all numbers and all comments need. What nests a key takes the square of its dots to read."""

_BOM = b"\xef\xbb\xbf"
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def _nothing(key: str) -> str:
    del key
    return ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file is called in messages, what it should be, how its keys stand, and what a key wants, when that is known."""

    where: str
    what: str
    instead: str
    keys: str
    wanted: Callable[[str], str] = _nothing


def text_of(path: Path, reading: Reading) -> str:
    """The text of a file; raises `InputError` in one line for what is no file, too large or no UTF-8."""
    where, what, instead = reading.where, reading.what, reading.instead
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(f"{what} {where} is no plain file: {instead}")
        with path.open("rb") as file:
            data = file.read(SIZE_BYTES_MAX + 1)
    except OSError as error:
        raise InputError(f"{what} {where} cannot be read: {error.strerror}: {instead}") from error
    except ValueError as error:
        if isinstance(error, InputError):
            raise
        raise InputError(f"{what} {where} cannot be read: {error}: {instead}") from error
    if len(data) > SIZE_BYTES_MAX:
        raise InputError(f"{what} {where} has more than {SIZE_BYTES_MAX} bytes: that is no {what}")
    if data.count(b".") > DOTS_MAX:
        raise InputError(f"{where} has more than {DOTS_MAX} dots: {reading.keys}")
    if data.startswith(_BOM):
        raise InputError(f"{where}: line 1 begins with a byte order mark: save the file as UTF-8 without one")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(f"{where}: line {line} is not UTF-8 (byte {error.start}): save the file as UTF-8") from error


def values_of(text: str, reading: Reading) -> dict[str, Any]:
    """The keys and values of a text of TOML; raises `InputError` with the line where it is none."""
    where = reading.where
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{where}: {_told(str(error), text, reading.wanted)}") from error
    except RecursionError as error:
        raise InputError(f"{where}: values are nested too deep: a key has a value or a list of values") from error
    except ValueError as error:
        raise InputError(f"{where}: a number has more digits than any key takes") from error


def _told(message: str, text: str, wanted: Callable[[str], str]) -> str:
    """The line of a syntax error, what is wrong there, and, where a key can be made out, what that key wants."""
    place = _PLACE.search(message)
    lines = text.split("\n")
    number = int(place[1]) if place is not None and place[1] is not None else len(text.rstrip("\n").split("\n"))
    what = _PLACE.sub("", message)
    if what == "Cannot overwrite a value":
        what = "a key is given twice"
    found = _KEY.match(lines[min(number, len(lines)) - 1])
    column = f", column {place[2]}" if place is not None and place[2] is not None else ""
    return f"line {number}{column}: {what}{wanted(found[1]) if found is not None else ''}"
