"""Two instruments agree within the noise that A/A shows, or do not."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from bench.swarm.agreement import Arms, agreement, differing

NAMES = [f"design_{number}" for number in range(8)]


def _arms(rng: np.random.Generator, noise: float, shift: float = 0.0) -> dict[str, Arms]:
    found = {}
    for name in NAMES:
        first, second, swarm = (float(2e6 * math.exp(noise * rng.standard_normal())) for _ in range(3))
        found[name] = Arms(first, second, swarm * math.exp(shift))
    return found


def test_the_bound_is_students_of_the_noise_divided_by_the_designs() -> None:
    found = agreement({"a": Arms(100, 110, 105), "b": Arms(100, 95, 130)})
    variance = (math.log(1.1) ** 2 + math.log(0.95) ** 2) / 4
    assert math.log(found.bound) == pytest.approx(stats.t.ppf(1 - 0.05 / 4, 2) * math.sqrt(1.5 * variance))
    assert math.log(found.mean_bound) == pytest.approx(stats.t.ppf(1 - 0.05 / 2, 2) * math.sqrt(1.5 * variance / 2))
    assert found.ratios["b"] == pytest.approx(130 / math.sqrt(100 * 95))
    assert found.noise == pytest.approx({"a": 1.1, "b": 0.95})


def test_instruments_that_measure_the_same_differ_beyond_the_noise_in_one_of_twenty_families() -> None:
    rng = np.random.default_rng(12)
    wrong = sum(bool(agreement(_arms(rng, 0.1)).beyond) for _ in range(2_000))
    assert stats.binomtest(wrong, 2_000, 0.05).pvalue > 0.001


def test_of_several_figures_together_one_of_twenty_families_is_beyond_the_noise() -> None:
    rng = np.random.default_rng(13)
    wrong = sum(bool(differing([agreement(_arms(rng, 0.1), 3) for _ in range(3)])) for _ in range(1_000))
    assert stats.binomtest(wrong, 1_000, 0.05).pvalue > 0.001


def test_what_is_the_same_in_all_designs_shows_in_the_mean_before_it_shows_in_one() -> None:
    rng = np.random.default_rng(14)
    found = [agreement(_arms(rng, 0.1, shift=0.18)) for _ in range(300)]
    assert sum(one.is_shifted for one in found) > 2 * sum(bool(one.beyond) for one in found)
    same = sum(agreement(_arms(rng, 0.1)).is_shifted for _ in range(1_000))
    assert stats.binomtest(same, 1_000, 0.05).pvalue > 0.001


def test_an_instrument_that_is_half_as_slow_again_is_told() -> None:
    rng = np.random.default_rng(2)
    found = agreement(_arms(rng, 0.03, shift=math.log(1.5)))
    assert differing([found]) == NAMES
    assert found.mean == pytest.approx(1.5, rel=0.1)


@pytest.mark.parametrize("arms", [{}, {"a": Arms(0, 1, 1)}])
def test_what_has_no_ratio_is_refused(arms: dict[str, Arms]) -> None:
    with pytest.raises(ValueError, match="needs"):
        agreement(arms)
