from __future__ import annotations

import statistics
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UserError
from bench.latency.planting import Planted, RunningMedians, added_statement, is_mark, parse, spin


@pytest.mark.parametrize(
    ("text", "planted"),
    [("+1%", Planted(share=0.01)), ("+0.5%", Planted(share=0.005)), ("+statement", Planted(statement=True))],
)
def test_a_planted_cost_is_written_as_it_is_read(text: str, planted: Planted) -> None:
    assert parse(text) == planted
    assert planted.name == text
    assert is_mark(text)


@pytest.mark.parametrize("text", ["", "1%", "+0%", "+101%", "+1", "+1.234%", "-1%", "+x%", "statement", "+1%\n", "+١%"])
def test_what_is_no_planted_cost_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(UserError, match="planted cost") as caught:
        parse(text)
    assert "\n" not in str(caught.value)


@given(st.lists(st.integers(min_value=1, max_value=10**9), min_size=1, max_size=60))
def test_the_running_median_is_that_of_the_last_ones(latencies: list[int]) -> None:
    medians = RunningMedians(window=9)
    for count, latency_ns in enumerate(latencies, start=1):
        medians.add("send", latency_ns)
        assert medians.of("send") == statistics.median_high(latencies[max(0, count - 9) : count])
    assert medians.of("reply") == 0


def test_a_spin_keeps_busy_for_as_long_as_it_is_told() -> None:
    start_ns = time.perf_counter_ns()
    spin(2_000_000)
    assert time.perf_counter_ns() - start_ns >= 2_000_000


def test_the_added_statement_changes_nothing() -> None:
    assert not added_statement().writes
