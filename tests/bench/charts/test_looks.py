from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from bench.charts.palette import design_of, in_order, levels_of, looks
from bench.visible import visible
from tests.bench.report.made_up import DESIGNS


def test_a_design_looks_the_same_whoever_else_takes_part() -> None:
    everyone = looks([*DESIGNS, "stranger"])
    assert all(looks([design])[design] == everyone[design] for design in DESIGNS)


def test_no_two_of_our_designs_look_alike() -> None:
    found = looks([*DESIGNS, "dual_deployed", "option_a_shared", "option_b_envelope"]).values()
    assert len({look.colour for look in found}) == len({look.marker for look in found}) == 8


SEEN_BY = {
    "anybody": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopes": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopes": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopes": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What becomes of linear red, green and blue: Machado, Oliveira and Fernandes (2009), severity 1."""
TO_XYZ = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
WHITE = (0.9505, 1.0, 1.089)
APART = 15.0
"""CIE 1976 colour difference: one of 2 is just noticed side by side; legends are looked up from afar."""


def lab(colour: str, seen_by: str) -> NDArray[np.float64]:
    """A colour in CIELAB, as somebody sees it."""
    srgb = np.array([int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)])
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    seen = np.clip(np.array(SEEN_BY[seen_by]) @ linear, 0, 1)
    ratio = np.array(TO_XYZ) @ seen / np.array(WHITE)
    x, y, z = np.where(ratio > 0.008856, np.cbrt(ratio), 7.787 * ratio + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("seen_by", list(SEEN_BY))
def test_our_designs_are_told_apart_with_the_common_kinds_of_colour_blindness(seen_by: str) -> None:
    found = looks([*DESIGNS, "dual_deployed", "option_a_shared", "option_b_envelope"])
    seen = {name: lab(look.colour, seen_by) for name, look in found.items()}
    close = [(one, other) for one, other in combinations(seen, 2) if np.linalg.norm(seen[one] - seen[other]) < APART]
    assert close == []


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
