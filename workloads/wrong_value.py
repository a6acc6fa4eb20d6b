"""What is wrong with the value of a key, by the name that pydantic has for it. Pure."""

from __future__ import annotations

from pydantic_core import ErrorDetails

_WHY = {
    "int_type": "that is no whole number",
    "int_from_float": "that is no whole number",
    "float_type": "that is no number",
    "finite_number": "that is no finite number",
    "bool_type": "that is neither true nor false",
    "string_type": "that is no text",
    "string_unicode": "that is no text of Unicode",
    "tuple_type": "that is no list",
    "too_short": "that has too few values",
    "too_long": "that has too many values",
    "string_too_short": "that is empty",
    "missing": "a value is missing in the list",
    "unexpected_positional_argument": "that has too many values",
    "path_type": "that is no path",
    "is_instance_of": "that is no path",
}


def why(problem: ErrorDetails) -> str:
    """What is wrong, in our words; in pydantic's where we have none."""
    if problem["type"] == "too_short" and not problem["input"]:
        return "that is empty"
    told = problem["msg"].removeprefix("Value error, ").replace("Input", "it").replace("Tuple", "it").replace("Value", "it")
    return _WHY.get(problem["type"], told)


def of_many_digits(value: object) -> str | None:
    """How large a whole number is that nobody wants to see written; None for any other value."""
    return f"a number of {value.bit_length()} bits" if isinstance(value, int) and value.bit_length() > 512 else None
