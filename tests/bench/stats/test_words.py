from __future__ import annotations

import pytest

from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds, percent_change


@pytest.mark.parametrize(
    ("ratio", "words"),
    [(0.896, "−10.4 %"), (1.0, "0.0 %"), (1.0003, "0.0 %"), (0.9997, "0.0 %"), (1.5, "+50.0 %"), (2.0, "2×"), (2.344, "2.34×")],
)
def test_a_ratio_is_told_as_its_change(ratio: float, words: str) -> None:
    assert percent_change(ratio) == words


def test_an_interval_is_told_with_its_bounds() -> None:
    assert interval_in_words(Interval(0.896, 0.891, 0.902)) == "−10.4 % [−10.9 %, −9.8 %]"


@pytest.mark.parametrize(
    ("latency_ns", "words"),
    [
        (None, "–"),
        (912, "0.001 ms"),
        (123_456, "0.123 ms"),
        (1_234_567, "1.23 ms"),
        (12_345_678, "12.3 ms"),
        (123_456_789, "123 ms"),
        (1_234_567_890, "1.23 s"),
    ],
)
def test_a_latency_is_told_with_three_digits(latency_ns: int | None, words: str) -> None:
    assert milliseconds(latency_ns) == words
