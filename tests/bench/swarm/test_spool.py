"""Steps on disk come back one by one, in order, until nobody wants more."""

from __future__ import annotations

import numpy as np
import pytest

from bench.load.stream import Step
from bench.swarm.spool import Spool
from tests.bench.swarm.made_up import steps

STEPS = steps(60)


def test_steps_come_back_as_they_were_written_each_with_its_due_time() -> None:
    with Spool.opened() as spool:
        for step in STEPS:
            spool.write(step)
        spool.ready(np.arange(60) * 1_000, 10**9)
        found: list[tuple[int, Step]] = []
        while (due_ns := spool.due_ns) is not None:
            # Whether it was looked ahead, once or twice or not at all, is all one.
            for _ in range(len(found) % 3):
                spool.look_ahead()
            found.append((due_ns, spool.take()))
    assert found == [(number * 1_000, step) for number, step in enumerate(STEPS)]


def test_a_spool_that_is_stopped_has_nothing_more_to_do_and_nothing_is_begun() -> None:
    with Spool.opened() as spool:
        spool.write(STEPS[0])
        spool.write(STEPS[1])
        spool.ready(np.array([5, 6]), 100)
        assert spool.take() == STEPS[0]
        assert not spool.is_cut(100)
        assert spool.is_cut(101)
        spool.stop()
        assert spool.due_ns is None
        assert spool.is_cut(0)


def test_each_step_has_one_due_time() -> None:
    with Spool.opened() as spool, pytest.raises(ValueError, match="1 due times for 0 steps"):
        spool.ready(np.array([1]), 1)
