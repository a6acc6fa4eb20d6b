"""The search finds a limit that is known, says how near it came, and always ends."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from bench.load.capacity import Bracket, Probe, bracket, capacity, next_rate


def _search(keeps: Callable[[float], bool], start: float, probes_max: int = 12, resolution: float = 0.05) -> list[Probe]:
    probes: list[Probe] = []
    while (rate := next_rate(start, probes, probes_max=probes_max, resolution=resolution)) is not None:
        probes.append(Probe(rate, keeps(rate)))
    return probes


@pytest.mark.parametrize("limit", [37.0, 100.0, 333.3, 2_000.0])
def test_a_known_limit_is_bracketed_to_the_resolution(limit: float) -> None:
    found = bracket(_search(lambda rate: rate <= limit, 100.0))
    assert found.kept_per_s is not None
    assert found.missed_per_s is not None
    assert found.kept_per_s <= limit < found.missed_per_s
    assert found.missed_per_s / found.kept_per_s <= 1.05


@pytest.mark.parametrize("spoilt", range(6))
def test_one_probe_that_missed_by_bad_luck_does_not_bound_the_answer(spoilt: int) -> None:
    tried: list[float] = []

    def keeps(rate: float) -> bool:
        tried.append(rate)
        return rate <= 333.0 and len(tried) != spoilt + 1

    found = bracket(_search(keeps, 100.0, probes_max=14))
    assert found.kept_per_s is not None
    assert found.missed_per_s is not None
    assert found.kept_per_s <= 333 < found.missed_per_s <= found.kept_per_s * 1.05
    assert max(tried.count(rate) for rate in tried) <= 2


def test_the_first_miss_is_tried_again_at_once_and_another_lowest_one_with_the_last_probe() -> None:
    assert [one.rate_per_s for one in _search(lambda rate: rate <= 100, 100.0, probes_max=6)] == pytest.approx(
        [100, 200, 200, 141.42, 118.92, 118.92], abs=0.01
    )


def test_a_search_never_tries_more_rates_than_it_may() -> None:
    assert len(_search(lambda rate: rate <= 123.0, 1.0, probes_max=5)) == 5
    assert len(_search(lambda _: True, 100.0, probes_max=1_000)) < 20
    assert len(_search(lambda _: False, 100.0, probes_max=1_000)) < 20


def test_a_search_that_flips_coins_ends_too() -> None:
    rng = np.random.default_rng(7)
    for _ in range(50):
        assert len(_search(lambda _: bool(rng.random() < 0.5), 100.0, probes_max=10)) <= 10


def test_a_rate_kept_above_one_that_was_missed_does_not_count() -> None:
    assert bracket([Probe(100, True), Probe(200, False), Probe(400, True)]) == Bracket(100, 200)


def test_no_rate_kept_and_none_missed_are_told_as_none() -> None:
    assert bracket([Probe(100, False), Probe(50, False)]) == Bracket(None, 50)
    assert bracket([Probe(100, True)]) == Bracket(100, None)


def test_searches_that_are_more_than_half_as_much_again_apart_say_so_and_others_do_not() -> None:
    assert capacity([Bracket(100, 105), Bracket(150, 160)]).apart is None
    told = capacity([Bracket(100, 105), Bracket(151, 160)]).apart
    assert told == "its searches kept 100 to 151 a second, more than 1.5 times apart"
    assert capacity([Bracket(None, 20), Bracket(10, 20)]).apart is not None
    assert capacity([Bracket(None, 20), Bracket(None, 20)]).apart is None


def test_a_capacity_is_the_median_of_searches_with_all_that_they_left_open() -> None:
    found = capacity([Bracket(100, 105), Bracket(90, 120), Bracket(110, 112)])
    assert (found.rate_per_s, found.low_per_s, found.high_per_s, found.searches) == (100, 90, 120, 3)
    assert capacity([Bracket(100, 105), Bracket(110, None)]).high_per_s is None
    assert capacity([Bracket(None, 20), Bracket(10, 20)]).rate_per_s == 5
