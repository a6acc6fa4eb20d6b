"""A run's folder: whole or not there, guarded by digests, and worked on by one process at a time."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
from collections.abc import Callable
from multiprocessing.synchronize import Event
from pathlib import Path

import pytest

from bench.errors import UserError
from bench.results.files import sealed, write_lines
from bench.results.folder import PROOFS, RunFolder
from bench.results.schema import SCHEMA_VERSION, ProofRecord
from tests.bench.report import made_up

RECORD = made_up.run(trials=["anatomy-dual", "latency-000", "latency-001"])


def folder(root: Path) -> RunFolder:
    """A run with one trial of three."""
    made = RunFolder.create(root, "run", RECORD, "seed = 7\n")
    with made.trial("latency-000", "paired latency", 0) as trial:
        write_lines(trial.path / PROOFS, made_up.proofs()[:1])
        trial.placement = "client on CPU 0"
        trial.stopped_early = ("latency_session_s = 1",)
    return made


def test_a_run_is_there_as_a_whole_with_its_record_and_its_configuration(tmp_path: Path) -> None:
    made = folder(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    assert RunFolder.open(made.path).read_run() == sealed(RECORD)
    assert (made.path / "config.toml").read_text() == "seed = 7\n"


def test_a_run_that_is_there_already_is_not_touched(tmp_path: Path) -> None:
    before = (folder(tmp_path).path / "run.json").read_bytes()
    with pytest.raises(UserError, match="exists already"):
        RunFolder.create(tmp_path, "run", RECORD.model_copy(update={"seed": 8}), "")
    assert (tmp_path / "run" / "run.json").read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_trial_says_what_it_is_and_which_files_it_has(tmp_path: Path) -> None:
    (record,) = folder(tmp_path).trial_records()
    assert (record.name, record.phase, record.attempt) == ("latency-000", "paired latency", 0)
    assert record.placement == "client on CPU 0"
    assert record.stopped_early == ["latency_session_s = 1"]
    assert record.files["proofs.jsonl"].bytes == (tmp_path / "run/trials/latency-000/proofs.jsonl").stat().st_size


def test_a_record_from_before_a_field_came_into_being_is_whole_and_one_that_lost_a_field_is_not(tmp_path: Path) -> None:
    made = folder(tmp_path)
    path = made.path / "trials/latency-000/trial.json"
    content = json.loads(path.read_text())
    del content["checkpoints"]
    path.write_text(json.dumps(content))
    with pytest.raises(UserError, match="changed after it was written"):
        made.trial_records()
    without = {key: value for key, value in content.items() if key != "digest"}
    content["digest"] = hashlib.sha256(json.dumps(without, sort_keys=True).encode()).hexdigest()
    path.write_text(json.dumps(content))
    (record,) = made.trial_records()
    assert (record.placement, record.checkpoints) == ("client on CPU 0", None)


def test_a_trial_that_ends_in_an_exception_leaves_nothing(tmp_path: Path) -> None:
    made = folder(tmp_path)

    def failing() -> None:
        with made.trial("latency-001", "paired latency", 0) as trial:
            write_lines(trial.path / PROOFS, made_up.proofs())
            raise KeyError("lost")

    with pytest.raises(KeyError):
        failing()
    assert [path.name for path in (made.path / "trials").iterdir()] == ["latency-000"]
    assert made.missing() == ["anatomy-dual", "latency-001"]


def test_trials_stand_in_the_order_in_which_they_were_planned(tmp_path: Path) -> None:
    record = made_up.run(trials=["paths-hybrid", "paths-dual", "anatomy-dual"])
    made = RunFolder.create(tmp_path, "run", record, "")
    for name in ("anatomy-dual", "paths-dual", "paths-hybrid"):
        with made.trial(name, "any", 0):
            pass
    assert [path.name for path in made.trials("")] == ["paths-hybrid", "paths-dual", "anatomy-dual"]
    assert [path.name for path in made.trials("paths")] == ["paths-hybrid", "paths-dual"]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _turn(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("harm", [_cut, _turn, Path.unlink])
@pytest.mark.parametrize("name", ["run.json", "trials/latency-000/trial.json", "trials/latency-000/proofs.jsonl"])
def test_a_file_that_is_not_what_was_written_is_named(tmp_path: Path, name: str, harm: Callable[[Path], None]) -> None:
    made = folder(tmp_path)
    harm(made.path / name)
    with pytest.raises(UserError, match=name) as caught:
        RunFolder.open(made.path).trial_records()
    assert "\n" not in str(caught.value)


def test_a_trial_that_the_run_knows_nothing_of_is_named(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made.path / "trials" / "anatomy-other").mkdir()
    with pytest.raises(UserError, match=r"anatomy-other is damaged \(run.json knows of no such trial\)"):
        made.trials("")


def test_a_trial_of_another_run_is_no_trial_of_this_one(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made.path / "trials" / "latency-000").rename(made.path / "trials" / "latency-001")
    with pytest.raises(UserError, match=r"latency-001 is damaged \(trial.json is of latency-000\)"):
        made.trial_records()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"schema_version": SCHEMA_VERSION + 1}, f"has schema {SCHEMA_VERSION + 1}, newer than {SCHEMA_VERSION}"),
        ({"schema_version": 10**30}, "newer than"),
        ({"schema_version": 0}, "schema_version is 0"),
        ({"schema_version": True}, "schema_version is True"),
        ({"schema_version": "2"}, "schema_version is '2'"),
        ({"seed": 8}, "its content was changed"),
        ({"trials": ["../../etc"]}, "trials.0"),
        ({"attempts": None}, "attempts"),
        ({"more": 1}, "more"),
    ],
)
def test_a_record_that_was_edited_is_refused_in_one_line(tmp_path: Path, change: dict[str, object], told: str) -> None:
    made = folder(tmp_path)
    path = made.path / "run.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    with pytest.raises(UserError) as caught:
        made.read_run()
    assert told in str(caught.value)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"[]", b"null", b"\xff\xfe", b"[" * 100_000, b'{"schema_version": NaN}', b"{}"])
def test_a_record_that_is_none_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    made = folder(tmp_path)
    (made.path / "run.json").write_bytes(content)
    with pytest.raises(UserError, match=r"run\.json is damaged"):
        made.read_run()


def test_a_folder_without_a_record_is_no_run(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="holds no run"):
        RunFolder.open(tmp_path)


def test_a_withheld_run_says_why(tmp_path: Path) -> None:
    made = folder(tmp_path)
    assert made.withheld() is None
    made.withhold("a proof failed", ["one row differs"])
    found = made.withheld()
    assert found is not None
    assert (found.reason, found.lines) == ("a proof failed", ["one row differs"])


def _hold(path: Path, held: Event, over: Event) -> None:
    with RunFolder.open(path).locked():
        held.set()
        over.wait(30)


def test_a_run_is_worked_on_by_one_process_at_a_time(tmp_path: Path) -> None:
    made = folder(tmp_path)
    context = multiprocessing.get_context("spawn")
    held, over = context.Event(), context.Event()
    other = context.Process(target=_hold, args=(made.path, held, over))
    other.start()
    try:
        assert held.wait(30)
        with pytest.raises(UserError, match="worked on by another process"), made.locked():
            pass
    finally:
        over.set()
        other.join()
    with made.locked():
        pass


def test_what_a_killed_process_left_half_written_is_cleared(tmp_path: Path) -> None:
    made = folder(tmp_path)
    (made.path / "trials" / ".partial-latency-001").mkdir()
    (made.path / "trials" / ".partial-latency-001" / "proofs.jsonl").write_text("half")
    (made.path / ".partial-run.json").write_text("half")
    made.clear_partial()
    assert not list(made.path.rglob(".partial-*"))
    assert [path.name for path in made.trials("")] == ["latency-000"]


def test_a_proof_with_a_name_that_looks_like_a_path_is_read_as_it_was_written(tmp_path: Path) -> None:
    made = RunFolder.create(tmp_path, "run", RECORD, "")
    odd = ProofRecord(**(made_up.proofs()[0].model_dump() | {"design": "../../x\n<b>"}))
    with made.trial("latency-000", "any", 0) as trial:
        write_lines(trial.path / PROOFS, [odd])
    assert made.trial_records()[0].files.keys() == {"proofs.jsonl"}
