"""Lines of a file that may be anything."""

from __future__ import annotations

import gzip
import io

import pytest

from tests.workloads.importing.sources import lines_of
from workloads.importing import lines as module
from workloads.importing.lines import LINE_BYTES_MAX
from workloads.trace_file import Problem


def read(content: bytes) -> list[str]:
    return list(lines_of(content))


@pytest.mark.parametrize("block", [1, 2, 3, 7, 1 << 20])
def test_lines_are_the_same_whatever_the_blocks_are(monkeypatch: pytest.MonkeyPatch, block: int) -> None:
    monkeypatch.setattr(module, "BLOCK_BYTES", block)
    content = "a\r\nb\rc\n\n\u00e9\u2028\x0b\x1c!\n\r\nlast"
    assert read(content.encode()) == ["a\r\n", "b\r", "c\n", "\n", "\u00e9\u2028\x0b\x1c!\n", "\r\n", "last"]
    assert read(gzip.compress(content.encode())) == read(content.encode())


def test_a_line_that_is_too_long_is_cut_and_the_next_ones_keep_their_numbers() -> None:
    lines = lines_of(b"x" * (LINE_BYTES_MAX + 1) + b"\n" + b"y" * (3 * LINE_BYTES_MAX) + b"\r\nz\n")
    seen = []
    for line in lines:
        seen.append((lines.number, len(line), lines.fault is not None))
        lines.fault = None
    assert seen == [(1, LINE_BYTES_MAX + 1, True), (2, LINE_BYTES_MAX + 1, True), (3, 2, False)]


def test_a_file_without_any_line_end_is_never_held_as_a_whole() -> None:
    packed = gzip.compress(b"\0" * 300_000_000, 1)
    lines = lines_of(packed)
    (line,) = list(lines)
    assert len(line) == LINE_BYTES_MAX + 1


def test_what_is_read_is_told_by_the_bytes_of_the_file() -> None:
    packed = gzip.compress(b"a\n" * 100_000, mtime=0)
    lines, heard = lines_of(packed), list[int]()
    lines.heard = heard.append
    assert len(list(lines)) == 100_000
    assert heard == sorted(heard)
    assert heard[-1] == len(packed)


def test_a_packed_file_that_breaks_off_is_refused_behind_its_last_line() -> None:
    packed = gzip.compress(b"".join(b"%d\n" % n for n in range(500_000)), mtime=0)
    with pytest.raises(Problem, match=r"after line \d+: broken gzip data \(EOFError\): copy it again"):
        read(packed[: len(packed) // 2])


def test_nothing_is_read_before_it_is_asked_for() -> None:
    raw = io.BytesIO(b"a\n" * 10_000_000)
    lines = module.Lines(io.BufferedReader(raw))
    assert next(iter(lines)) == "a\n"
    assert raw.tell() < 5_000_000
