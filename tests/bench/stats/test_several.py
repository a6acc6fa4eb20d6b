from __future__ import annotations

import pytest

from bench.stats.several import holm


def test_p_values_are_corrected_step_by_step_and_never_fall_in_rank() -> None:
    # 3 * 0.01, then 2 * 0.02, then 0.03, which may not be below the one before.
    assert holm([0.03, 0.01, 0.02]) == pytest.approx([0.04, 0.03, 0.04])


def test_no_p_value_is_above_one_and_none_is_corrected_alone() -> None:
    assert holm([0.9, 0.8]) == [1.0, 1.0]
    assert holm([0.04]) == [0.04]
    assert holm([]) == []
