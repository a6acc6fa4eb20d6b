from __future__ import annotations

from bench.charts.palette import design_of, in_order, levels_of, looks
from bench.visible import visible
from tests.bench.report.made_up import DESIGNS


def test_a_design_looks_the_same_whoever_else_takes_part() -> None:
    everyone = looks([*DESIGNS, "stranger"])
    assert all(looks([design])[design] == everyone[design] for design in DESIGNS)


def test_no_two_of_our_designs_look_alike() -> None:
    found = looks([*DESIGNS, "dual_deployed", "option_a_shared", "option_b_envelope"]).values()
    assert len({look.colour for look in found}) == len({look.marker for look in found}) == 8


def test_strangers_have_looks_of_their_own() -> None:
    found = looks(["alpha", "beta", *DESIGNS])
    assert len({look.colour for look in found.values()}) == 7


def test_the_floor_comes_first_and_strangers_last() -> None:
    assert in_order(["zeta", "hybrid", "alpha", "floor", "dual", "dual"]) == ["floor", "dual", "hybrid", "alpha", "zeta"]


def test_a_variant_is_taken_apart() -> None:
    assert (design_of("dual[joined,again]"), levels_of("dual[joined,again]")) == ("dual", ("joined", "again"))
    assert (design_of("dual"), levels_of("dual")) == ("dual", ())


def test_signs_that_do_not_show_are_spelled_out() -> None:
    assert visible("a\x00b\x1b[31m\n") == "a\\u0000b\\u001b[31m\\u000a"
    assert visible("evil\u202egnp.exe") == "evil\\u202egnp.exe"
    assert visible("\ud800") == "\\ud800"
    assert visible("\U000e0041") == "\\U000e0041"
    assert visible("central ↔ agent −10 %") == "central ↔ agent −10 %"
