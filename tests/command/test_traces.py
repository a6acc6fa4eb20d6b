"""Real traces through all designs: the same-work proof must hold for each of them."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

DESIGNS = {"dual", "option_a", "option_b", "hybrid", "floor"}


def _replayed(storebench: Storebench, tmp_path: Path, *arguments: str) -> dict[str, Any]:
    done = storebench("run", *arguments)
    assert done.returncode == 0, done.stderr
    (folder,) = (tmp_path / "results").iterdir()
    summary = json.loads((folder / "summary.json").read_text())
    assert {proof["design"] for proof in summary["proofs"]} >= DESIGNS
    assert all(proof["holds"] for proof in summary["proofs"])
    assert len({proof["observed_digest"] for proof in summary["proofs"] if proof["design"] in {"dual", "floor"}}) == 1
    return {total["variant"]: total for total in summary["totals"]}


@pytest.mark.full
def test_the_storm_of_the_gitter_trace_is_replayed(storebench: Storebench, tmp_path: Path, traces: Path) -> None:
    totals = _replayed(storebench, tmp_path, "--trace", str(traces / "gitter_fcc_2016.csv.gz"), "--window", "22848433:1200")
    rooms = totals["dual"]["rows"]["channels"]["inserted"]
    assert rooms >= 492
    assert totals["dual"]["messages"] >= 502


@pytest.mark.full
def test_another_trace_of_the_format_is_replayed(storebench: Storebench, tmp_path: Path, traces: Path) -> None:
    totals = _replayed(
        storebench, tmp_path, "--trace", str(traces / "irc_ubuntu_train.csv.gz"), "--window", "120:600", "--agents", "1,5:2"
    )
    assert totals["hybrid"]["messages"] == totals["floor"]["messages"]
    assert totals["hybrid"]["rows"]["root_messages"]["inserted"] == totals["hybrid"]["messages"]


@pytest.mark.full
@pytest.mark.timeout(2400)
def test_the_busiest_thirty_days_of_the_gitter_trace_are_replayed(
    storebench_long: Storebench, tmp_path: Path, traces: Path
) -> None:
    totals = _replayed(storebench_long, tmp_path, "--trace", str(traces / "gitter_fcc_2016.csv.gz"), "--window", "9146387:2592000")
    assert totals["dual"]["messages"] >= 23_865
