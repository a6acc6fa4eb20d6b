"""Which levels of the factors exist for which design, and why another one does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.drive.conflict import Conflict
from bench.drive.ensuring import EnsureLevel
from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.factors import Factor, Levels, name, single_levels
from bench.registry import built
from bench.stores import ddl
from bench.traits import Traits, traits_of
from variants.contract import Build, Design, NotOffered, Options


@dataclass(frozen=True, slots=True)
class Cell:
    """One level of one factor, crossed with a design; `missing` says in one line why that does not exist, None that it does."""

    factor: Factor
    level: str
    missing: str | None


def missing(design: str, make: Build, levels: Levels) -> str | None:
    """Why a design has no variant at these levels, in one line; None when it has one. `make` builds the design of this name.

    Raises `UserError` when the design cannot be built at all.
    """
    own = built(design, make, Options())
    return _without_indexes(design, make, own, levels) or without_statements(traits_of(own), levels)


def cells(design: str, make: Build) -> Iterator[Cell]:
    """Every level of every factor that a variant may have one of, in their order, each alone."""
    own = built(design, make, Options())
    traits = traits_of(own)
    for factor, level, levels in single_levels():
        yield Cell(factor, level, _without_indexes(design, make, own, levels) or without_statements(traits, levels))


def variant_of(design: str, make: Build, levels: Levels) -> Design:
    """The design built for a variant. Raises `UserError` with the reason when there is no such variant."""
    reason = missing(design, make, levels)
    if reason is not None:
        raise UserError(f"variant {name(design, levels)}: there is none: {reason}")
    return built(design, make, Options(indexes=levels.indexes))


def _without_indexes(design: str, make: Build, own: Design, levels: Levels) -> str | None:
    if levels.indexes is None:
        return None
    try:
        other = built(design, make, Options(indexes=levels.indexes))
    except NotOffered as refused:
        return refused.reason
    same = sorted(ddl(other)) == sorted(ddl(own))
    return f"its tables at {levels.indexes} indexes are those that it has anyway" if same else None


def without_statements(traits: Traits, levels: Levels) -> str | None:
    """Why a design with these traits has no such variant, whatever its indexes; None when it has one."""
    if levels.atomicity is Atomicity.OUTBOX:
        if not traits.by_relay:
            return "no agent has a task of its own that a relay could apply"
        if traits.in_agents is not None:
            return f"a relay could not repeat an agent's task: it inserts by a statement that {traits.in_agents}"
    if levels.ensure is not EnsureLevel.FIND_FIRST and not traits.ensures:
        return "it yields no Ensure: the level makes no difference"
    if levels.conflict is Conflict.ON_CONFLICT or levels.repair:
        if not traits.inserts_messages:
            return "no INSERT of a message was seen among its statements"
        if traits.in_messages is not None:
            return f"it inserts a message by a statement that {traits.in_messages}"
    if levels.repair and traits.in_any is not None:
        return f"a repair could not repeat an operation: it inserts by a statement that {traits.in_any}"
    return None
