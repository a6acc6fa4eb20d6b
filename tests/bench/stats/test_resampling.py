"""The middle of weighted draws is that of the values drawn, each as often as it was drawn."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from bench.stats.resampling import draw, midmean, weighted_midmeans


def test_the_mean_of_the_middle_half_is_the_mean_of_what_a_quarter_cut_off_at_each_end_leaves() -> None:
    values = np.random.default_rng(1).standard_t(2, 400)
    assert midmean(values) == pytest.approx(float(stats.trim_mean(values, 0.25)))


def test_values_at_the_edges_of_the_middle_half_count_in_part() -> None:
    assert midmean(np.array([100.0, 1.0, 2.0])) == pytest.approx((0.25 * 1 + 1 * 2 + 0.25 * 100) / 1.5)
    assert midmean(np.array([3.0])) == 3.0


def test_it_is_blind_to_how_far_out_the_outer_quarters_are() -> None:
    values = np.arange(20.0)
    values[-5:] *= 1e9
    assert midmean(values) == pytest.approx(midmean(np.arange(20.0)))


def test_the_middle_of_a_draw_is_that_of_the_values_as_often_as_their_clusters_were_drawn() -> None:
    rng = np.random.default_rng(2)
    values, cluster = np.sort(rng.normal(size=90)), rng.integers(0, 6, 90)
    weights = draw(6, rng, 50)
    found = weighted_midmeans(values, cluster, weights)
    repeated = [midmean(np.repeat(values, row[cluster])) for row in weights]
    assert found == pytest.approx(repeated)
