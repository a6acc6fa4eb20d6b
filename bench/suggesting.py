"""The name that was probably meant. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

_UNIT = re.compile(r"_(ns|us|ms|s|sec|secs|seconds|min|minutes|h|hours|percent|count|number|kb|mb|bytes)$")


def nearest(name: str, known: Iterable[str]) -> str:
    """`; did you mean NAME?` when one of the known names is near, else nothing; a name with another unit at its end is nearest."""
    names = list(known)
    of_other_unit = [other for other in names if _UNIT.search(name) and _stem(other) == _stem(name)]
    near = of_other_unit or get_close_matches(name[:100], names, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """Why a name is refused: it is none of the known ones, which are told, and which of them was probably meant."""
    names = list(known)
    return f"unknown {what} {name!r}: known are {', '.join(names)}{nearest(name, names)}"


def _stem(name: str) -> str:
    return _UNIT.sub("", name)
