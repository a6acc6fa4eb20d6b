"""Trying a checker on mutants of stores and histories: each on several worlds, each world by itself and all together. Pure."""

from __future__ import annotations

import random
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from bench.checker.check import check
from bench.checker.columns import Columns
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation
from bench.mutants.stores import StoreMutant
from bench.mutants.victims import NoVictim, copied

Checker = Callable[[Columns], Collection[Violation]]


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


def tried(mutant: StoreMutant, worlds: Sequence[Rows], in_sql: Checker | None = None) -> Tried:
    """The mutant of each of these worlds before the checkers. Equal worlds give equal trials."""
    altered: list[Rows] = []
    for place, world in enumerate(worlds):
        rows = copied(world)
        try:
            mutant.alter(rows, random.Random(place))
        except NoVictim:
            continue
        altered.append(rows)
    together = Rows()
    for rows in altered:
        together.add(rows)
    return judged([columns_of(rows) for rows in altered], columns_of(together), len(worlds) - len(altered), mutant.must, in_sql)


def judged(alone: Sequence[Columns], together: Columns, void: int, must: frozenset[str], in_sql: Checker | None = None) -> Tried:
    """What checkers say of exposures, each alone and all of them together; `void` more had nothing wrong in them."""
    fired = [{violation.invariant for violation in check(columns)} for columns in alone]
    found = frozenset(check(together))
    in_server = None if in_sql is None else frozenset(in_sql(together))
    return Tried(
        exposures=len(alone),
        void=void,
        missed=sum(not must <= invariants for invariants in fired),
        python=frozenset(violation.invariant for violation in found).union(*fired),
        sql=None if in_server is None else frozenset(violation.invariant for violation in in_server),
        agree=in_server is None or in_server == found,
    )
