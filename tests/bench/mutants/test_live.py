"""Mutants of designs on a real server: each breaks its own invariants, in every stream, and no others."""

from __future__ import annotations

from collections.abc import Callable

import psycopg
import pytest

from bench.mutants.designs import DESIGNS, DesignMutant, Mistake
from bench.mutants.live import tried_live
from bench.stores import Store
from variants.contract import Design, Options, Task
from variants.dual import Dual
from workloads.operations import Context, Write

FreshStore = Callable[[Design], Store]


QUICK = "keeps_its_reply_to_itself"
"""A mistake of the real server; all of them take their time."""


@pytest.mark.parametrize(
    "mutant",
    [pytest.param(mutant, id=mutant.name, marks=[] if mutant.name == QUICK else pytest.mark.full) for mutant in DESIGNS],
)
def test_a_design_with_a_mistake_breaks_its_own_invariants_and_no_others(mutant: DesignMutant, fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    with psycopg.connect(store.conninfo, autocommit=True) as connection:
        (seen,) = tried_live(store, [mutant], (1, 2), connection)
    assert (sorted(seen.python), sorted(seen.sql or ()), seen.missed) == (sorted(mutant.must), sorted(mutant.must), 0)
    assert seen.agree
    assert seen.killed(mutant.must)


def no_mistake(design: Design, operation: Write, context: Context) -> list[Task]:
    return list(design.write(operation, context))


def made() -> Mistake:
    return no_mistake


def test_a_design_without_a_mistake_breaks_nothing_and_is_not_killed(fresh_store: FreshStore) -> None:
    honest = DesignMutant("no_mistake", "", "", made, frozenset({"I4"}))
    (seen,) = tried_live(fresh_store(Dual(Options())), [honest], (1,))
    assert (seen.python, seen.missed) == (frozenset(), 1)
    assert not seen.killed(honest.must)
