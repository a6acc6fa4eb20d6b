from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.results.files import write_lines
from bench.results.folder import RUN, TOTALS, RunFolder
from bench.results.run_record import Attempt, RunRecord
from bench.runs.listed import listed, size
from bench.runs.shown import shown
from bench.runs.state import Word, runs
from tests.bench.report.made_up import run, totals

TRIALS = ["latency-000", "latency-001"]


def stored(root: Path, name: str, *, done: int = 2, **changes: object) -> RunFolder:
    """A run below a folder with as many of its two trials as are said to be done."""
    record: RunRecord = run(trials=TRIALS, **changes)
    folder = RunFolder.create(root, name, record, "")
    for trial in TRIALS[:done]:
        with folder.trial(trial, "paired latency", 0) as inside:
            write_lines(inside.path / TOTALS, totals())
    return folder


def lines(root: Path) -> list[str]:
    return [line.plain.rstrip() for line in listed(root)]


def test_runs_are_listed_newest_first_with_their_states(tmp_path: Path) -> None:
    stored(tmp_path, "older", started_at="2030-01-01T00:00:00Z")
    stored(tmp_path, "newer", done=1, started_at="2030-01-02T00:00:00Z")
    heading, newer, older = lines(tmp_path)
    assert heading.split() == ["run", "started", "state", "seed", "designs", "server", "commit", "size"]
    assert newer.startswith("newer  2030-01-02T00:00:00Z  incomplete, 1 of 2 trials  7 ")
    assert older.startswith("older  2030-01-01T00:00:00Z  complete, 2 of 2 trials ")
    assert "PostgreSQL 18.6  c0ffeec0ffee " in older


def test_withheld_damaged_and_newer_runs_are_rows_and_what_is_no_run_is_none(tmp_path: Path) -> None:
    stored(tmp_path, "withheld").withhold("a proof failed", [])
    damaged = stored(tmp_path, "damaged")
    (damaged.path / "trials" / TRIALS[0] / TOTALS).write_text("")
    newer = stored(tmp_path, "newer")
    value = json.loads((newer.path / RUN).read_text())
    (newer.path / RUN).write_text(json.dumps(value | {"schema_version": 99}))
    (stored(tmp_path, "cut").path / RUN).write_text("{")
    (stored(tmp_path, "headless").path / RUN).unlink()
    (tmp_path / "reference").mkdir()
    (tmp_path / "notes.txt").write_text("no run")
    (tmp_path / ".partial-begun").mkdir()
    found = {one.path.name: one.state for one in runs(tmp_path)}
    assert {name: state.word for name, state in found.items()} == {
        "withheld": Word.WITHHELD,
        "damaged": Word.DAMAGED,
        "newer": Word.NEWER,
        "cut": Word.DAMAGED,
        "headless": Word.DAMAGED,
    }
    assert "a proof failed" in str(found["withheld"])
    assert TOTALS in str(found["damaged"])
    assert "schema 99" in str(found["newer"])
    assert "run.json is missing" in str(found["headless"])
    assert all(str(tmp_path) not in str(state) for state in found.values())
    assert len(lines(tmp_path)) == 6


def test_an_empty_or_missing_results_folder_is_said_in_a_line(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "absent"):
        (line,) = lines(root)
        assert line.startswith(f"no runs in {root}: make one with")


def test_a_results_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(UserError, match="cannot be read"):
        lines(tmp_path / "file")


def test_names_with_control_characters_do_no_harm(tmp_path: Path) -> None:
    stored(tmp_path, "plain", server={"server_version": "\x1b[2J18"}, commit="\n" * 40)
    (tmp_path / "a\x1b[31mb" / "trials").mkdir(parents=True)
    page = "\n".join(lines(tmp_path))
    assert "\x1b" not in page
    assert len(page.splitlines()) == 3


def test_a_size_has_its_unit() -> None:
    assert [size(each) for each in (0, 999, 1_500, 2_500_000, 3_000_000_000)] == ["0 B", "999 B", "1.5 kB", "2.5 MB", "3.0 GB"]


def test_an_incomplete_run_is_shown_with_its_attempts_and_why_trials_are_missing(tmp_path: Path) -> None:
    attempt = Attempt(started_at="2030-01-01T00:00:00Z", ended="failed", error="the server ended", trial="latency-001")
    folder = stored(tmp_path, "half", done=1, attempts=[attempt])
    page = [line.plain for line in shown(folder.path)]
    assert page[0] == "half  incomplete, 1 of 2 trials"
    told = {line.split()[0]: line for line in page if line.strip() and not line.startswith("\n")}
    assert "started 2030-01-01T00:00:00Z, failed, measuring latency-001: the server ended" in "\n".join(page)
    assert "paired latency, " in told["latency-000"]
    assert told["latency-001"].endswith("being measured when the last attempt was failed (the server ended)")
    assert f"not made: storebench report {folder.path}" in told["report"]
    assert told["seed"].endswith(" 7")
    assert told["processor"].endswith("A Processor")
    assert told["server_version"].endswith("18.6")


def test_a_damaged_run_is_not_shown_but_refused_in_a_line(tmp_path: Path) -> None:
    folder = stored(tmp_path, "damaged")
    file = folder.path / "trials" / TRIALS[1] / TOTALS
    file.write_bytes(file.read_bytes().replace(b"400", b"401"))
    with pytest.raises(UserError, match="its content was changed"):
        list(shown(folder.path))


def test_a_withheld_run_is_shown_with_the_reason(tmp_path: Path) -> None:
    folder = stored(tmp_path, "withheld")
    folder.withhold("a proof failed", ["dual: one row"])
    first = next(iter(shown(folder.path)))
    assert first.plain == "withheld  withheld: a proof failed"
