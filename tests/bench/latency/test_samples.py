from __future__ import annotations

from pathlib import Path

from bench.latency.samples import Recorder, pair, read, write


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
    write(table, tmp_path / "rows.parquet")
    assert read(tmp_path / "rows.parquet").to_pylist() == table.to_pylist()


def test_an_empty_session_has_an_empty_table() -> None:
    assert Recorder(["dual"]).table(0).num_rows == 0
    assert pair([]) == []
