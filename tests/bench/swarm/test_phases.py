"""The phases of a workload become those of a run."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load.arrivals import poisson
from bench.swarm.phases import Phase, Shape, due, phases, users


def test_phases_have_as_many_operations_as_the_workload_has_in_each_part_of_its_time() -> None:
    assert phases([0, 1, 2, 3, 50, 99, 100], 20.0, 4) == [Phase(5.0, 4), Phase(10.0, 0), Phase(15.0, 1), Phase(20.0, 2)]


@pytest.mark.parametrize("times", [[5], [7, 7, 7], [9, 8]])
def test_times_that_are_all_one_give_one_phase(times: list[int]) -> None:
    assert phases(times, 3.0) == [Phase(3.0, len(times))]


def test_a_flat_run_is_due_at_the_very_times_of_the_open_loop_instrument() -> None:
    planned = [Phase(10.0, 500)]
    assert due(Shape.FLAT, planned, np.random.default_rng(4)).tolist() == poisson(500, 50.0, np.random.default_rng(4)).tolist()


def test_in_a_shape_each_phase_has_its_operations_within_its_bounds() -> None:
    planned = [Phase(2.0, 30), Phase(4.0, 0), Phase(6.0, 5)]
    found = due(Shape.WORKLOAD, planned, np.random.default_rng(1)) / 1e9
    assert (np.diff(found) >= 0).all()
    assert [int(((found >= begin) & (found < begin + 2)).sum()) for begin in (0, 2, 4)] == [30, 0, 5]


def test_users_follow_the_rate_of_the_phase_and_there_is_always_one() -> None:
    planned = [Phase(1.0, 10), Phase(2.0, 40), Phase(3.0, 0), Phase(5.0, 40)]
    assert [users(planned, at, 8) for at in (0.5, 1.5, 2.5, 4.0, 9.0)] == [2, 8, 1, 4, 4]


def test_each_process_has_a_user_in_every_phase() -> None:
    planned = [Phase(1.0, 10), Phase(2.0, 40), Phase(3.0, 0)]
    assert [users(planned, at, 8, least=3) for at in (0.5, 1.5, 2.5, 9.0)] == [3, 8, 3, 3]
