"""What others took of the machine is told as a share, and as unknown where nobody tells."""

from __future__ import annotations

import pytest

from bench.busyness import CpuTimes, cpu_times, stolen_share


def test_stolen_time_is_a_share_of_all_time() -> None:
    assert stolen_share(CpuTimes(100, 1), CpuTimes(300, 11)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (CpuTimes(1, None), CpuTimes(2, None)),
        (CpuTimes(1, 0), CpuTimes(1, 0)),
    ],
)
def test_where_nobody_tells_it_is_unknown_and_not_none_at_all(before: CpuTimes, after: CpuTimes) -> None:
    assert stolen_share(before, after) is None


def test_times_of_this_machine_only_grow() -> None:
    first, second = cpu_times(), cpu_times()
    assert second.all_s >= first.all_s > 0
