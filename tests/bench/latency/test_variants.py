from __future__ import annotations

import pytest

from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.latency.variants import atomicity_of, contrasts, entries


def test_the_default_run_has_every_design_per_side_and_joined_and_the_baseline_twice() -> None:
    names = [entry.name for entry in entries(["dual", "floor"], joined=True, again=True)]
    assert names == ["dual", "floor", "dual[again]", "dual[joined]", "floor[joined]"]


def test_every_contrast_names_variants_that_take_part() -> None:
    for joined in (False, True):
        for again in (False, True):
            names = {entry.name for entry in entries(["floor", "hybrid", "dual"], joined=joined, again=again)}
            declared = contrasts(["floor", "hybrid", "dual"], joined=joined, again=again)
            assert {name for c in declared for name in (c.variant, c.baseline)} <= names
            assert [c.family for c in declared].count("a/a") == again
            assert {(c.variant, c.baseline) for c in declared if c.family == "per_side"} == {("floor", "dual"), ("hybrid", "dual")}


def test_without_dual_the_first_design_is_the_baseline() -> None:
    assert {c.baseline for c in contrasts(["hybrid", "floor"], joined=False, again=True)} == {"hybrid"}


def test_variants_asked_for_take_part_once_and_stand_against_their_own_design_at_default_levels() -> None:
    asked = ("dual[ensure=remembered]", "hybrid[outbox]", "dual[joined]", "hybrid[retry=0,outbox]", "floor[ids=fresh,joined]")
    given = ["floor", "hybrid", "dual"]
    names = [entry.name for entry in entries(given, joined=True, again=True, variants=asked)]
    assert names[7:] == ["dual[ensure=remembered]", "hybrid[outbox]", "floor[joined,ids=fresh]"]
    extra = contrasts(given, joined=True, again=True, variants=asked)[len(contrasts(given, joined=True, again=True)) :]
    assert [(c.family, c.variant, c.baseline) for c in extra] == [
        ("factors", "dual[ensure=remembered]", "dual"),
        ("factors, outbox", "hybrid[outbox]", "hybrid"),
        ("factors, joined", "floor[joined,ids=fresh]", "floor"),
    ]


def test_no_family_has_variants_of_two_atomicities() -> None:
    asked = ("dual[ensure=insert]", "dual[outbox]", "dual[joined,ids=fresh]", "floor[conflict=on_conflict]")
    for joined in (False, True):
        declared = contrasts(["dual", "floor"], joined=joined, again=True, variants=asked)
        for family in {contrast.family for contrast in declared}:
            assert len({atomicity_of(contrast.variant) for contrast in declared if contrast.family == family}) == 1


def test_a_variant_of_a_design_that_takes_no_part_is_refused() -> None:
    with pytest.raises(UserError, match=r"variant 'hybrid\[outbox\]': 'hybrid' is not among the designs of this run, dual, floor"):
        entries(["dual", "floor"], joined=False, again=False, variants=("hybrid[outbox]",))


def test_the_atomicity_of_a_variant_is_in_its_name() -> None:
    assert [atomicity_of(name) for name in ("dual", "dual[again]", "dual[joined]", "dual[outbox,retry=1]", "dual[ids=fresh]")] == [
        *(Atomicity.PER_SIDE, Atomicity.PER_SIDE, Atomicity.JOINED, Atomicity.OUTBOX, Atomicity.PER_SIDE),
    ]
