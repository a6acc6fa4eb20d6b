"""Lengths of time are told in the unit that their reader needs."""

from __future__ import annotations

import pytest

from bench.spans import duration, resolution, span


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.4, "0 s"), (119.4, "119 s"), (150, "2 min"), (7199, "2 h 0 min"), (12_000, "3 h 20 min"), (-1, "0 s")]
)
def test_a_duration_is_told_in_the_unit_that_a_reader_needs(seconds: float, words: str) -> None:
    assert duration(seconds) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.25, "0.250 s"), (119, "119 s"), (120, "2 min"), (5_400, "90 min"), (12_000, "3.33 h"), (3.1e7, "359 d")],
)
def test_a_span_is_told_in_the_largest_unit_that_it_fills_twice(seconds: float, words: str) -> None:
    assert span(seconds) == words


@pytest.mark.parametrize(("step_s", "words"), [(0.001, "1 ms or finer"), (1, "1 s"), (300, "5 min"), (86_400, "1 d")])
def test_a_resolution_is_told_in_the_largest_unit_that_it_fills(step_s: float, words: str) -> None:
    assert resolution(step_s) == words
