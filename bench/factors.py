"""The factors: what is crossed with a design and is not its schema, and the names of their levels. Pure.

A variant is a design with a level of each factor, written `dual`, `dual[joined]`, `hybrid[outbox,retry=3+repair]`,
`dual[ids=fresh,conflict=on_conflict]`: levels that are the default are left out.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from types import MappingProxyType

from bench.drive.conflict import Conflict
from bench.drive.ensuring import EnsureLevel
from bench.drive.flights import Atomicity
from bench.errors import UserError
from variants.contract import Indexes

RETRIES_MAX = 9
OWN = "own"
"""The level of indexes that a design has when none is asked for."""


class Ids(enum.StrEnum):
    """The factor: what a message's id derives from."""

    DERIVED = "derived"
    FRESH = "fresh"


@dataclass(frozen=True, slots=True)
class Levels:
    """A level of each factor that a variant may have one of; `indexes` None is the design's own level.

    `retry` is how many more attempts an operation gets, `repair` whether what it leaves in part is made whole afterwards.
    """

    atomicity: Atomicity = Atomicity.PER_SIDE
    ensure: EnsureLevel = EnsureLevel.FIND_FIRST
    indexes: Indexes | None = None
    ids: Ids = Ids.DERIVED
    conflict: Conflict = Conflict.PLAIN
    retry: int = 0
    repair: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.retry <= RETRIES_MAX:
            raise ValueError(f"retry is {self.retry}, not 0 to {RETRIES_MAX}")


