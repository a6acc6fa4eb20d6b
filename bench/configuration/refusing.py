"""Why a configuration is refused, in one line: what was given, what the key wants, in which unit. Pure."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ValidationError

from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.toml import written
from bench.foreign import shown
from bench.suggesting import nearest
from bench.visible import visible
from workloads.key import keys
from workloads.wrong_value import of_many_digits, why

SHOWN_MAX = 60

SET = "--set"
"""The origin of a value that a setting gave."""

_OTHER: dict[type[BaseModel], tuple[type[BaseModel], str]] = {
    Configuration: (TraceConfiguration, "belongs to a replay: give a trace too, by --trace or by the key trace, or leave it out"),
    TraceConfiguration: (Configuration, "belongs to the default run, and a trace makes this a replay: leave one of them out"),
}

LISTED_MAX = 20
"""More keys than these are not listed in the refusal of an unknown one."""


def unknown(key: str, value: object, kind: type[BaseModel]) -> str:
    """Why a configuration of this kind has no such key, and which one was probably meant."""
    other, why = _OTHER[kind]
    if key in other.model_fields:
        return f"{key} {why}"
    if isinstance(value, dict):
        return f"{_cut(key)} is a table: keys stand flat, such as seed = 1"
    known = keys(kind)
    # A line that lists them all would bury what was wrong.
    listed = ", ".join(known) if len(known) <= LISTED_MAX else f"those of `storebench show config`, {len(known)} in all"
    return f"{_cut(key)}: unknown; known are {listed}{nearest(key, known)}"


def placed(origin: str, key: str, told: str) -> str:
    """A problem of a key with the place where it was given; an option that is called as its key is not named twice."""
    if origin == f"--{key}":
        return f"--{told}" if told.startswith(key) else f"{origin}: {told}"
    return f"{origin} {told}" if origin == SET else f"{visible(origin)}: {told}"


def first(error: ValidationError, kind: type[BaseModel]) -> tuple[str, str]:
    """The key that the first problem is about, and the problem: the value, what is wrong with it, what the key wants."""
    problem = error.errors(include_url=False)[0]
    key, *rest = (str(part) for part in problem["loc"])
    place = key + "".join(f"[{part}]" for part in rest)
    if problem["type"] == "missing":
        return key, f"{key} is missing: {keys(kind)[key].meaning}"
    return key, f"{place} = {_given(problem['input'])}: {why(problem)} ({wanted(key, kind)})"


def wanted(key: str, kind: type[BaseModel]) -> str:
    """What a key is given in: its unit, and its default as an example."""
    field = kind.model_fields[key]
    example = f", such as {written(field.default)}" if field.default and not field.is_required() else ""
    return f"{key} wants {keys(kind)[key].unit}{example}"


def _given(value: object) -> str:
    """A value as it was given, cut; a number of thousands of digits is not written at all."""
    return of_many_digits(value) or shown(str(value) if isinstance(value, Path) else value, SHOWN_MAX)


def _cut(key: str) -> str:
    return shown(key, SHOWN_MAX)[1:-1] if len(key) < SHOWN_MAX - 2 else f"{key[:SHOWN_MAX]}..."
