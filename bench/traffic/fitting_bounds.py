"""What was fitted, cut to the bounds that a workload's keys have. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from bench.traffic.words import number
from workloads.generation.spec import WorkloadSpec


def bounded(values: Mapping[str, object]) -> tuple[dict[str, object], list[str]]:
    """The values, those outside of their bounds put on them; and a sentence for each that was.

    What else is wrong with them, one by one or together, is left to the model itself.
    """
    cut, told = dict(values), list[str]()
    for problem in _problems(values):
        context = problem.get("ctx", {})
        bound = context.get("ge", context.get("le"))
        if bound is not None:
            key, *places = problem["loc"]
            cut[str(key)] = _put(cut[str(key)], [int(place) for place in places], type(problem["input"])(bound))
            told.append(f"{key}: {number(problem['input'])} was fitted, and is cut to {number(bound)}, the bound of the key.")
    return cut, told


def _problems(values: Mapping[str, object]) -> list[ErrorDetails]:
    try:
        WorkloadSpec.model_validate(values)
    except ValidationError as error:
        return error.errors(include_url=False)
    return []


def _put(value: object, places: Sequence[int], bound: object) -> object:
    """The value with another one at a place within its tuples."""
    if not places or not isinstance(value, tuple):
        return bound
    first, *rest = places
    return (*value[:first], _put(value[first], rest, bound), *value[first + 1 :])
