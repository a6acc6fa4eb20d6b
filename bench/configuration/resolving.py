"""How a configuration comes to be: from a profile, a file, the options of a command and `--set`; of two, the later one wins."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from pydantic import ValidationError

from bench.configuration import profiles, refusing, setting
from bench.configuration.file import read
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.values import WORKLOAD_CHARACTERS_MAX
from bench.errors import UserError
from workloads import catalogue
from workloads.errors import InputError

DEFAULT = "default"
"""The origin of a value that nobody gave."""

_NOTHING: Mapping[str, object] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Resolved:
    """A configuration, and for each of its keys where the value came from: `default`, a profile, a file or an option."""

    configuration: Configuration | TraceConfiguration
    origins: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class _Given:
    """A value as it was given, and where."""

    value: object
    origin: str


def resolve(
    *,
    profile: str | None = None,
    file: Path | None = None,
    flags: Mapping[str, object] = _NOTHING,
    settings: Iterable[str] = (),
) -> Resolved:
    """The configuration of a run; one that is given a trace is a replay's, and of a profile it takes what a replay knows.

    `flags` are a command's own options by key, None for one that was not given; `settings` are those of `--set`, `key=value` each.
    Of a relative path, one in the file counts from the file's folder. What does not fit is refused by `UserError` in one line.
    """
    chosen = profile if profile is not None else profiles.DEFAULT
    of_profile = profiles.load(chosen)
    of_file = _of_file(file) if file is not None else {}
    of_flags = {key: _Given(value, f"--{key}") for key, value in flags.items() if value is not None}
    asked = of_file | of_flags | _of_settings(settings)
    kind: type[Configuration | TraceConfiguration] = TraceConfiguration if "trace" in asked else Configuration
    for key, given in asked.items():
        if key not in kind.model_fields:
            raise UserError(refusing.placed(given.origin, key, refusing.unknown(key, given.value, kind)))
    if "workload" in asked and asked["workload"].origin == refusing.SET:
        # A text that a file holds belongs to that file's workload.
        asked = {key: given for key, given in asked.items() if key != "workload_toml" or given.origin == refusing.SET}
    fitting = {key: _Given(value, f"profile {chosen}") for key, value in of_profile.items() if key in kind.model_fields}
    return _with_workload(_validated(kind, fitting | asked))


def from_record(record: Mapping[str, object], origin: str = "run.json") -> Configuration | TraceConfiguration:
    """The configuration that a run has stored; a key that it lacks has its default, one that is unknown now is refused."""
    kind: type[Configuration | TraceConfiguration] = TraceConfiguration if "trace" in record else Configuration
    for key, value in record.items():
        if key not in kind.model_fields:
            raise UserError(refusing.placed(origin, key, refusing.unknown(key, value, kind)))
    return _validated(kind, {key: _Given(value, origin) for key, value in record.items()}).configuration


def _validated(kind: type[Configuration | TraceConfiguration], given: Mapping[str, _Given]) -> Resolved:
    try:
        configuration = kind.model_validate({key: item.value for key, item in given.items()})
    except ValidationError as error:
        key, told = refusing.first(error, kind)
        raise UserError(refusing.placed(given[key].origin, key, told) if key in given else told) from error
    origins = {key: given[key].origin if key in given else DEFAULT for key in kind.model_fields}
    return Resolved(configuration, MappingProxyType(origins))


def _with_workload(resolved: Resolved) -> Resolved:
    """A workload that is named by path is read, so that the configuration holds all of it."""
    configuration = resolved.configuration
    if isinstance(configuration, TraceConfiguration) or configuration.workload_toml is not None:
        return resolved
    if not catalogue.is_path(configuration.workload):
        return resolved
    origin = resolved.origins["workload"]
    try:
        text = catalogue.read(configuration.workload).text
    except InputError as error:
        raise UserError(refusing.placed(origin, "workload", f"workload: {error}")) from error
    if len(text) > WORKLOAD_CHARACTERS_MAX:
        told = f"workload: {configuration.workload} has more than {WORKLOAD_CHARACTERS_MAX} characters: that is no workload"
        raise UserError(refusing.placed(origin, "workload", told))
    whole = configuration.model_copy(update={"workload_toml": text})
    return Resolved(whole, MappingProxyType({**resolved.origins, "workload_toml": origin}))


def _of_file(path: Path) -> dict[str, _Given]:
    values = read(path)
    trace = values.get("trace")
    if isinstance(trace, str) and trace:
        values = values | {"trace": str(path.parent / trace)}
    workload = values.get("workload")
    if isinstance(workload, str) and catalogue.is_path(workload) and "workload_toml" not in values:
        values = values | {"workload": str(path.parent / workload)}
    return {key: _Given(value, str(path)) for key, value in values.items()}


def _of_settings(settings: Iterable[str]) -> dict[str, _Given]:
    pairs = (setting.split(text) for text in settings)
    return {key: _Given(value, refusing.SET) for key, value in pairs}
