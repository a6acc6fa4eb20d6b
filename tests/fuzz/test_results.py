"""Mutated results: shown, listed, compared and derived from, or refused in one line. Many are sealed anew, to get past seals."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.errors import InvalidMeasurement, UserError
from bench.results.files import pretty, sealed
from bench.results.folder import LATENCY, RUN, TRIAL, RunFolder
from bench.results.run_record import RunRecord, TrialRecord
from bench.summarise import derive
from bench.visible import visible
from tests.bench.results.stored import OLD, stored_run
from tests.fuzz.inprocess import call, refused
from tests.fuzz.mutations import altered, blind

Mutate = Callable[[random.Random, Path], None]


def _any_file(rng: random.Random, run: Path) -> Path:
    return rng.choice(sorted(path for path in run.rglob("*") if path.is_file()))


def _blindly(rng: random.Random, run: Path) -> None:
    """The bytes of one file, whatever it is."""
    path = _any_file(rng, run)
    path.write_bytes(blind(rng, path.read_bytes()))


def _tree(rng: random.Random, run: Path) -> None:
    """What stands where: a file is gone, is a folder, or a link that leads nowhere, elsewhere or to itself."""
    path = rng.choice([_any_file(rng, run), *(folder for folder in sorted(run.rglob("*")) if folder.is_dir())])
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink()
    match rng.randrange(6):
        case 0:
            path.mkdir()
        case 1:
            path.symlink_to(path.name)
        case 2:
            path.symlink_to("/nowhere")
        case 3:
            path.symlink_to(run)
        case 4:
            path.write_bytes(b"")
        case _:
            pass


def _record(rng: random.Random, run: Path) -> None:
    """A field of a record, sealed anew where it is still a record."""
    path = rng.choice([run / RUN, run / RUN, *sorted(run.rglob(TRIAL))])
    value = altered(rng, json.loads(path.read_bytes()))
    try:
        if path.name == RUN:
            path.write_bytes(pretty(sealed(RunRecord.model_validate(value))))
        else:
            path.write_bytes(pretty(sealed(TrialRecord.model_validate(value))))
    except (ValueError, UserError):
        path.write_text(json.dumps(value), encoding="utf-8")


def _raw(rng: random.Random, run: Path) -> None:
    """What a trial measured, with the digests of its files made to fit."""
    path = rng.choice(sorted(path for path in run.glob("trials/*/*") if path.name != TRIAL))
    if path.suffix == ".parquet":
        _table(rng, path)
    elif rng.random() < 0.3:
        path.write_bytes(blind(rng, path.read_bytes()))
    else:
        lines = path.read_bytes().splitlines()
        place = rng.randrange(len(lines)) if lines else 0
        lines[place : place + 1] = [json.dumps(altered(rng, json.loads(lines[place]))).encode()] if lines else []
        path.write_bytes(b"\n".join(lines) + b"\n")
    _fit(path)


def _table(rng: random.Random, path: Path) -> None:
    table = parquet.read_table(path)
    name = rng.choice(table.column_names)
    place = table.column_names.index(name)
    rows = rng.randrange(table.num_rows)
    match rng.randrange(8):
        case 0:
            path.write_bytes(blind(rng, path.read_bytes()))
            return
        case 1:
            table = table.drop_columns([name])
        case 2:
            table = table.append_column("more", table[name])
        case 3:
            nothing = pa.nulls(table.num_rows, table.schema.field(name).type)
            table = table.set_column(place, table.schema.field(name), nothing)
        case 4:
            table = table.set_column(place, name, pa.array(np.arange(table.num_rows, dtype=rng.choice(["int8", "float64"]))))
        case 5:
            table = table.slice(rows, rng.randint(0, table.num_rows))
        case 6:
            strange = pa.array(["strange"] * table.num_rows).dictionary_encode()
            table = table.set_column(table.column_names.index("variant"), "variant", strange)
        case _:
            size = rng.choice((-1, 0, 1, 2**62))
            table = table.set_column(table.column_names.index("latency_ns"), "latency_ns", pa.array([size] * table.num_rows))
    parquet.write_table(table, path)


def _fit(path: Path) -> None:
    trial = path.parent / TRIAL
    if not trial.exists():
        return
    record = TrialRecord.model_validate_json(trial.read_bytes())
    content = path.read_bytes()
    stored = record.files[path.name].model_copy(update={"bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()})
    changed = record.model_copy(update={"files": record.files | {path.name: stored}})
    trial.write_bytes(pretty(sealed(changed)))


def _derived(run: Path) -> bool:
    """Whether the run was refused when its summary was derived."""
    try:
        derive(RunFolder.open(run))
    except (UserError, InvalidMeasurement) as refusal:
        told = visible(str(refusal))
        assert told.isprintable()
        return True
    return False


def _pages(run: Path, rng: random.Random) -> bool:
    shown = refused(call("show", str(run)))
    # A damaged run is a row of the list and never hides its neighbours.
    listed = call("list", "runs", "--out", str(run.parent))
    assert not refused(listed), listed
    if rng.random() < 0.3:
        refused(call("compare", str(run), str(run)))
    return shown


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return stored_run(tmp_path_factory.mktemp("whole")).path


def _fuzz(cases: int, seed: int, whole: Path, folder: Path) -> None:
    mutations: tuple[Mutate, ...] = (_blindly, _tree, _record, _record, _raw, _raw)
    refusals = 0
    for case in range(cases):
        rng = random.Random(f"{seed}-{case}")
        run = folder / "runs" / f"run-{case}"
        shutil.copytree(OLD if rng.random() < 0.2 else whole, run)
        rng.choice(mutations)(rng, run)
        pages = _pages(run, rng) if rng.random() < 0.4 else False
        refusals += _derived(run) or pages
        shutil.rmtree(run)
    assert cases // 4 < refusals < cases * 0.95, f"{refusals} of {cases} results were refused"


def test_mutated_results_are_read_or_refused_in_one_line(whole: Path, tmp_path: Path) -> None:
    _fuzz(80, 1, whole, tmp_path)


@pytest.mark.full
@pytest.mark.timeout(1200)
def test_thousands_of_mutated_results_are_read_or_refused_in_one_line(whole: Path, tmp_path: Path) -> None:
    _fuzz(3_000, 2, whole, tmp_path)


@pytest.mark.full
def test_reports_of_mutated_results_are_made_or_refused_in_one_line(whole: Path, tmp_path: Path) -> None:
    made = 0
    for case in range(30):
        rng = random.Random(f"report-{case}")
        run = tmp_path / f"run-{case}"
        shutil.copytree(whole, run)
        rng.choice((_record, _raw))(rng, run)
        made += not refused(call("report", str(run)))
        shutil.rmtree(run)
    assert made > 0


@pytest.mark.parametrize("name", [LATENCY, "proofs.jsonl", TRIAL])
def test_a_truncated_file_of_a_trial_is_refused_by_name(whole: Path, tmp_path: Path, name: str) -> None:
    run = tmp_path / "run"
    shutil.copytree(whole, run)
    path = run / "trials" / "latency-000" / name
    path.write_bytes(path.read_bytes()[:-7])
    for arguments in (["report", str(run)], ["show", str(run)], ["compare", str(run), str(run)]):
        said = call(*arguments)
        assert refused(said)
        assert name in said.errors
