"""Workloads of strangers: registered by entry point, measured like ours, and refused in one line when they are broken."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def talking(installed: Callable[..., Storebench]) -> Storebench:
    """The command with all of these workloads installed."""
    entries = {name: f"talk:{name}" for name in ["quiet", "refused"]}
    source = (Path(__file__).parent / "stranger_workloads.py").read_text(encoding="utf-8")
    return installed({"talk": entries}, {"talk": source}, "storebench.workloads")


@pytest.mark.parametrize(
    ("name", "told"),
    [("refused", "operation 4 is not allowed: user bob is not a member"), ("nope", "known are chat, steady, burst")],
)
def test_a_broken_workload_is_told_in_one_line(talking: Storebench, tmp_path: Path, name: str, told: str) -> None:
    done = talking("run", "--designs", "floor", f"--set=workload={name}", "--set=latency_messages=5")
    assert done.returncode == 2, done.stderr
    assert f"workload '{name}'" in done.stderr
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert not (tmp_path / "results").exists()


@pytest.mark.database
def test_a_stranger_s_workload_is_measured(talking: Storebench, tmp_path: Path) -> None:
    small = [
        "anatomy_agents=[0]",
        "anatomy_scenes=1",
        "crash_agents=[]",
        "faults_cells=[]",
        "latency_sessions=2",
        "factor_sessions=0",
        "latency_messages=8",
        "reads_rows=0",
    ]
    done = talking("run", "--designs", "floor", "--set=workload=quiet", *(f"--set={setting}" for setting in small))
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    run = json.loads((folder / "run.json").read_text())
    assert run["configuration"]["workload"] == "quiet"
    assert list(run["workloads"]) == ["0-quiet", "1-quiet"]


def test_workloads_are_listed_with_their_distribution(talking: Storebench) -> None:
    done = talking("list", "workloads")
    assert done.stdout.splitlines()[0].startswith("chat ")
    assert "quiet              Somebody talks to an empty room.  (talk 1.0)" in done.stdout.splitlines()
