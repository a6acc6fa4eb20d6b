"""Why a specification is refused, in one line: the key, what was given, what it wants. Pure."""

from __future__ import annotations

from difflib import get_close_matches

from pydantic import BaseModel, ValidationError

from workloads.key import keys
from workloads.wrong_value import of_many_digits, why

SHOWN_MAX = 60


def unknown(key: str, value: object, kind: type[BaseModel]) -> str:
    """Why there is no such key, and which one was probably meant."""
    if isinstance(value, dict):
        return f"{_cut(key)} is a table: keys stand flat, such as messages = 100, and what a point changes below [points.NAME]"
    near = get_close_matches(key[:100], keys(kind), n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    return f"{_cut(key)}: unknown key{meant or ': see storebench workload show chat for all of them'}"


def first(error: ValidationError, kind: type[BaseModel]) -> str:
    """The first problem: of a key, or of several that do not go together."""
    problem = error.errors(include_url=False)[0]
    if not problem["loc"]:
        return why(problem)
    key, *rest = (str(part) for part in problem["loc"])
    if problem["type"] == "missing" and not rest:
        return f"{key} is missing: {keys(kind)[key].meaning}"
    place = key + "".join(f"[{part}]" for part in rest)
    return f"{place} = {_given(problem['input'])}: {why(problem)} ({key} wants {keys(kind)[key].unit})"


def _given(value: object) -> str:
    """A value as it was given, cut; a number of thousands of digits is not written at all."""
    return of_many_digits(value) or repr(value)[:SHOWN_MAX]


def _cut(key: str) -> str:
    return repr(key[:SHOWN_MAX])[1:-1] + ("..." if len(key) > SHOWN_MAX else "")
