"""The simulation of coverage from recorded windows: which noise it takes, and what it says."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.aa import folder
from bench.aa.coverage import lines, recorded, simulated
from bench.aa.record import WindowsRecord
from bench.errors import UserError
from tests.bench.aa.test_tables import COSTS, window


def _windows(path: Path, count: int) -> Path:
    made = folder.create(path, "aa")
    for number in range(count):
        folder.store(made, number, window(COSTS, 0.05, np.random.default_rng(number)))
    folder.describe(
        made,
        WindowsRecord(
            started_at="2026-01-01T00:00:00Z",
            storebench_version="1",
            commit=None,
            dirty=None,
            design="dual",
            workload="window.toml",
            agents=None,
            pairs=count,
            seconds=10,
            seed=1,
            planted=["+1%"],
            primary_kinds=["send", "reply"],
            smallest_effect=0.05,
            bootstrap_draws=200,
            machine={},
            server={},
            placement="not pinned",
        ),
    )
    return made


def test_every_contrast_is_simulated_with_its_own_noise_and_the_a_a_pair_comes_first(tmp_path: Path) -> None:
    found = recorded(_windows(tmp_path, 3))
    assert list(found) == ["dual[again]", "dual[+1%]", "dual[+5%]", "dual[+statement]"]
    # Two copies with independent noise of 5 % each.
    assert found["dual[again]"].noise.operation == pytest.approx(0.05 * 2**0.5, rel=0.15)
    covered = list(simulated(found, 10, seed=1))
    shapes = [row.shape for row in covered]
    assert shapes[-4:] == [
        "quick, 10 sessions, their effects as recorded",
        *(f"quick, 10 sessions, noise of {name}" for name in list(found)[1:]),
    ]
    told = "\n".join(lines(tmp_path, found, 10, covered))
    assert "operations apart" in told
    assert all(name in told for name in found)


def test_one_window_has_no_noise_of_sessions_and_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="fewer than two sessions"):
        recorded(_windows(tmp_path, 1))
