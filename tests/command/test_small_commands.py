from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


def test_list_designs_names_ours_and_a_stranger_s(storebench: Storebench) -> None:
    done = storebench("list", "designs")
    names = [line.split()[0] for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert names[:5] == ["dual", "option_a", "option_b", "hybrid", "floor"]
    assert "wrong_agent_row" in names[5:]


@pytest.mark.database
def test_doctor_says_what_machine_and_server_can_do(storebench: Storebench) -> None:
    done = storebench("doctor")
    assert done.returncode == 0, done.stderr
    assert "processor: " in done.stdout
    assert "pg_walinspect" in done.stdout
    assert "postgresql://" not in done.stdout


@pytest.mark.database
def test_replay_breaks_the_operation_again_and_tells_what_is_left(storebench: Storebench) -> None:
    done = storebench("replay", "dual/per_side/send/k=2/after-commit-1")
    assert done.returncode == 0, done.stderr
    assert "partial" in done.stdout
    again = storebench("replay", "dual/per_side/send/k=2/after-commit-1")
    assert again.stdout == done.stdout
