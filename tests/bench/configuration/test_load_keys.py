"""What the keys of load refuse, and why."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bench.configuration import Configuration


@pytest.mark.parametrize(
    ("key", "value", "told"),
    [
        ("load_arrivals", "bursty", "none of poisson, workload"),
        ("load_exchange", "pipelined", "none of plain, shared"),
        ("load_placement", "together", "none of apart, free"),
        ("load_percents", [80, 20], "smallest first"),
        ("load_percents", [20, 20], "each once"),
        ("load_percents", [120], "less than or equal to 100"),
        ("load_rates", [-1.0], "greater than 0"),
        ("load_variants", ["dual[outbox]"], "cannot be put under load"),
        ("load_variants", ["dual[ids=fresh]"], "cannot be put under load"),
        ("load_variants", ["dual[retry=1+repair]"], "cannot be put under load"),
        ("load_window_s", -1.0, "greater than or equal to 0"),
        ("load_processes", 0, "greater than or equal to 1"),
    ],
)
def test_a_value_that_makes_no_sense_is_refused_with_the_reason(key: str, value: object, told: str) -> None:
    with pytest.raises(ValidationError, match=told):
        Configuration.model_validate({key: value})


def test_there_is_no_load_unless_it_is_asked_for() -> None:
    assert Configuration().load_window_s == 0