DEFAULT = Levels()


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor: the question of the design note that it answers, and its levels with their meaning, the default first.

    `of_run`: all variants of a run share one level, which the run's configuration gives.
    """

    name: str
    question: str
    levels: Mapping[str, str]
    of_run: bool = False

    @property
    def default(self) -> str:
        """The level of whoever does not ask for another one."""
        return next(iter(self.levels))


FACTORS: tuple[Factor, ...] = (
    Factor(
        "atomicity",
        'problem 3, "inconsistent if one side fails"',
        MappingProxyType(
            {
                "per_side": "transactions begin and end where the design's tasks say",
                "joined": "all tasks of an operation in one transaction",
                "outbox": "the central transaction writes an outbox row; a relay applies the agents' tasks, idempotently",
            }
        ),
    ),
    Factor(
        "ensure",
        '"Lookup/create", "simpler lookup"',
        MappingProxyType(
            {
                "find_first": "a row that may exist is looked for, and inserted when absent",
                "insert": "it is inserted without a look, ON CONFLICT DO NOTHING",
                "remembered": "it is looked for once, then this process trusts its memory",
            }
        ),
    ),
    Factor(
        "indexes",
        '"Can optimize central schema for message bus (speed)"',
        MappingProxyType(
            {
                OWN: "the design's own choice",
                "declared": "those that the schema as written names",
                "deployed": "those that are on disk where the schema runs",
                "advised": "those that the design's reads and keys call for",
            }
        ),
    ),
    Factor(
        "ids",
        'problem 3, "inconsistent if one side fails": what a retry leaves',
        MappingProxyType(
            {
                "derived": "a message's id derives from the client's, the same for each attempt",
                "fresh": "each attempt writes under an id of its own",
            }
        ),
    ),
    Factor(
        "conflict",
        'problem 3, "inconsistent if one side fails": what a retry leaves',
        MappingProxyType(
            {
                "plain": "a message whose id is there already is an error",
                "on_conflict": "it is left alone: INSERT ... ON CONFLICT DO NOTHING, made of the design's own INSERT",
            }
        ),
    ),
    Factor(
        "retry",
        'problem 3, "inconsistent if one side fails": what it takes to heal',
        MappingProxyType(
            {
                "0": "one attempt",
                "N": f"up to N more, 1 to {RETRIES_MAX}, after an abort that may pass or an end unknown",
                "N+repair": "after the last one, what is there in part is made whole",
            }
        ),
    ),
    Factor(
        "peer_delivery",
        '"every message requires 2x database operations"',
        MappingProxyType(
            {
                "yes": "an agent's reply is delivered to the channel's other agents, as in elizaOS 1.6.1",
                "no": "its only copy at an agent is its author's, as in elizaOS 1.7",
            }
        ),
        of_run=True,
    ),
    Factor(
        "exchange",
        '"every message requires 2x database operations": what they cost',
        MappingProxyType(
            {
                "plain": "one round trip a statement, as the real server's driver does",
                "shared": "BEGIN rides with the first statements, COMMIT with the last ones",
            }
        ),
        of_run=True,
    ),
)

_TEXT = re.compile(r"([a-z][a-z0-9_]{0,30})(?:\[([a-z0-9_=+,]+)\])?", re.ASCII)
_RETRY = re.compile(r"([0-9])(\+repair)?", re.ASCII)
_EXAMPLES = "dual, dual[joined], hybrid[outbox,retry=3+repair]"


def parse(text: str) -> tuple[str, Levels]:
    """The design and the levels of a variant; `UserError` in one line for what cannot be read. The design may be unknown."""
    found = _TEXT.fullmatch(text)
    if found is None:
        raise UserError(f"variant {text!r}: write a design's name and levels in brackets, such as {_EXAMPLES}")
    levels, seen = DEFAULT, set[str]()
    for part in found[2].split(",") if found[2] is not None else ():
        factor, value = _factor_and_value(text, part)
        if factor in seen:
            why = "; joined and outbox exclude each other" if factor == "atomicity" else ""
            raise UserError(f"variant {text!r}: {factor} is given twice{why}")
        seen.add(factor)
        levels = _with_level(text, levels, factor, value)
    return found[1], levels


def name(design: str, levels: Levels) -> str:
    """How a variant is written: its levels in the order of `FACTORS`, defaults left out; `parse` reads it back."""
    parts = [str(levels.atomicity)] if levels.atomicity is not DEFAULT.atomicity else []
    named = ("ensure", "indexes", "ids", "conflict")
    parts += [f"{factor}={level}" for factor in named if (level := getattr(levels, factor)) != getattr(DEFAULT, factor)]
    if levels.retry or levels.repair:
        parts.append(f"retry={levels.retry}{'+repair' if levels.repair else ''}")
    return f"{design}[{','.join(parts)}]" if parts else design


def single_levels() -> Iterator[tuple[Factor, str, Levels]]:
    """Every level of every factor of a variant, alone: what is crossed with a design in the table of cells; N is the most."""
    for factor in FACTORS:
        if not factor.of_run:
            for level in factor.levels:
                value = level.replace("N", str(RETRIES_MAX))
                yield factor, level, _with_level(f"{factor.name}={level}", DEFAULT, factor.name, value)


def _factor_and_value(text: str, part: str) -> tuple[str, str]:
    """A bare word is a level of atomicity; everything else names its factor."""
    factor, equals, value = part.partition("=")
    if not equals and factor in tuple(Atomicity):
        return "atomicity", factor
    known = [field.name for field in fields(Levels) if field.name != "repair"]
    if factor in {of_run.name for of_run in FACTORS if of_run.of_run}:
        raise UserError(f"variant {text!r}: {factor} is one for all variants of a run, not a level of one variant")
    if not equals or factor not in known:
        raise UserError(f"variant {text!r}: {part!r} is no level; write {' or '.join(Atomicity)}, or one of {_forms(known)}")
    return factor, value


def _forms(known: list[str]) -> str:
    return ", ".join(f"{factor}=..." for factor in known if factor != "atomicity")


def _with_level(text: str, levels: Levels, factor: str, value: str) -> Levels:
    known = next(item for item in FACTORS if item.name == factor).levels
    if factor == "retry":
        found = _RETRY.fullmatch(value)
        if found is None:
            raise UserError(
                f"variant {text!r}: retry={value} is no level; write retry=0 to retry={RETRIES_MAX}, with +repair if wanted"
            )
        return replace(levels, retry=int(found[1]), repair=found[2] is not None)
    if value not in known:
        raise UserError(f"variant {text!r}: {factor}={value} is no level; {factor} is {' or '.join(known)}")
    match factor:
        case "atomicity":
            return replace(levels, atomicity=Atomicity(value))
        case "ensure":
            return replace(levels, ensure=EnsureLevel(value))
        case "indexes":
            return replace(levels, indexes=None if value == OWN else Indexes(value))
        case "ids":
            return replace(levels, ids=Ids(value))
    return replace(levels, conflict=Conflict(value))
