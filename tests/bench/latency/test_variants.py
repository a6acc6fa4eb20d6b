from __future__ import annotations

from bench.latency.variants import contrasts, entries


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
