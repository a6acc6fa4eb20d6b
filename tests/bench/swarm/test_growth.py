"""A leak is told, and what only begins or wavers is none."""

from __future__ import annotations

import numpy as np

from bench.load.recorder import joined
from bench.swarm.growth import grown
from tests.bench.swarm.made_up import rows

ROWS = rows(range(600))


def _samples(rss_a_s: float = 0.0, descriptors_a_s: float = 0.0, connections_a_s: float = 0.0) -> list[dict[str, int]]:
    rng = np.random.default_rng(1)
    return [
        {
            "process": -1,
            "at_ms": second * 1_000,
            "rss_bytes": int(150e6 + rss_a_s * second + 1e5 * rng.standard_normal()),
            "descriptors": int(30 + descriptors_a_s * second),
            "connections": int(9 + connections_a_s * second),
        }
        for second in range(0, 300, 5)
    ]


def _too_much(**leaks: float) -> list[str]:
    return [one.what for one in grown(_samples(**leaks), ROWS) if one.too_much]


def test_what_stays_as_it_is_does_not_grow() -> None:
    assert len(grown(_samples(), ROWS)) == 4
    assert _too_much() == []


def test_a_planted_leak_of_each_kind_is_told() -> None:
    assert _too_much(rss_a_s=1e5) == ["memory of the leader"]
    assert _too_much(descriptors_a_s=0.05) == ["open files of the leader"]
    assert _too_much(connections_a_s=0.02) == ["connections to the server of the leader"]


def test_memory_that_grows_at_the_beginning_alone_is_no_leak() -> None:
    samples = [one | {"rss_bytes": 90_000_000} if one["at_ms"] < 25_000 else one for one in _samples()]
    assert not any(one.too_much for one in grown(samples, ROWS))


def test_a_lag_that_grows_is_told() -> None:
    late = [rows([number], lag_ns=20_000 * number, response_ns=20_000 * number + 1) for number in range(600)]
    assert [one.what for one in grown(_samples(), joined(late)) if one.too_much] == ["median lag"]


def test_of_a_run_too_short_nothing_is_said() -> None:
    assert grown(_samples()[:4], rows([])) == []
