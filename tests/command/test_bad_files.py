"""Every kind of bad file, given to every command that reads it: one line, exit 2, nothing written.

Bad servers stand in test_servers.py, folders without permission in test_permissions.py, full disks in test_bad_luck.py.
"""

from __future__ import annotations

import gzip
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from tests.bench.results.stored import OLD, stored_run
from tests.fuzz.inprocess import call, refused

HEADER = b"t,ch,u,bytes,reply_to,bot\n"
ROW = b"0,0,0,20,,0\n"
PACKED = gzip.compress(HEADER + ROW * 2000)

CONFIGURATIONS = {
    "malformed TOML": (b"seed = = 1\n", "line 1"),
    "unknown key": (b"sead = 1\n", "sead"),
    "wrong unit": (b'latency_session_s = "12 ms"\n', "latency_session_s"),
    "unknown design": (b'designs = ["daul"]\n', "daul"),
    "unknown workload": (b'workload = "chet"\n', "chet"),
    "unknown factor": (b'variants = ["dual[speed=fast]"]\n', "speed=fast"),
    "empty list": (b"designs = []\n", "designs"),
    "endless number": (b"seed = " + b"9" * 5000 + b"\n", "c.toml"),
    "deep nesting": (b"seed = " + b"[" * 5000, "c.toml"),
    "no text": (b"\xff\xfe\x00", "c.toml"),
    "NUL": (b"seed = 1\x00\n", "c.toml"),
    "infinite limit": (b"latency_session_s = inf\n", "latency_session_s"),
    "a table": (b"[seed]\nvalue = 1\n", "seed"),
}

TRACES = {
    "missing column": (b"t,ch,u,bytes,bot\n", "line 1: no column reply_to"),
    "NaN time": (HEADER + b"nan,0,0,20,,0\n", "line 2: t is 'nan'"),
    "infinite time": (HEADER + b"inf,0,0,20,,0\n", "line 2: t is 'inf'"),
    "decreasing times": (HEADER + b"5,0,0,20,,0\n4,0,0,20,,0\n", "line 3: t is 4"),
    "negative bytes": (HEADER + b"0,0,0,-20,,0\n", "line 2: bytes is '-20'"),
    "fractional bytes": (HEADER + b"0,0,0,2.5,,0\n", "line 2: bytes is '2.5'"),
    "huge bytes": (HEADER + b"0,0,0," + b"9" * 5000 + b",,0\n", "line 2: bytes is"),
    "reply to a later row": (HEADER + b"0,0,0,20,1,0\n" + ROW, "line 2: reply_to is 1"),
    "reply to itself": (HEADER + b"0,0,0,20,0,0\n", "line 2: reply_to is 0"),
    "reply to no row": (HEADER + ROW + b"0,0,0,20,7,0\n", "line 3: reply_to is 7"),
    "reply in another room": (HEADER + ROW + b"0,1,0,20,0,0\n", "line 3: reply_to is 0, a row of ch 0"),
    "empty file": (b"", "line 1: the file is empty"),
    "header alone": (HEADER, "line 1: no row follows"),
    "truncated gzip": (PACKED[: len(PACKED) // 2], "broken gzip data"),
    "gzip with a bad checksum": (PACKED[:-8] + bytes(4) + PACKED[-4:], "broken gzip data"),
    "garbage behind gzip": (PACKED + b"garbage", "broken gzip data"),
    "binary file": (bytes(range(256)) * 9, "give CSV, plain or gzip"),
    "NUL bytes": (HEADER + b"0,0,\x00,20,,0\n", "line 2: binary data"),
    "no UTF-8": (HEADER + b"0,0,\xe9,20,,0\n", "line 2: not UTF-8"),
    "UTF-16": ((HEADER + ROW).decode().encode("utf-16"), "line 1: not UTF-8"),
    "unclosed quote": (HEADER + b'0,0,0,20,,"0\n', "line 2: no CSV"),
    "quoted line end": (HEADER + b'0,0,0,20,"\n",0\n', "line 2: no CSV"),
    "too many fields": (HEADER + b"0,0,0,20,,0,9\n", "line 2: 7 fields"),
    "repeated column": (b"t," + HEADER + b"0," + ROW, "line 1: column t is there twice"),
    "very long field": (HEADER + b"0,0,0,20,," + b"0" * 200_000 + b"\n", "line 2: longer than"),
    "digits of another script": (HEADER + "0,0,0,٣,,0\n".encode(), "line 2: bytes is"),
    "empty fields": (HEADER + b",,,,,\n", "line 2: t is ''"),
}


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def _check_refused(folder: Path, arguments: list[str], told: str) -> None:
    before = {path: path.lstat().st_mtime_ns for path in folder.rglob("*")}
    said = call(*arguments)
    assert refused(said), said
    assert said.status == 2, said
    assert told in said.errors
    assert said.output == ""
    assert {path: path.lstat().st_mtime_ns for path in folder.rglob("*")} == before


@pytest.mark.parametrize("name", CONFIGURATIONS)
@pytest.mark.parametrize("command", [["run"], ["show", "config"]])
def test_a_bad_configuration_is_one_line(tmp_path: Path, command: list[str], name: str) -> None:
    content, told = CONFIGURATIONS[name]
    (tmp_path / "c.toml").write_bytes(content)
    _check_refused(tmp_path, [*command, "--config", "c.toml"], told)


@pytest.mark.parametrize("name", TRACES)
def test_a_bad_trace_is_one_line_with_its_place(tmp_path: Path, name: str) -> None:
    content, told = TRACES[name]
    (tmp_path / "t.csv").write_bytes(content)
    _check_refused(tmp_path, ["run", "--quiet", "--trace", "t.csv"], told)


@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "missing"])
def test_what_is_no_file_is_no_trace(tmp_path: Path, kind: str) -> None:
    place = {"folder": "folder", "pipe": "pipe", "device": "/dev/zero", "missing": "missing"}[kind]
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    _check_refused(tmp_path, ["run", "--quiet", "--trace", place], place)


