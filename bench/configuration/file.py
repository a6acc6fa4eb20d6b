"""A configuration's file: the one place that reads it."""

from __future__ import annotations

import re
import stat
import tomllib
from pathlib import Path
from typing import Any

from bench.configuration.key import keys
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.refusing import wanted
from bench.errors import UserError
from bench.visible import visible

SIZE_BYTES_MAX = 256 * 1024
"""More than the longest values of all keys need."""

DOTS_MAX = 5_000
"""More than the longest path and all comments need. What nests a key takes the square of its dots to read."""

_BOM = b"\xef\xbb\xbf"
_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+)\s*=")


def read(path: Path) -> dict[str, Any]:
    """The keys and values of a file of TOML; one that cannot be read is refused in one line."""
    where = visible(str(path))
    text = _text(path, where)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UserError(f"{where}: {_told(str(error), text)}") from error
    except RecursionError as error:
        raise UserError(f"{where}: values are nested too deep: a key has a value or a list of values") from error
    except ValueError as error:
        raise UserError(f"{where}: a number has more digits than any key takes") from error


def _text(path: Path, where: str) -> str:
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise UserError(f"configuration {where} is no plain file: give a file of TOML, or none")
        with path.open("rb") as file:
            data = file.read(SIZE_BYTES_MAX + 1)
    except OSError as error:
        raise UserError(f"configuration {where} cannot be read: {error.strerror}: give a file of TOML, or none") from error
    except ValueError as error:
        raise UserError(f"configuration {where} cannot be read: {error}: give a file of TOML, or none") from error
    if len(data) > SIZE_BYTES_MAX:
        raise UserError(f"configuration {where} has more than {SIZE_BYTES_MAX} bytes: that is no configuration")
    if data.count(b".") > DOTS_MAX:
        raise UserError(f"{where} has more than {DOTS_MAX} dots: keys stand flat, without tables")
    if data.startswith(_BOM):
        raise UserError(f"{where}: line 1 begins with a byte order mark: save the file as UTF-8 without one")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise UserError(f"{where}: line {line} is not UTF-8 (byte {error.start}): save the file as UTF-8") from error


def _told(message: str, text: str) -> str:
    """The line of a syntax error, what is wrong there, and, where a key can be made out, what that key wants."""
    place = _PLACE.search(message)
    lines = text.split("\n")
    number = int(place[1]) if place is not None and place[1] is not None else len(text.rstrip("\n").split("\n"))
    what = _PLACE.sub("", message)
    if what == "Cannot overwrite a value":
        what = "a key is given twice"
    found = _KEY.match(lines[min(number, len(lines)) - 1])
    column = f", column {place[2]}" if place is not None and place[2] is not None else ""
    return f"line {number}{column}: {what}{_wanted(found[1]) if found is not None else ''}"


def _wanted(key: str) -> str:
    kinds = (Configuration, TraceConfiguration)
    return next((f" ({wanted(key, kind)})" for kind in kinds if key in keys(kind)), "")
