from __future__ import annotations

import math

import pytest

from bench.stats.proportion import proportion, told


def wilson(hits: int, n: int) -> tuple[float, float]:
    """The formula as Wilson gave it, by hand."""
    z = 1.959963984540054
    centre = (hits + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * math.sqrt(hits * (n - hits) / n + z * z / 4)
    return centre - half, centre + half


@pytest.mark.parametrize(("hits", "n"), [(0, 10), (1, 10), (3, 20), (15, 148), (50, 100), (10, 10)])
def test_the_interval_is_wilsons(hits: int, n: int) -> None:
    found = proportion(hits, n)
    assert found.estimate == hits / n
    assert (found.low, found.high) == pytest.approx(wilson(hits, n), abs=1e-12)


def test_a_published_value_is_reproduced() -> None:
    # R. G. Newcombe, 1998, table I: 15 of 148 by the score method.
    found = proportion(15, 148)
    assert (round(found.low, 4), round(found.high, 4)) == (0.0624, 0.1605)


@pytest.mark.parametrize(("hits", "n"), [(0, 0), (-1, 5), (6, 5)])
def test_a_share_of_nothing_is_refused(hits: int, n: int) -> None:
    with pytest.raises(ValueError, match="is no share"):
        proportion(hits, n)


def test_none_of_many_is_told_with_the_rule_of_three() -> None:
    assert told(0, 300) == "0 of 300, < 1 %"
    assert told(0, 120) == "0 of 120, < 2.5 %"


def test_none_of_three_says_nothing_more() -> None:
    assert told(0, 3) == "0 of 3"
    assert told(0, 0) == "0 of 0"


def test_some_of_many_are_told_with_their_interval() -> None:
    assert told(3, 20) == "3 of 20 (15 %, 5.2 to 36.0 %)"
