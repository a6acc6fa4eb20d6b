"""Which designs there are: the entry points of the group `storebench.variants`, ours and a stranger's alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from importlib.metadata import EntryPoint, entry_points
from typing import Any

from bench.errors import Terminated, UserError
from bench.foreign import raised, shown
from bench.guarded import WATCHED, Guarded
from bench.suggesting import unknown
from bench.watchdog import LIMIT_S, watching
from variants.contract import Build, Design, NotOffered, Options

GROUP = "storebench.variants"
BASELINE = "dual"
"""The design that every ratio is taken against: what the note argues about."""

NAME = re.compile(r"[a-z][a-z0-9_]{0,30}")
"""What a design or a workload may be called."""

TAKEN = "config"
"""No design may be called so: `storebench show config` shows the configuration."""

OURS = ("dual", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "hybrid", "floor")
"""The designs of this project, in the order of the note; a run takes all of them when it is not told which."""

NARROW = ("dual", "option_a", "option_b", "hybrid", "floor")
"""The narrow reading of each of the note's designs, and the floor: what a replay takes, since all eight cost twice as much."""


def known() -> dict[str, EntryPoint]:
    """All registered designs by name, ours first in the note's order; none of them is loaded yet."""
    found = registered(GROUP, "design")
    if TAKEN in found:
        raise UserError(
            f"design name {TAKEN!r} ({origin(found[TAKEN])}) is a word of the command line: mend or uninstall that distribution"
        )
    return dict(sorted(found.items(), key=lambda item: (_place(item[0]), item[0])))


def registered(group: str, what: str) -> dict[str, EntryPoint]:
    """The entry points of a group by name, none of them loaded; a bad name, or one that is taken, is refused in one line."""
    found: dict[str, EntryPoint] = {}
    for entry in entry_points(group=group):
        other = found.get(entry.name)
        if other is not None and other.value != entry.value:
            raise UserError(f"two {what}s are called {entry.name!r}: {origin(other)} and {origin(entry)}; uninstall one of them")
        if not NAME.fullmatch(entry.name):
            raise UserError(
                f"{what} name {entry.name!r} ({origin(entry)}): use small letters, digits and _, at most 31, a letter first; "
                "mend or uninstall that distribution"
            )
        found[entry.name] = entry
    return found


def load(names: Iterable[str]) -> dict[str, Build]:
    """What builds the designs of these names; unknown ones and such that cannot be imported are refused in one line."""
    entries, builds = known(), {}
    for name in names:
        if name not in entries:
            raise UserError(unknown("design", name, entries))
        builds[name] = imported(entries[name], "design")
    return builds


def imported(entry: EntryPoint, what: str) -> Any:
    """What an entry point names; one that cannot be imported, or is nothing that can be called, is refused in one line."""
    try:
        found = entry.load()
    except Terminated:
        raise
    except BaseException as error:
        raise UserError(f"{what} {entry.name!r} ({origin(entry)}) cannot be imported: {raised(error)}") from error
    if not callable(found):
        raise UserError(f"{what} {entry.name!r} ({origin(entry)}) is {shown(found)}, which cannot be called")
    return found


def origin(entry: EntryPoint) -> str:
    """What an entry point names and which distribution brings it."""
    return entry.value if entry.dist is None else f"{entry.value} of {entry.dist.name} {entry.dist.version}"


def build(builds: Mapping[str, Build], options: Options) -> dict[str, Design]:
    """The designs, built; one that cannot be, or not for these options, is refused in one line."""
    designs = {}
    for name, make in builds.items():
        try:
            designs[name] = built(name, make, options)
        except NotOffered as refused:
            raise UserError(f"design {name!r} has no such form: {refused.reason}") from refused
    return designs


def built(name: str, make: Build, options: Options) -> Design:
    """A design, built and behind glass. Raises `NotOffered` as the design does when it has no such form.

    One that raises something else, or calls itself otherwise than it is registered, is refused in one line.
    """
    try:
        design = make(options)
        own_name = design.name
    except (Terminated, NotOffered):
        raise
    except BaseException as error:
        raise UserError(f"design {name!r} cannot be built: {raised(error)}") from error
    if own_name != name:
        raise UserError(f"design {name!r} calls itself {shown(own_name)}: its name must be that of its entry point")
    return Guarded(design)


def watched(limit_s: float = LIMIT_S, also: Iterable[Callable[..., Any]] = ()) -> AbstractContextManager[None]:
    """Meanwhile, a call into a design that lasts longer than the limit is ended and told like any other fault of the design.

    `also` are calls into other plug-ins.
    """
    return watching((*WATCHED, imported, built, *also), limit_s)


def _place(name: str) -> int:
    return OURS.index(name) if name in OURS else len(OURS)
