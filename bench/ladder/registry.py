"""Which ladders there are: the entry points of the group `storebench.ladders`, ours and a stranger's alike.

Designs that a ladder brings along are found by name, as registered ones are, but take part in no run that does not ask for the
ladder.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint

from bench import registry
from bench.errors import Terminated, UserError
from bench.factors import DEFAULT, Levels, parse
from bench.foreign import raised, shown
from bench.suggesting import unknown
from variants.contract import Build
from variants.ladders import Ladder, Rung

GROUP = "storebench.ladders"
RUNGS_MAX = 30


@dataclass(frozen=True, slots=True)
class Step:
    """A rung that was looked up: its variant with design and levels, what builds it, and what is new on it."""

    variant: str
    design: str
    levels: Levels
    build: Build
    change: str


@dataclass(frozen=True, slots=True)
class Climb:
    """A ladder that was looked up, by its name."""

    name: str
    question: str
    steps: tuple[Step, ...]


def known() -> Mapping[str, EntryPoint]:
    """All registered ladders by name; none of them is loaded yet."""
    return registry.registered(GROUP, "ladder")


def check(name: str) -> None:
    """Raise `UserError` in one line for a ladder that does not exist; nothing is imported."""
    entries = known()
    if name not in entries:
        raise UserError(unknown("ladder", name, entries))


def climb(name: str) -> Climb:
    """A ladder with everything that it names; one that is bad, or names what does not exist, is refused in one line."""
    check(name)
    return _looked_up(name, known()[name])


def load(names: Iterable[str]) -> dict[str, Build]:
    """What builds the designs of these names: registered ones, and those that a ladder brings along."""
    found: dict[str, Build] = {}
    registered = registry.known()
    for name in names:
        found |= registry.load([name]) if name in registered else {name: _brought(name, registered)}
    return found


def brought() -> dict[str, str]:
    """The designs that ladders bring along, by name, each with its ladder."""
    return {rung.variant: name for name, entry in known().items() for rung in _ladder(name, entry).rungs if rung.build is not None}


def _brought(name: str, registered: Iterable[str]) -> Build:
    for ladder, entry in known().items():
        for rung in _ladder(ladder, entry).rungs:
            if rung.build is not None and rung.variant == name:
                return rung.build
    raise UserError(unknown("design", name, registered))


def _looked_up(name: str, entry: EntryPoint) -> Climb:
    ladder = _ladder(name, entry)
    brought_along = {rung.variant: rung.build for rung in ladder.rungs if rung.build is not None}
    registered, steps = registry.known(), []
    for rung in ladder.rungs:
        design, levels = _parsed(name, rung)
        build = brought_along.get(design)
        if build is None:
            if design not in registered:
                raise _bad(name, entry, f"rung {shown(rung.variant)} is of no design that is registered or brought along")
            build = registry.load([design])[design]
        steps.append(Step(rung.variant, design, levels, build, rung.change))
    return Climb(name, ladder.question, tuple(steps))


def _ladder(name: str, entry: EntryPoint) -> Ladder:
    """The ladder of an entry point, with nothing in it that is no ladder's."""
    make = registry.imported(entry, "ladder")
    try:
        ladder = make()
    except Terminated:
        raise
    except BaseException as error:
        raise UserError(f"ladder {name!r} ({registry.origin(entry)}) cannot be made: {raised(error)}") from error
    if not isinstance(ladder, Ladder) or not all(isinstance(rung, Rung) for rung in ladder.rungs):
        raise _bad(name, entry, f"it gives {shown(ladder)}, which is no Ladder of Rungs")
    variants = [rung.variant for rung in ladder.rungs]
    if not 2 <= len(variants) <= RUNGS_MAX or len(set(variants)) < len(variants):
        raise _bad(name, entry, f"it needs 2 to {RUNGS_MAX} rungs, each once")
    taken = [rung.variant for rung in ladder.rungs if rung.build is not None and _is_taken(rung.variant)]
    if taken:
        raise _bad(name, entry, f"rung {shown(taken[0])} brings a design whose name is bad, or that of a registered one")
    return ladder


def _is_taken(name: str) -> bool:
    return name == registry.TAKEN or name in registry.known() or registry.NAME.fullmatch(name) is None


def _parsed(name: str, rung: Rung) -> tuple[str, Levels]:
    if rung.build is not None:
        return rung.variant, DEFAULT
    try:
        return parse(rung.variant)
    except UserError as error:
        raise UserError(f"ladder {name!r}: {error}") from error


def _bad(name: str, entry: EntryPoint, why: str) -> UserError:
    return UserError(f"ladder {name!r} ({registry.origin(entry)}): {why}; mend or uninstall that distribution")
