"""Exposures come back from their file as they went in; anything else is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.errors import UserError
from bench.faults.figures.raw import FILES, KINDS, ROWS
from bench.faults.figures.rows import SCHEMA, read_rows, write_rows
from bench.faults.figures.sorting import write_sorted
from bench.faults.figures.stored import raw_of
from bench.faults.trials import OUTCOMES
from bench.results import faults_schema
from bench.results.faults_schema import SweepRow
from bench.results.files import read_lines
from bench.results.record import Record
from tests.bench.faults.made_up import dual_rows, raw


def test_exposures_read_back_as_they_were(tmp_path: Path) -> None:
    rows = dual_rows()
    write_rows(tmp_path / "rows.parquet", rows)
    assert read_rows(tmp_path / "rows.parquet") == rows


def test_no_exposures_are_a_file_too_and_an_absent_file_has_none(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.parquet", [])
    assert read_rows(tmp_path / "rows.parquet") == []
    assert read_rows(tmp_path / "absent.parquet") == []


def test_the_file_has_a_column_for_every_field() -> None:
    assert set(SCHEMA.names) == set(SweepRow.model_fields)


@pytest.mark.parametrize("content", [b"", b"no parquet", b"PAR1 and no more"])
def test_a_file_that_holds_something_else_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "rows.parquet").write_bytes(content)
    with pytest.raises(UserError, match="is damaged"):
        read_rows(tmp_path / "rows.parquet")


def test_a_file_of_other_columns_or_with_an_empty_field_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "rows.parquet"
    parquet.write_table(pa.table({"design": ["dual"]}), path)
    with pytest.raises(UserError, match="its columns are design"):
        read_rows(path)
    write_rows(path, dual_rows())
    holed = parquet.read_table(path).to_pylist()
    holed[0]["left"] = None
    parquet.write_table(pa.Table.from_pylist(holed, SCHEMA), path)
    with pytest.raises(UserError, match="left"):
        read_rows(path)


def test_records_of_all_kinds_find_their_files_in_whatever_order_they_come(tmp_path: Path) -> None:
    made = raw()
    mixed = [made.kills[0], made.streams[0], made.kills[1], *made.mutants, *made.unavailable]
    write_sorted(tmp_path, mixed)
    assert read_lines(tmp_path / FILES[faults_schema.KillRow], faults_schema.KillRow) == list(made.kills[:2])
    assert read_lines(tmp_path / FILES[faults_schema.MutantRecord], faults_schema.MutantRecord) == list(made.mutants)
    assert len(list(tmp_path.iterdir())) == 4


def test_each_kind_of_record_has_a_file_of_its_own_by_the_name_of_its_field() -> None:
    assert len(set(FILES.values())) == len(FILES) == len(KINDS)
    assert all(issubclass(kind, Record) for kind in KINDS.values())
    assert (FILES[faults_schema.KillRow], FILES[faults_schema.BusRow]) == ("kills.jsonl", "streams.jsonl")


def test_what_was_written_is_read_back_field_by_field(tmp_path: Path) -> None:
    made = raw()
    write_sorted(tmp_path, [record for field in KINDS for record in getattr(made, field)])
    write_rows(tmp_path / OUTCOMES, made.rows)
    found = raw_of([tmp_path])
    assert {field: list(getattr(found, field)) for field in (ROWS, *KINDS)} == {
        field: list(getattr(made, field)) for field in (ROWS, *KINDS)
    }
