"""The instrument against itself, by its command: one window for the shape, twenty for what it finds."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database

PLANTED = {"dual[+1%]", "dual[+2%]", "dual[+5%]", "dual[+statement]"}


def test_windows_are_measured_stored_and_told_again_with_their_coverage(storebench: Storebench, tmp_path: Path) -> None:
    done = storebench("aa", "--pairs", "1", "--seconds", "3", "--sessions", "3", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    folder = tmp_path / "results" / told["folder"]
    assert sorted(path.name for path in folder.iterdir()) == ["window-0000.parquet", "windows.json"]
    assert told["pairs"] == 1
    assert 0 <= told["called_different"] <= 1
    if not told["too_short"]:
        assert {row["variant"] for row in told["planted"]} == PLANTED
    again = storebench("aa", str(folder))
    assert again.returncode == 0, again.stderr
    assert "The same code twice (A/A)" in again.stdout
    assert json.loads(storebench("aa", str(folder), "--json").stdout) == told
    covered = storebench("coverage", str(folder), "--experiments", "10")
    # A window ends by the clock: on a slow machine it may have too few messages.
    if told["too_short"] and covered.returncode == 2:
        assert len(covered.stderr.strip().splitlines()) == 1
    else:
        assert covered.returncode == 0, covered.stderr
        assert "quick, 10 sessions" in covered.stdout


def test_what_is_no_folder_of_windows_or_no_design_is_refused_in_one_line(storebench: Storebench, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for arguments in (("coverage", "empty"), ("aa", "--design", "nothing")):
        done = storebench(*arguments)
        assert done.returncode == 2, arguments
        assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "results").exists()


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_of_twenty_pairs_few_are_called_different_and_planted_costs_are_found_with_their_sign(storebench_long: Storebench) -> None:
    done = storebench_long("aa", "--pairs", "20", "--json", "--quiet")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    # Of a hundred at most 10 may be called different; of twenty so true a rule exceeds 5 in one run of ten thousand.
    assert told["called_different"] <= 5
    assert told["intervals_hold_1"] >= 15
    planted = {row["variant"]: row for row in told["planted"]}
    assert planted["dual[+5%]"]["found"] >= 18
    assert planted["dual[+2%]"]["found"] >= 16
    assert planted["dual[+1%]"]["found"] >= 12
    assert planted["dual[+statement]"]["found"] >= 18
    for row in planted.values():
        assert row["sign_right"] == row["found"]
