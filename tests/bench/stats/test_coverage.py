"""Intervals cover as often as they say under noise like that of recorded A/A pairs; one that is too narrow is noticed."""

from __future__ import annotations

import numpy as np
import pytest

from bench.stats.coverage import Shape, coverage, experiment, ours, percentiles
from bench.stats.noise import Noise, estimate
from bench.stats.ratio import Interval, paired_ratio
from bench.stats.resampling import FloatArray, IntArray

RECORDED = Noise(operation=0.11, slow=0.006, memory=0.97, session=0.002)
"""Assumed, not measured: of the size that A/A pairs of a quiet machine have. `storebench coverage` estimates that of a folder."""

QUICK, WINDOW, STANDARD = Shape(10, 3, 40), Shape(1, 12, 60), Shape(16, 5, 20)


def single_operations(log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator) -> Interval:
    """The planted fault: it takes every operation for independent of the others."""
    del session, block
    n = len(log_ratios)
    return paired_ratio(log_ratios, np.zeros(n, np.int64), np.arange(n) // 2, rng, 100).interval


@pytest.mark.parametrize("shape", [QUICK, WINDOW])
def test_intervals_hold_the_truth_about_as_often_as_they_say(shape: Shape) -> None:
    assert 0.91 <= coverage(RECORDED, shape, 300, np.random.default_rng(5), ours) <= 0.99


@pytest.mark.full
@pytest.mark.timeout(900)
@pytest.mark.parametrize("shape", [QUICK, WINDOW, STANDARD])
def test_of_two_thousand_experiments_93_to_97_percent_are_covered(shape: Shape) -> None:
    assert 0.93 <= coverage(RECORDED, shape, 2_000, np.random.default_rng(6), ours) <= 0.97


def test_an_interval_that_takes_operations_for_independent_is_found_too_narrow() -> None:
    wandering = Noise(operation=0.05, slow=0.03, memory=0.98, session=0.01)
    assert coverage(wandering, QUICK, 150, np.random.default_rng(5), single_operations) < 0.8


def test_percentiles_of_four_sessions_are_too_narrow() -> None:
    four = Shape(4, 3, 50)
    found = [coverage(RECORDED, four, 200, np.random.default_rng(5), bound) for bound in (ours, percentiles)]
    assert found[0] >= 0.91
    assert found[1] < 0.9


def test_an_experiment_is_as_noisy_as_it_is_asked_to_be() -> None:
    shape = Shape(200, 3, 100)
    values, session, block = experiment(Noise(0.1, 0.0, 0.5, 0.05), shape, 0.3, np.random.default_rng(1))
    assert (len(values), len(np.unique(session)), len(np.unique(block))) == (60_000, 200, 3)
    middle = np.array([np.median(values[session == one]) for one in range(200)])
    assert np.median(values) == pytest.approx(0.3, abs=0.02)
    assert np.std(middle) == pytest.approx(0.05, rel=0.2)
    assert 1.4826 * np.median(np.abs(values - middle[session])) == pytest.approx(0.1, rel=0.05)


def test_the_sizes_of_noise_are_estimated_from_pairs_that_have_it() -> None:
    rng = np.random.default_rng(2)
    noise = Noise(operation=0.1, slow=0.02, memory=0.99, session=0.03)
    made = [experiment(noise, Shape(1, 12, 100), 0.0, rng) for _ in range(60)]
    found = estimate([(values, session) for values, session, _ in made]).noise
    assert found.operation == pytest.approx(0.1, rel=0.1)
    assert 0.01 < found.slow < 0.03
    assert found.session == pytest.approx(0.03, rel=0.35)
    without = [experiment(Noise(0.1, 0.0, 0.5, 0.0), Shape(1, 12, 100), 0.0, rng) for _ in range(60)]
    quiet = estimate([(values, session) for values, session, _ in without]).noise
    assert quiet.slow < 0.006
    assert quiet.session < 0.004


@pytest.mark.parametrize("memory", [0.8, 0.95, 0.99])
def test_the_memory_of_the_slow_part_comes_from_the_correlation_of_neighbours(memory: float) -> None:
    noise = Noise(operation=0.1, slow=0.05, memory=memory, session=0.0)
    rng = np.random.default_rng(3)
    made = [experiment(noise, Shape(1, 12, 100), 0.0, rng) for _ in range(40)]
    found = estimate([(values, session) for values, session, _ in made])
    assert 1 - found.noise.memory == pytest.approx(1 - memory, rel=0.5)
    assert found.noise.slow == pytest.approx(0.05, rel=0.3)
    assert found.correlation[0] > found.correlation[7] > found.correlation[31] - 0.01


def test_the_effects_of_sessions_may_be_drawn_from_recorded_ones() -> None:
    noise = Noise(0.001, 0.0, 0.5, 0.05, effects=(-0.1, 0.1))
    values, session, _ = experiment(noise, Shape(30, 3, 20), 0.0, np.random.default_rng(1))
    middle = [round(abs(float(np.median(values[session == one]))), 2) for one in range(30)]
    assert set(middle) == {0.1}


def test_recorded_effects_are_sessions_less_their_mean() -> None:
    pairs = [(np.full(50, level) + np.tile([-0.01, 0.01], 25), np.full(50, number)) for number, level in enumerate((0.1, 0.2, 0.6))]
    assert estimate(pairs).effects == pytest.approx((-0.2, -0.1, 0.3))
