from __future__ import annotations

import numpy as np
import pytest

from bench.traffic import popularity
from workloads.laws import zipf_mandelbrot


def _counts(exponent: float, offset: float, ranks: int = 300) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.rint(1e7 * zipf_mandelbrot(ranks, exponent, offset)).astype(np.int64)


def test_the_share_of_the_busiest_is_that_of_a_rounded_number_of_ranks() -> None:
    counts = np.array([50, 20, 10, 5, 5, 5, 5, 0, 0])
    assert popularity.top_share(counts, 0.3) == 0.7
    assert popularity.top_share(counts, 0.001) == 0.5


def test_cumulative_shares_are_of_the_largest_first_and_without_empty_ranks() -> None:
    assert popularity.cumulative_shares(np.array([1, 0, 3])).tolist() == [0.75, 1.0]


def test_the_shorter_of_two_lists_of_shares_stays_at_one() -> None:
    assert popularity.largest_difference(np.array([0.5, 1.0]), np.array([0.5, 0.7, 0.9, 1.0])) == pytest.approx(0.3)


def test_the_exponent_of_a_zipf_law_is_found() -> None:
    law = popularity.zipf(_counts(1.26, 0.0))
    assert law is not None
    assert law.exponent == pytest.approx(1.26, abs=0.005)


def test_exponent_and_offset_of_a_zipf_mandelbrot_law_are_found() -> None:
    law = popularity.zipf_mandelbrot(_counts(3.9, 24.0))
    assert law is not None
    assert law.exponent == pytest.approx(3.9, rel=0.02)
    assert law.offset == pytest.approx(24.0, rel=0.03)


@pytest.mark.parametrize("counts", [[5], [5, 4], [7, 7, 7, 7]])
def test_two_ranks_or_equal_ones_have_no_law(counts: list[int]) -> None:
    assert popularity.zipf(np.array(counts)) is None
    assert popularity.zipf_mandelbrot(np.array(counts)) is None


def test_the_exponent_of_a_tail_is_found() -> None:
    uniform = (np.arange(200_000) + 0.5) / 200_000
    counts = np.floor(29.5 * (1 - uniform) ** (-1 / 0.94) + 0.5).astype(np.int64)
    assert popularity.tail_exponent(counts, 30) == pytest.approx(1.94, abs=0.01)
    assert popularity.tail_exponent(np.array([1, 2, 31]), 30) is None
