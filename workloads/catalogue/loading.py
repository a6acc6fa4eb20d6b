"""Specifications of workloads: which there are by name, and how a name, or a file of TOML of anybody's, is read.

A file says the keys of one workload. A family of workloads has a table `[points.NAME]` for each of its points, whose keys take the
place of the file's; a point is asked for as `family:point`, and `default_point` is what stands for none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from pydantic import ValidationError

from workloads.catalogue import refusing
from workloads.catalogue.replay_spec import ReplaySpec
from workloads.errors import InputError
from workloads.generation import laws_of
from workloads.generation.spec import WorkloadSpec
from workloads.toml_file import Reading, text_of, values_of

Spec = WorkloadSpec | ReplaySpec

SUFFIX = ".toml"
POINTS_MAX = 100
POINT_CHARACTERS_MAX = 31

_NAMES = (
    "chat",
    "steady",
    "burst",
    "zipf-hot-channel",
    "cold-start-storm",
    "fan-out",
    "history-read",
    "edit-delete-react",
    "dm-heavy",
    "trace-replay",
    "scale-sweep",
    "churn",
)
_KINDS: Mapping[str, type[Spec]] = {"generated": WorkloadSpec, "replay": ReplaySpec}


@dataclass(frozen=True, slots=True)
class Named:
    """A workload that was found: what it is called, the text it was read from, and what that says."""

    name: str
    text: str
    spec: Spec


def names() -> tuple[str, ...]:
    """The named workloads, the default one first."""
    return _NAMES


def is_path(name: str) -> bool:
    """Whether this is the path of a file and no name; a point may follow it."""
    return _split(name)[0].endswith(SUFFIX)


def exists(name: str) -> bool:
    """Whether this is a named workload, whatever point is asked for."""
    return name.partition(":")[0] in _NAMES


def about(name: str) -> str:
    """What a named workload, or a whole family, asks of a store."""
    return str(_values(_text(name), name)["about"])


def points(name: str) -> tuple[str, ...]:
    """The points of a named workload or of a file, its default first; none where it is no family. Raises `InputError`."""
    path, _ = _split(name)
    values = _values(_text(path), path)
    families = _points(values, path)
    default = _default(values, families, path)
    return (default, *(point for point in families if point != default)) if default is not None else ()


def load(name: str) -> Spec:
    """The specification of a name or of a path that ends in `.toml`, either with `:point`. Raises `InputError` in one line."""
    return read(name).spec


def read(name: str, text: str | None = None) -> Named:
    """The same with the text it was read from; `text`, when given, stands for the file."""
    path, point = _split(name)
    found = _text(path) if text is None else text
    return Named(Path(path).name + (f":{point}" if point else ""), found, _spec(found, path, point))


def _split(name: str) -> tuple[str, str | None]:
    """A name or path, and the point that is asked for."""
    head, colon, tail = name.rpartition(":")
    if colon and (head.endswith(SUFFIX) or not name.endswith(SUFFIX)):
        return head, tail
    return name, None


def _text(name: str) -> str:
    if name.endswith(SUFFIX):
        return text_of(Path(name), _reading(name))
    if name not in _NAMES:
        near = get_close_matches(name[:100], _NAMES, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        raise InputError(f"unknown workload {name!r}: known are {', '.join(_NAMES)}, or a path that ends in {SUFFIX}{meant}")
    return (files("workloads.catalogue") / f"{name}{SUFFIX}").read_text(encoding="utf-8")


def _reading(name: str) -> Reading:
    return Reading(
        where=name if name.endswith(SUFFIX) else f"workload {name}",
        what="workload",
        instead="give a file of TOML, as docs/workloads.md describes",
        keys="keys stand flat, and what a point changes below [points.NAME]",
    )


def _values(text: str, name: str) -> dict[str, object]:
    return values_of(text, _reading(name))


def _spec(text: str, name: str, point: str | None) -> Spec:
    where = _reading(name).where
    values = _values(text, name)
    families = _points(values, name)
    default = _default(values, families, name)
    chosen = default if point is None else point
    if chosen is not None and chosen not in families:
        known = f"known are {', '.join(families)}" if families else "it has no points: leave it out"
        raise InputError(f"{where}: unknown point {chosen!r}: {known}")
    own = {key: value for key, value in values.items() if key not in {"points", "default_point"}}
    if chosen is not None:
        where = f"{where}:{chosen}"
        own |= families[chosen]
    kind = own.get("kind", "generated")
    if not isinstance(kind, str) or kind not in _KINDS:
        raise InputError(f"{where}: kind = {str(kind)[:60]!r}: give {' or '.join(_KINDS)}")
    return _validated(own, _KINDS[kind], where)


def _validated(values: Mapping[str, object], kind: type[Spec], where: str) -> Spec:
    for key, value in values.items():
        if key not in kind.model_fields:
            raise InputError(f"{where}: {refusing.unknown(key, value, kind)}")
    try:
        spec = kind.model_validate(values)
        if isinstance(spec, WorkloadSpec):
            laws_of.check(spec)
    except ValidationError as error:
        raise InputError(f"{where}: {refusing.first(error, kind)}") from error
    except InputError as error:
        raise InputError(f"{where}: {error}") from error
    return spec


def _points(values: Mapping[str, object], name: str) -> dict[str, dict[str, object]]:
    families = values.get("points", {})
    where = _reading(name).where
    if not isinstance(families, dict) or not all(isinstance(point, dict) for point in families.values()):
        raise InputError(f"{where}: points is no table of tables: write [points.NAME] and below it the keys that the point changes")
    if len(families) > POINTS_MAX:
        raise InputError(f"{where}: {len(families)} points: give at most {POINTS_MAX}")
    for point in families:
        if not point or len(point) > POINT_CHARACTERS_MAX or not all(part.isalnum() or part in "_.-" for part in point):
            raise InputError(
                f"{where}: point {point[:60]!r}: name it with letters, digits, _, . and -, at most {POINT_CHARACTERS_MAX}"
            )
    return families


def _default(values: Mapping[str, object], families: Mapping[str, object], name: str) -> str | None:
    default = values.get("default_point")
    where = _reading(name).where
    if default is None:
        if families:
            raise InputError(f"{where}: default_point is missing: say which of {', '.join(families)} stands for none")
        return None
    if default not in families:
        raise InputError(
            f"{where}: default_point = {str(default)[:60]!r}: give one of the points{': ' if families else ''}{', '.join(families)}"
        )
    return str(default)
