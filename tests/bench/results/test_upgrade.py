"""A run that an older version stored is read, summed up and reported by this one."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.publish import publish
from bench.results.folder import RunFolder
from bench.results.schema import SCHEMA_VERSION
from bench.summarise import derive

OLD = Path(__file__).parent / "schema_1"


@pytest.fixture
def old(tmp_path: Path) -> RunFolder:
    """A run of two designs as schema 1 stored it: made by storebench itself at that time."""
    shutil.copytree(OLD, tmp_path / "old")
    return RunFolder.open(tmp_path / "old")


def test_the_record_of_schema_1_is_read_as_one_of_today(old: RunFolder) -> None:
    stored = json.loads((OLD / "run.json").read_text())
    assert stored["schema_version"] == 1
    run = old.read_run()
    assert run.schema_version == SCHEMA_VERSION
    assert (run.seed, run.workloads, run.configuration) == (7, stored["workloads"], stored["configuration"])
    assert run.trials == ["anatomy", "crash", "latency-000", "latency-001", "reads", "paths"]
    assert [phase.model_dump() for phase in run.phases] == stored["phases"]
    assert old.missing() == []


def test_every_trial_of_schema_1_is_in_its_summary(old: RunFolder) -> None:
    summary = derive(old)
    lines = (OLD / "trials" / "anatomy" / "anatomy.jsonl").read_text().splitlines()
    assert len(summary.anatomy) == len(lines) > 0
    assert len(summary.crash) == len((OLD / "trials" / "crash" / "points.jsonl").read_text().splitlines()) > 0
    assert {total.variant for total in summary.totals} >= {"dual", "floor"}
    assert summary.reads is not None
    assert summary.placement == json.loads((OLD / "run.json").read_text())["placement"] != ""
    assert summary.missing == []


def test_a_run_of_schema_1_is_reported(old: RunFolder) -> None:
    publish(old)
    page = (old.path / "report.html").read_text()
    assert "<svg" in page
    assert 'id="incomplete"' not in page


def test_a_damaged_run_of_schema_1_is_refused_in_one_line(old: RunFolder) -> None:
    path = old.path / "run.json"
    path.write_text(json.dumps({key: value for key, value in json.loads(path.read_text()).items() if key != "phases"}))
    with pytest.raises(UserError, match=r"run\.json is damaged \(attempts\.0\.phases"):
        old.read_run()
