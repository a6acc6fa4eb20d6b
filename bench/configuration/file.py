"""A configuration's file, as keys and values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.refusing import wanted
from bench.errors import UserError
from bench.visible import visible
from workloads.errors import InputError
from workloads.key import keys
from workloads.toml_file import Reading, text_of, values_of


def read(path: Path) -> dict[str, Any]:
    """The keys and values of a file of TOML; one that cannot be read is refused in one line."""
    reading = Reading(
        where=visible(str(path)),
        what="configuration",
        instead="give a file of TOML, or none",
        keys="keys stand flat, without tables",
        wanted=_wanted,
    )
    try:
        return values_of(text_of(path, reading), reading)
    except InputError as error:
        raise UserError(str(error)) from error


def _wanted(key: str) -> str:
    kinds = (Configuration, TraceConfiguration)
    return next((f" ({wanted(key, kind)})" for kind in kinds if key in keys(kind)), "")
