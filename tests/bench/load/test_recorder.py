"""Raw rows are stored whole, and a file that is not what was written is refused in one line."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from bench.errors import UserError
from bench.load.recorder import Outcome, joined, read
from bench.results.raw_rows import write_rows
from tests.bench.load.rows import table


def test_rows_are_read_back_as_they_were_written(tmp_path: Path) -> None:
    rows = joined([table([1.0, 2.0]), table([3.0], point=1, outcomes={0: (Outcome.NOT_ISSUED, None)})])
    write_rows(rows, tmp_path / "load.parquet")
    assert read(tmp_path / "load.parquet").to_pylist() == rows.to_pylist()
    assert rows.to_pylist()[2]["end_ns"] is None


def test_no_rows_are_rows_too(tmp_path: Path) -> None:
    write_rows(joined([]), tmp_path / "load.parquet")
    assert read(tmp_path / "load.parquet").num_rows == 0


@pytest.mark.parametrize(
    ("column", "values", "told"),
    [
        ("outcome", pa.array(["good"]).dictionary_encode(), "none of ok"),
        ("due_ns", pa.array([None], pa.int64()), "empty fields"),
        ("end_ns", pa.array([-5], pa.int64()), "ends before it begins"),
        ("lane", pa.array([1], pa.int64()), "column lane is int64, not int16"),
    ],
)
def test_a_file_with_something_else_in_it_is_refused(tmp_path: Path, column: str, values: pa.Array, told: str) -> None:
    rows = table([1.0])
    write_rows(rows.set_column(rows.schema.get_field_index(column), column, values), tmp_path / "load.parquet")
    with pytest.raises(UserError, match=told):
        read(tmp_path / "load.parquet")


def test_a_file_that_is_no_parquet_is_refused(tmp_path: Path) -> None:
    (tmp_path / "load.parquet").write_bytes(b"PAR1 or so")
    with pytest.raises(UserError, match="damaged"):
        read(tmp_path / "load.parquet")
