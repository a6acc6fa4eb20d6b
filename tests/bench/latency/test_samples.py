from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from pyarrow import parquet

from bench.errors import UserError
from bench.latency.samples import Recorder, pair, read
from bench.results import raw_rows
from bench.results.raw_rows import write_rows


def test_rows_are_paired_by_session_and_operation_whatever_their_order() -> None:
    tables = []
    for session in (0, 1):
        recorder = Recorder(["dual", "floor"])
        send, read_kind = recorder.kind_index("send"), recorder.kind_index("latest_page")
        for operation in range(4):
            for position, variant in enumerate([1, 0] if operation % 2 else [0, 1]):
                latency_ns = 1000 * session + 100 * operation + variant
                kind = read_kind if operation == 3 else send
                recorder.add(operation, operation // 2, operation > 0, kind, variant, position, latency_ns)
        tables.append(recorder.table(session))
    reads, sends = pair(tables)
    assert (reads.kind, sends.kind) == ("latest_page", "send")
    assert sends.variants == ("dual", "floor")
    assert sends.latency_ns.tolist() == [[100, 101], [200, 201], [1100, 1101], [1200, 1201]]
    assert sends.session.tolist() == [0, 0, 1, 1]
    assert sends.block.tolist() == [0, 1, 0, 1]
    assert reads.latency_ns.tolist() == [[300, 301], [1300, 1301]]


def test_raw_rows_survive_the_file(tmp_path: Path) -> None:
    recorder = Recorder(["dual"])
    recorder.add(0, 0, False, recorder.kind_index("send"), 0, 0, 123_456_789)
    table = recorder.table(7)
    write_rows(table, tmp_path / "rows.parquet")
    assert read(tmp_path / "rows.parquet").to_pylist() == table.to_pylist()


def test_an_empty_session_has_an_empty_table() -> None:
    assert Recorder(["dual"]).table(0).num_rows == 0
    assert pair([]) == []


def stored(tmp_path: Path, table: pa.Table) -> Path:
    path = tmp_path / "operations.parquet"
    parquet.write_table(table, path)
    return path


def whole() -> pa.Table:
    recorder = Recorder(["a", "b"])
    for operation in range(40):
        for position, variant in enumerate((0, 1)):
            recorder.add(operation, 0, True, recorder.kind_index("send"), variant, position, 1000 + operation)
    return recorder.table(0)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: t.drop_columns(["kind"]), "its columns are not session, operation"),
        (lambda t: t.append_column("more", t["block"]), "its columns are not"),
        (lambda t: t.set_column(0, "session", t["session"].cast(pa.int64())), "column session is int64, not int32"),
        (lambda t: t.set_column(7, "latency_ns", pa.nulls(80, pa.int64())), "column latency_ns has empty fields"),
        (lambda t: t.set_column(7, "latency_ns", pa.array([0] * 80)), "latency_ns is below 1"),
    ],
)
def test_another_table_is_refused_in_one_line(tmp_path: Path, change: Callable[[pa.Table], pa.Table], told: str) -> None:
    with pytest.raises(UserError) as caught:
        read(stored(tmp_path, change(whole())))
    assert str(caught.value).startswith(f"{tmp_path}/operations.parquet is damaged (")
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1" * 9, bytes(5000)])
def test_what_is_no_table_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "operations.parquet"
    path.write_bytes(content)
    with pytest.raises(UserError, match="is damaged"):
        read(path)


def test_more_rows_than_a_run_can_have_are_refused_before_they_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_rows, "ROWS_MAX", 79)
    with pytest.raises(UserError, match="more than 79 rows"):
        read(stored(tmp_path, whole()))


def test_operations_that_lack_a_variant_are_refused() -> None:
    with pytest.raises(UserError, match="'send': not every operation has each variant once"):
        pair([whole().slice(0, 79)])
    with pytest.raises(UserError, match="not every operation has each variant once"):
        pair([pa.concat_tables([whole().slice(0, 78), whole().slice(0, 2)])])
