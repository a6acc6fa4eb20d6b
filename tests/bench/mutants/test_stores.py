"""Mutants of stores and histories: each breaks its own invariants, in every world, and no others."""

from __future__ import annotations

import random

import pytest

from bench.checker.check import check
from bench.checker.rows import Rows, columns_of
from bench.checker.violation import Violation
from bench.mutants.histories import HISTORIES
from bench.mutants.readers import READERS
from bench.mutants.stores import STORES, StoreMutant
from bench.mutants.trial import Tried, tried
from bench.mutants.victims import NoVictim, copied
from bench.mutants.world import correct_rows

WORLDS = [correct_rows(f"world-{seed}", seed) for seed in range(3)]
MUTANTS = (*STORES, *HISTORIES, *READERS)


def test_a_correct_world_breaks_nothing() -> None:
    for world in WORLDS:
        assert check(columns_of(world)) == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_mutant_breaks_its_own_invariants_and_no_others(mutant: StoreMutant) -> None:
    (seen,) = tried([mutant], WORLDS)
    assert (sorted(seen.python), seen.missed) == (sorted(mutant.must), 0)
    assert seen.exposures >= 1
    assert seen.killed(mutant.must)


def test_mutants_that_are_tried_together_are_told_apart() -> None:
    chosen = [next(mutant for mutant in MUTANTS if mutant.must == frozenset(must)) for must in ({"I4"}, {"I3"}, {"I20"}, {"I11"})]
    assert tried(chosen, WORLDS[:2]) == [one for mutant in chosen for one in tried([mutant], WORLDS[:2])]


def test_what_is_found_of_no_mutant_is_laid_to_all() -> None:
    stray = Violation("I9", ("nobody in particular",), "dangling")
    (seen,) = tried([MUTANTS[0]], WORLDS[:1], lambda columns: [*check(columns), stray])
    assert not seen.agree
    assert not seen.killed(MUTANTS[0].must)


def test_there_are_more_than_twenty_mutants_and_every_invariant_that_is_checked_has_one() -> None:
    assert len({mutant.name for mutant in MUTANTS}) == len(MUTANTS) > 20
    broken = frozenset[str]().union(*(mutant.must for mutant in MUTANTS))
    assert broken == {f"I{number}" for number in range(1, 23)} - {"I17", "I21", "I22"}


def test_an_alteration_leaves_the_world_it_was_made_of_as_it_was() -> None:
    before = repr(WORLDS[0])
    for mutant in MUTANTS:
        altered = copied(WORLDS[0])
        mutant.alter(altered, random.Random(0))
        assert repr(altered) != before, mutant.name
        assert repr(WORLDS[0]) == before, mutant.name


def nothing(rows: Rows, generator: object) -> None:
    """Alters nothing."""


def none_to_alter(_rows: Rows, _generator: object) -> None:
    raise NoVictim


def test_a_mutant_that_alters_nothing_survives_and_one_without_a_victim_is_void() -> None:
    idle = StoreMutant("idle", "", "", nothing, frozenset({"I1"}))
    (seen,) = tried([idle], WORLDS[:2])
    assert (seen.exposures, seen.missed, seen.killed(idle.must)) == (2, 2, False)
    (void,) = tried([StoreMutant("void", "", "", none_to_alter, frozenset({"I1"}))], WORLDS[:2])
    assert (void.exposures, void.void, void.killed(frozenset({"I1"}))) == (0, 2, False)


def test_a_mutant_that_breaks_more_than_it_should_is_not_killed() -> None:
    both = Tried(1, 0, 0, frozenset({"I1", "I4"}), None, agree=True)
    assert not both.killed(frozenset({"I1"}))
    assert both.killed(frozenset({"I1", "I4"}))
    disagreeing = Tried(1, 0, 0, frozenset({"I1"}), frozenset({"I1"}), agree=False)
    assert not disagreeing.killed(frozenset({"I1"}))
    assert not Tried(1, 0, 0, frozenset({"I1"}), frozenset(), agree=True).killed(frozenset({"I1"}))


def test_copied_rows_share_no_list() -> None:
    rows = Rows()
    copied(rows).session.append(("idle", "x"))  # type: ignore[arg-type]  # any row does
    assert rows.session == []
