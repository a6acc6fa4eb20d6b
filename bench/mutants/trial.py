"""Trying the checkers on mutants of stores and histories: each on several worlds, all of them before each checker at once. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bench.checker.check import check
from bench.checker.columns import Columns
from bench.checker.numbering import by_number, numbered
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation
from bench.mutants.stores import StoreMutant
from bench.mutants.victims import NoVictim, copied

Checker = Callable[[Columns], Collection[Violation]]

Found = Collection[Violation]
"""What a checker found."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What checkers said of a mutant.

    `python` and `sql` are the invariants that either of them found broken over all exposures; `sql` None where there is no server.
    `exposures` worlds were altered and `void` had nothing to alter; `missed` of the exposures lack an invariant that must break.
    `agree`: both found exactly the same violations.
    """

    exposures: int
    void: int
    missed: int
    python: frozenset[str]
    sql: frozenset[str] | None
    agree: bool

    def killed(self, must: frozenset[str]) -> bool:
        """Whether it was seen in every exposure, and nothing else was seen."""
        seen = self.python == must and self.sql in (None, must)
        return seen and self.agree and self.exposures > 0 and self.missed == 0


def tried(mutants: Sequence[StoreMutant], worlds: Sequence[Rows], in_sql: Checker | None = None) -> list[Tried]:
    """Each mutant of each of these worlds before the checkers, in order. Equal worlds give equal trials.

    Every altered world has ids of its own, so all of them are one store. What is found of none of them is laid to all.
    """
    altered: list[list[int]] = []
    together, count = Rows(), 0
    for mutant in mutants:
        own: list[int] = []
        for place, world in enumerate(worlds):
            rows = copied(world)
            try:
                mutant.alter(rows, random.Random(place))
            except NoVictim:
                continue
            together.add(numbered(rows, count))
            own.append(count)
            count += 1
        altered.append(own)
    columns = columns_of(together)
    python, sql = by_number(check(columns)), None if in_sql is None else by_number(in_sql(columns))
    return [
        judged(
            [python[number] | python[None] for number in own],
            None if sql is None else [sql[number] | sql[None] for number in own],
            mutant.must,
            void=len(worlds) - len(own),
        )
        for mutant, own in zip(mutants, altered, strict=True)
    ]


def judged(python: Sequence[Found], sql: Sequence[Found] | None, must: frozenset[str], void: int = 0) -> Tried:
    """What is made of what checkers found in each exposure; `void` more had nothing wrong in them."""
    fired = [_invariants(found) for found in python]
    return Tried(
        exposures=len(python),
        void=void,
        missed=sum(not must <= invariants for invariants in fired),
        python=frozenset[str]().union(*fired),
        sql=None if sql is None else frozenset[str]().union(*map(_invariants, sql)),
        agree=sql is None or list(map(frozenset, python)) == list(map(frozenset, sql)),
    )


def _invariants(found: Found) -> frozenset[str]:
    return frozenset(violation.invariant for violation in found)
