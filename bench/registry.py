"""Which designs there are: the entry points of the group `storebench.variants`, ours and a stranger's alike."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import EntryPoint, entry_points

from bench.errors import UserError
from bench.guarded import guard_all
from variants.contract import Build, Design, Options

GROUP = "storebench.variants"
BASELINE = "dual"
"""The design that every ratio is taken against: what the note argues about."""

_NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
_ORDER = ("dual", "option_a", "option_b", "hybrid", "floor")


def known() -> dict[str, EntryPoint]:
    """All registered designs by name, ours first in the note's order; none of them is loaded yet."""
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=GROUP):
        other = found.get(entry.name)
        if other is not None and other.value != entry.value:
            raise UserError(f"two designs are called {entry.name!r}: {other.value} and {entry.value}; uninstall one of them")
        if not _NAME.fullmatch(entry.name):
            raise UserError(f"design name {entry.name!r} ({entry.value}): use small letters, digits and _, at most 31 of them")
        found[entry.name] = entry
    return dict(sorted(found.items(), key=lambda item: (_place(item[0]), item[0])))


def load(names: Iterable[str]) -> dict[str, Build]:
    """What builds the designs of these names; unknown ones and such that cannot be imported are refused in one line."""
    entries, builds = known(), {}
    for name in names:
        if name not in entries:
            raise UserError(f"unknown design {name!r}: known are {', '.join(entries)}")
        try:
            builds[name] = entries[name].load()
        except Exception as error:
            raise UserError(f"design {name!r} ({entries[name].value}) cannot be imported: {error}") from error
    return builds


def build(builds: Mapping[str, Build], options: Options) -> dict[str, Design]:
    """The designs, built; one that raises or calls itself otherwise than it is registered is refused in one line."""
    designs: dict[str, Design] = {}
    for name, make in builds.items():
        try:
            design = make(options)
            own_name = design.name
        except Exception as error:
            raise UserError(f"design {name!r} cannot be built: {type(error).__name__}: {error}") from error
        if own_name != name:
            raise UserError(f"design {name!r} calls itself {own_name!r}: its name must be that of its entry point")
        designs[name] = design
    return guard_all(designs)


def _place(name: str) -> int:
    return _ORDER.index(name) if name in _ORDER else len(_ORDER)
