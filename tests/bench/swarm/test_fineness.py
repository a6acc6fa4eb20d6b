"""Locust's own figures are as fine as three digits."""

from __future__ import annotations

import pytest

from bench.swarm.fineness import Fine


@pytest.mark.parametrize(
    ("value", "shown"),
    [(0.41237, 0.412), (3.14159, 3.14), (17.26, 17.3), (99.96, 100.0), (437.2, 437.0), (0.0001234, 0.0), (0.0, 0.0)],
)
def test_a_time_is_rounded_to_three_digits_and_whole_microseconds(value: float, shown: float) -> None:
    assert round(Fine(value)) == shown
    assert round(Fine(value), -1) == shown


def test_what_is_no_number_stays_what_it_is() -> None:
    assert round(Fine("inf")) == float("inf")


def test_a_fine_time_is_a_float_in_all_else() -> None:
    assert Fine(1.5) + 1 == 2.5
    assert max(Fine(0.2), Fine(0.1)) == 0.2
