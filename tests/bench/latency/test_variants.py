from __future__ import annotations

import pytest

from bench.drive.flights import Atomicity
from bench.errors import UserError
from bench.latency.planting import Planted
from bench.latency.variants import SAMES, atomicity_of, contrasts, entries, same_family

GIVEN = ["floor", "hybrid", "dual"]


def _names(*, joined: bool, again: bool = True, variants: tuple[str, ...] = (), designs: list[str] | None = None) -> list[str]:
    planted = [] if joined or not again else [Planted(share=0.01)]
    given = GIVEN if designs is None else designs
    return [entry.name for entry in entries(given, joined=joined, again=again, variants=variants, planted=planted)]


def test_designs_stand_beside_a_copy_of_the_baseline_and_one_with_a_planted_cost() -> None:
    assert _names(joined=False, designs=["dual", "floor"]) == ["dual", "floor", "dual[again]", "dual[+1%]"]


def test_joined_designs_stand_beside_a_joined_copy_of_the_baseline() -> None:
    names = ["dual", "floor", "dual[joined]", "floor[joined]", "dual[joined,again]"]
    assert _names(joined=True, designs=["dual", "floor"]) == names


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("again", [False, True])
def test_every_contrast_names_variants_that_take_part(joined: bool, again: bool) -> None:
    names = _names(joined=joined, again=again)
    declared = contrasts(GIVEN, names)
    assert {name for c in declared for name in (c.variant, c.baseline)} <= set(names)
    assert sum(c.family in SAMES for c in declared) == again
    per_side = set() if joined else {("floor", "dual"), ("hybrid", "dual")}
    assert {(c.variant, c.baseline) for c in declared if c.family == "per_side"} == per_side
    assert [(c.variant, c.baseline) for c in declared if c.family == "a/a+delta"] == (
        [("dual[+1%]", "dual")] if again and not joined else []
    )


def test_sessions_of_before_that_had_designs_joined_beside_their_a_a_pair_are_compared_in_both_forms() -> None:
    names = ["dual", "floor", "dual[again]", "dual[joined]", "floor[joined]"]
    assert [c.family for c in contrasts(["dual", "floor"], names)] == [
        *("a/a", "per_side", "joined", "joined to per_side", "joined to per_side")
    ]


def test_without_dual_the_first_design_is_the_baseline() -> None:
    assert {c.baseline for c in contrasts(["hybrid", "floor"], ["hybrid", "floor", "hybrid[again]"])} == {"hybrid"}


def test_variants_asked_for_take_part_once_and_stand_against_their_own_design_at_default_levels() -> None:
    asked = ("dual[ensure=remembered]", "hybrid[outbox]", "dual[joined]", "hybrid[retry=0,outbox]", "floor[ids=fresh,joined]")
    names = _names(joined=True, variants=asked)
    assert names[7:] == ["dual[ensure=remembered]", "hybrid[outbox]", "floor[joined,ids=fresh]"]
    extra = contrasts(GIVEN, names, asked)[len(contrasts(GIVEN, names[:7])) :]
    assert [(c.family, c.variant, c.baseline) for c in extra] == [
        ("factors", "dual[ensure=remembered]", "dual"),
        ("factors, outbox", "hybrid[outbox]", "hybrid"),
        ("factors, joined", "floor[joined,ids=fresh]", "floor"),
    ]


def test_no_family_has_variants_of_two_atomicities() -> None:
    asked = ("dual[ensure=insert]", "dual[outbox]", "dual[joined,ids=fresh]", "floor[conflict=on_conflict]")
    for joined in (False, True):
        names = _names(joined=joined, variants=asked, designs=["dual", "floor"])
        declared = contrasts(["dual", "floor"], names, asked)
        for family in {contrast.family for contrast in declared}:
            assert len({atomicity_of(contrast.variant) for contrast in declared if contrast.family == family}) == 1


def test_a_variant_of_a_design_that_takes_no_part_is_refused() -> None:
    with pytest.raises(UserError, match=r"variant 'hybrid\[outbox\]': 'hybrid' is not among the designs of this run, dual, floor"):
        entries(["dual", "floor"], joined=False, again=False, variants=("hybrid[outbox]",))


def test_the_atomicity_of_a_variant_is_in_its_name() -> None:
    assert [atomicity_of(name) for name in ("dual", "dual[again]", "dual[joined]", "dual[outbox,retry=1]", "dual[ids=fresh]")] == [
        *(Atomicity.PER_SIDE, Atomicity.PER_SIDE, Atomicity.JOINED, Atomicity.OUTBOX, Atomicity.PER_SIDE),
    ]


def test_marks_do_not_change_the_atomicity_of_a_variant() -> None:
    assert [atomicity_of(name) for name in ("dual[+1%]", "dual[+statement]", "dual[joined,again]")] == [
        *(Atomicity.PER_SIDE, Atomicity.PER_SIDE, Atomicity.JOINED)
    ]


def test_each_family_has_the_a_a_pair_of_its_own_sessions() -> None:
    both = {"a/a", "a/a, joined"}
    assert [same_family(family, both) for family in ("per_side", "a/a+delta", "joined", "factors")] == [
        *("a/a", "a/a", "a/a, joined", "a/a, joined")
    ]
    assert same_family("joined", {"a/a"}) == "a/a"
