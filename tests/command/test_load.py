"""Load through the command line: one profile does only it, and a run that lacks a part is gone on with."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

SMALL = (
    "--profile=load",
    "--set=load_window_s=0.4",
    "--set=load_warmup_s=0.1",
    "--set=load_repeats=1",
    "--set=load_probes=2",
    "--set=load_connections=1",
    "--set=load_percents=[50]",
    "--set=load_messages=600",
    "--set=load_series_s=1.0",
    "--set=load_checkpoint_s=0.3",
    "--designs=floor",
)


def _run(storebench: Storebench, tmp_path: Path, *arguments: str) -> Path:
    done = storebench("run", *SMALL, *arguments)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    return folder


def test_the_profile_of_load_ends_with_capacity_levels_series_and_histograms(storebench: Storebench, tmp_path: Path) -> None:
    folder = _run(storebench, tmp_path)
    trials = {path.name for path in (folder / "trials").iterdir()}
    assert {"load-capacity-floor-0", "load-levels-floor-0", "load-series-floor-0"} <= trials
    load = json.loads((folder / "summary.json").read_text())["load"]
    (capacity,) = load["capacities"]
    assert capacity["variant"] == "floor"
    assert sum(level["purpose"] == "search" for level in load["levels"]) == 2
    assert all(sum(level["outcomes"].values()) == level["n"] for level in load["levels"])
    assert (folder / "charts" / "load-knee.svg").is_file()
    if capacity["rate_per_s"] > 0:
        assert list((folder / "histograms").glob("*.hgrm"))
        assert "Response at every rate" in (folder / "report.md").read_text()
    assert "How much load a design bears" in (folder / "report.md").read_text()


@pytest.mark.full
def test_levels_that_are_missing_are_measured_from_the_stored_capacity(storebench: Storebench, tmp_path: Path) -> None:
    folder = _run(storebench, tmp_path)
    before = json.loads((folder / "summary.json").read_text())["load"]
    shutil.rmtree(folder / "trials" / "load-levels-floor-0")
    _run(storebench, tmp_path, "--resume")
    after = json.loads((folder / "summary.json").read_text())["load"]
    assert after["capacities"] == before["capacities"]
    rates = [sorted(level["rate_per_s"] for level in found["levels"]) for found in (before, after)]
    assert rates[0] == rates[1]


def test_a_bad_value_is_refused_in_one_line(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("run", "--profile=load", "--set=load_variants=hybrid[joined]", "--designs=dual")
    assert done.returncode == 2
    assert "not among the designs" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()
