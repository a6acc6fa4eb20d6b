"""What is no trace at all: other kinds of files, damaged packing, bytes that are no text, and files without end."""

from __future__ import annotations

import gzip
import os
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest

from workloads import trace as trace_module
from workloads import trace_file
from workloads.errors import InputError
from workloads.trace import read_trace

HEADER = "t,ch,u,bytes,reply_to,bot"
ROWS = ["0.5,3,7,10,,0", "1,3,8,0,0,0", "1,4,7,250,,1", "2.25,3,7,11,1,0"]


def written(tmp_path: Path, *lines: str) -> Path:
    path = tmp_path / "trace.csv"
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def complaint(path: Path) -> str:
    with pytest.raises(InputError) as told:
        read_trace(path)
    assert "\n" not in str(told.value)
    assert str(told.value).startswith(str(path))
    return str(told.value).removeprefix(str(path))


def test_a_file_that_is_not_there_or_no_file_is_refused(tmp_path: Path) -> None:
    assert complaint(tmp_path / "missing.csv") == ": No such file or directory: give a trace file that can be read"
    assert complaint(tmp_path) == ": it is a folder: give a trace as a file, plain or gzip"


def test_truncated_and_damaged_gzip_is_refused(tmp_path: Path) -> None:
    data = gzip.compress("\n".join([HEADER, *[f"{row},{row * 7919 % 97},2,3,,0" for row in range(20_000)]]).encode())
    path = tmp_path / "trace.csv.gz"
    path.write_bytes(data[: len(data) // 2])
    told = complaint(path)
    assert told.startswith(", after line ")
    assert "broken gzip data" in told
    damaged = bytearray(data)
    damaged[len(data) // 2] ^= 0xFF
    path.write_bytes(bytes(damaged))
    assert ", " in complaint(path)
    path.write_bytes(data[:-8] + bytes(8))
    assert "broken gzip data" in complaint(path)


@pytest.mark.parametrize("data", [b"\x7fELF\xff\xfe\x80", bytes(range(256)), b"\x80" * 100, b"PK\x03\x04\x00\x00"])
def test_a_binary_file_is_refused(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes(data)
    assert "give CSV, plain or gzip" in complaint(path)


def test_binary_data_after_good_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes("\n".join([HEADER, *ROWS]).encode() + b"\n\xff\xfe\x00\x01")
    assert "not UTF-8 text: give CSV, plain or gzip" in complaint(path)


def test_an_open_quote_is_refused(tmp_path: Path) -> None:
    assert "give CSV, plain or gzip" in complaint(written(tmp_path, HEADER, *ROWS, '"3,1,1,1,,0'))


def test_a_pipe_that_nobody_writes_to_is_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert complaint(tmp_path / "pipe") == ": it is a pipe: give a trace as a file, plain or gzip"


@pytest.mark.parametrize("device", ["/dev/zero", "/dev/null", "/dev/random"])
def test_a_device_is_refused(device: str) -> None:
    assert complaint(Path(device)) == ": it is a device: give a trace as a file, plain or gzip"


def test_a_link_that_leads_to_itself_and_a_name_that_is_none_are_refused(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert "give a trace file that can be read" in complaint(tmp_path / "loop")
    with pytest.raises(InputError, match="give the name of a trace file"):
        read_trace(tmp_path / "a\0b")


def test_anything_behind_packed_data_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv.gz"
    packed = gzip.compress("\n".join([HEADER, *ROWS]).encode())
    path.write_bytes(packed + b"garbage")
    assert ": broken gzip data" in complaint(path)
    path.write_bytes(packed + bytes(512))
    assert len(read_trace(path)) == 4


def test_lines_that_end_in_a_lone_carriage_return_are_read(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes("\r".join([HEADER, *ROWS]).encode())
    assert len(read_trace(path)) == 4


def test_a_line_is_counted_as_an_editor_counts_it_and_the_first_fault_is_told(tmp_path: Path) -> None:
    assert complaint(written(tmp_path, HEADER, *ROWS, "x,1,1,1,,0", '3,1,1,1,,"0')).startswith(", line 6: t is 'x'")
    path = written(tmp_path, HEADER, "9,1,1,1,,0")
    path.write_bytes(path.read_bytes() + b"8,1,1,1,,0\n\xff\n")
    assert complaint(path).startswith(", line 3: t is 8")
    path.write_bytes(f"{HEADER}\n1,1,1,1,,0\n".encode() + b"2,1,1,\xff,,0\n")
    assert complaint(path) == ", line 3: not UTF-8 text: give CSV, plain or gzip"


def test_a_field_that_goes_over_a_line_is_refused_where_it_begins(tmp_path: Path) -> None:
    told = complaint(written(tmp_path, f"{HEADER},note", '0,1,1,1,,0,"two', 'lines"', "1,1,1,1,,0,x"))
    assert told == ", line 2: no CSV (unexpected end of data): give CSV, plain or gzip, each message in a line of its own"


def test_a_file_that_changes_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, *ROWS)

    def read_and_append() -> None:
        with trace_file.opened(path) as raw, path.open("a") as other:
            raw.read()
            other.write("3,1,1,1,,0\n")
            other.flush()

    with pytest.raises(InputError, match="it changed while it was read"):
        read_and_append()


@pytest.mark.parametrize("content", [b"\0", b"x", b"1,", b'"', b"\xc3"])
def test_a_packed_file_that_never_ends_is_refused_with_little_memory(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bomb.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(64):
            file.write(content * (1 << 20))
    tracemalloc.start()
    try:
        assert ", line 1: " in complaint(path)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_a_file_of_more_rows_than_can_be_held_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trace_module, "ROWS_MAX", 3)
    assert complaint(written(tmp_path, HEADER, *ROWS)) == ", line 5: more than 3 rows: give a part of the trace"


@pytest.fixture
def unreadable(tmp_path: Path) -> Iterator[Path]:
    path = written(tmp_path, HEADER, *ROWS)
    path.chmod(0)
    yield path
    path.chmod(0o600)


def test_a_file_without_permission_is_refused(unreadable: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root may read every file; see tests/command/test_permissions.py")
    assert complaint(unreadable) == ": Permission denied: give a trace file that can be read"
