from __future__ import annotations

import pytest

from bench.configuration import Configuration
from bench.suggesting import nearest, unknown


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("latency_session_ms", "latency_session_s"),
        ("reads_session_minutes", "reads_session_s"),
        ("latency_mesages", "latency_messages"),
        ("desings", "designs"),
    ],
)
def test_the_key_that_was_probably_meant_is_named(name: str, meant: str) -> None:
    assert nearest(name, Configuration.model_fields) == f"; did you mean {meant}?"


@pytest.mark.parametrize("name", ["", "speed_of_light", "x" * 100_000])
def test_nothing_is_named_when_nothing_is_near(name: str) -> None:
    assert nearest(name, Configuration.model_fields) == ""


def test_an_unknown_name_is_told_with_the_known_ones() -> None:
    assert unknown("design", "daul", ["dual", "floor"]) == "unknown design 'daul': known are dual, floor; did you mean dual?"
