from __future__ import annotations

import pytest

from bench.latency.blocks import BLOCKS_MIN, PERFORMED, ROUNDS_MIN, rounds_of_block


@pytest.mark.parametrize("variants", [1, 3, 5, 17, 200])
@pytest.mark.parametrize("rounds", [1, 19, 60, 228, 600, 30_000])
def test_a_session_has_three_blocks_or_more_unless_they_would_be_shorter_than_a_block_may_be(rounds: int, variants: int) -> None:
    each = rounds_of_block(rounds, variants)
    assert each >= ROUNDS_MIN
    assert each * (BLOCKS_MIN - 1) < rounds or each == ROUNDS_MIN


def test_a_block_of_a_long_session_is_as_long_in_time_whatever_takes_part() -> None:
    assert rounds_of_block(10**6, 5) * 5 == PERFORMED
    assert rounds_of_block(10**6, 10) * 10 == PERFORMED
