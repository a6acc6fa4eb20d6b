"""`storebench run --profile cost`, made small: counters across a checkpoint, the split of time, and what recording costs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.command.program import Program

SMALL = (
    *("cost_operations=3", "cost_repetitions=2", "cost_agents=1", "observer_pairs=10"),
    *("anatomy_agents=[1]", "anatomy_scenes=3", "anatomy_checkpoint_agents=[1]", "reads_rows=0"),
)


def _printed(program: Program, *arguments: str, folder: Path) -> str:
    done = program.run(*arguments, folder=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout + done.stderr


@pytest.mark.usefixtures("own_server")
def test_the_profile_measures_counters_and_costs_and_prints_what_recording_costs(program: Program, tmp_path: Path) -> None:
    settings = [word for one in SMALL for word in ("--set", one)]
    printed = _printed(program, "run", "--profile", "cost", "--designs", "floor", *settings, "--out", "runs", folder=tmp_path)
    assert "Recording by itself takes" in printed
    assert "On against off" in printed
    (folder,) = (tmp_path / "runs").iterdir()
    found = json.loads((folder / "summary.json").read_text())
    assert {row["design"] for row in found["costs"]["rows"]} == {"floor"}
    assert found["costs"]["lacking"] == []
    assert len(found["checkpoints"]) == 5
    assert f"Across a forced checkpoint {len(found['checkpoints'])} of {len(found['checkpoints'])} cells" in printed
    report = (folder / "report.md").read_text()
    for title in ("One send by table and index", "Across a forced checkpoint", "Where the time goes", "What observing costs"):
        assert title in report
    assert {path.name for path in (folder / "charts").glob("*.svg")} >= {
        "costs-plain.svg",
        "costs-shared.svg",
        "writes-relations.svg",
    }
    shown = " ".join(_printed(program, "show", str(folder), folder=tmp_path).split())
    assert "Recording by itself takes" in shown