def _newer(run: Path) -> None:
    record = json.loads((run / "run.json").read_bytes())
    (run / "run.json").write_text(json.dumps(record | {"schema_version": 99}))


def _truncated(run: Path) -> None:
    path = run / "trials" / "latency-000" / "operations.parquet"
    path.write_bytes(path.read_bytes()[:-100])


def _other_table(run: Path) -> None:
    parquet.write_table(pa.table({"a": [1]}), run / "trials" / "latency-000" / "operations.parquet")


def _without_file(run: Path) -> None:
    (run / "trials" / "latency-001" / "operations.parquet").unlink()


def _file_for_folder(run: Path) -> None:
    shutil.rmtree(run / "trials")
    (run / "trials").write_text("")


def _loop(run: Path) -> None:
    path = run / "trials" / "latency-001" / "operations.parquet"
    path.unlink()
    path.symlink_to(path.name)


def _no_text(run: Path) -> None:
    (run / "run.json").write_bytes(b"\xff{}")


def _deep(run: Path) -> None:
    (run / "run.json").write_text('{"schema_version":' * 100_000)


def _huge(run: Path) -> None:
    (run / "run.json").write_text(f'{{"schema_version": {"9" * 5000}}}')


def _not_a_number(run: Path) -> None:
    (run / "run.json").write_text('{"schema_version": NaN}')


def _no_object(run: Path) -> None:
    (run / "run.json").write_text("[]")


def _pipe(run: Path) -> None:
    (run / "run.json").unlink()
    os.mkfifo(run / "run.json")


DAMAGE: dict[str, tuple[Callable[[Path], None], str]] = {
    "newer schema": (_newer, "newer than"),
    "truncated Parquet": (_truncated, "operations.parquet"),
    "Parquet of something else": (_other_table, "operations.parquet"),
    "missing file": (_without_file, "latency-001/operations.parquet"),
    "file where a folder belongs": (_file_for_folder, "trials"),
    "link to itself": (_loop, "latency-001/operations.parquet"),
    "no text": (_no_text, "run.json is damaged"),
    "deep nesting": (_deep, "run.json is damaged"),
    "endless number": (_huge, "run.json"),
    "no number": (_not_a_number, "run.json is damaged"),
    "no object": (_no_object, "run.json is damaged"),
    "pipe": (_pipe, "run"),
}


def _read_by(command: str, damage: str, old: bool) -> bool:
    """Whether the command comes to read what is damaged: a raw file has a digest that `show` can tell since schema 2 only."""
    return "run" in DAMAGE[damage][1] or command in {"report", "compare"} or (command == "show" and not old)


CASES = [
    pytest.param(command, damage, old, id=f"{command}, {damage}{', older schema' if old else ''}")
    for command in ("report", "show", "compare", "rerun", "resume")
    for damage in DAMAGE
    for old in (False, True)
    if _read_by(command, damage, old)
]


@pytest.mark.parametrize(("command", "damage", "old"), CASES)
def test_bad_results_are_one_line(tmp_path: Path, command: str, damage: str, old: bool) -> None:
    run = tmp_path / "results" / "run"
    if old:
        shutil.copytree(OLD, run)
    else:
        stored_run(tmp_path / "results", name="run")
    spoil, told = DAMAGE[damage]
    spoil(run)
    arguments = {"compare": ["compare", str(run), str(run)], "resume": ["run", "--resume", str(run)]}
    _check_refused(tmp_path, arguments.get(command, [command, str(run)]), told)


@pytest.mark.parametrize("command", ["report", "show", "compare", "rerun"])
@pytest.mark.parametrize("place", ["missing", "file", "empty", "missing/run"])
def test_what_is_no_run_is_one_line(tmp_path: Path, command: str, place: str) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "empty").mkdir()
    _check_refused(tmp_path, [command, f"./{place}", *(["./empty"] if command == "compare" else [])], place)
