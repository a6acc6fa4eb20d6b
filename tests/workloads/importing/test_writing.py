"""The writer of traces."""

from __future__ import annotations

import errno
import gzip
import os
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import numpy as np
import pytest

from workloads.errors import InputError
from workloads.importing import writing
from workloads.importing.columns import TraceColumns
from workloads.importing.shape import digest
from workloads.importing.writing import check_writable, write_trace
from workloads.trace import Trace, read_trace


def made(rows: int = 300, seed: int = 1) -> Trace:
    rng = np.random.default_rng(seed)
    ch = rng.integers(0, 7, rows)
    reply_to = np.full(rows, -1)
    for row in range(rows):
        earlier = np.flatnonzero(ch[:row] == ch[row])
        if len(earlier) and rng.random() < 0.3:
            reply_to[row] = rng.choice(earlier)
    return Trace(
        name="made",
        window=None,
        first_row=0,
        replies_before_window=0,
        t_s=np.sort(rng.integers(-(10**9), 10**13, rows)) / 1e6,
        ch=ch,
        u=rng.integers(0, 40, rows),
        text_bytes=rng.integers(0, 5_000, rows),
        reply_to=reply_to,
        bot=rng.random(rows) < 0.1,
        annotated=rng.random(rows) < 0.9,
    )


@pytest.mark.parametrize("name", ["trace.csv", "trace.csv.gz"])
def test_a_written_trace_is_read_as_it_was(tmp_path: Path, name: str) -> None:
    trace = made()
    write_trace(tmp_path / name, trace)
    again = read_trace(tmp_path / name)
    for column in ("t_s", "ch", "u", "text_bytes", "reply_to", "bot", "annotated"):
        assert np.array_equal(getattr(again, column), getattr(trace, column)), column
    assert digest(again) == digest(trace)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_trace_that_says_nothing_of_annotation_has_no_such_column(tmp_path: Path) -> None:
    trace = replace(made(), annotated=None)
    write_trace(tmp_path / "trace.csv", trace)
    assert (tmp_path / "trace.csv").read_text().splitlines()[0] == "t,ch,u,bytes,reply_to,bot"
    assert read_trace(tmp_path / "trace.csv").annotated is None
    assert digest(trace) != digest(made())


def test_equal_columns_are_equal_bytes_whatever_the_name_and_the_time(tmp_path: Path) -> None:
    write_trace(tmp_path / "one.gz", made())
    write_trace(tmp_path / "two.gz", made())
    os.utime(tmp_path / "one.gz", (1, 1))
    assert (tmp_path / "one.gz").read_bytes() == (tmp_path / "two.gz").read_bytes()
    assert gzip.decompress((tmp_path / "one.gz").read_bytes()).startswith(b"t,ch,u,bytes,reply_to,bot,annotated\n")


def test_times_are_written_to_the_microsecond_without_needless_zeros(tmp_path: Path) -> None:
    trace = replace(made(5), t_s=np.array([-1.5, -0.000001, 0, 2.0000004, 31_622_399.125]), reply_to=np.full(5, -1))
    write_trace(tmp_path / "trace.csv", trace)
    written = [line.partition(",")[0] for line in (tmp_path / "trace.csv").read_text().splitlines()[1:]]
    assert written == ["-1.5", "-0.000001", "0", "2", "31622399.125"]


def test_what_is_there_is_kept_unless_it_may_be_replaced(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_text("mine")
    with pytest.raises(InputError, match="there already: give another name, or --force"):
        write_trace(path, made())
    assert path.read_text() == "mine"
    write_trace(path, made(), replace=True)
    assert len(read_trace(path)) == 300


@pytest.mark.parametrize("place", [".", "..", "folder", "link", "/dev/null"])
def test_only_a_file_is_replaced(tmp_path: Path, place: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "link").symlink_to("folder")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(InputError, match="no file and is not replaced"):
        write_trace(tmp_path / place, made(), replace=True)
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize("place", ["missing/trace.csv", "file/trace.csv", "x" * 300, "a\0b"])
def test_a_place_where_nothing_can_be_written_is_told_in_one_line(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError) as told:
        write_trace(tmp_path / place, made())
    assert "\n" not in str(told.value)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_of_two_imports_to_one_place_at_once_one_is_written_whole_and_the_other_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, write, writing_now = tmp_path / "trace.csv", writing._write, list[int]()

    def meanwhile(file: BinaryIO, columns: TraceColumns, *, packed: bool) -> None:
        writing_now.append(len(columns.t_s))
        if len(writing_now) == 1:
            write_trace(path, made(30, 2))
        write(file, columns, packed=packed)

    monkeypatch.setattr(writing, "_write", meanwhile)
    with pytest.raises(InputError, match="there already"):
        write_trace(path, made())
    assert writing_now == [300, 30]
    assert digest(read_trace(path)) == digest(made(30, 2))
    assert [each.name for each in tmp_path.iterdir()] == ["trace.csv"]


@pytest.mark.parametrize("links", [True, False])
def test_a_file_that_appears_meanwhile_is_not_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, links: bool) -> None:
    path = tmp_path / "trace.csv"

    def check(where: Path, *, replace: bool) -> None:
        check_writable(where, replace=replace)
        if list(tmp_path.iterdir()):
            path.write_text("mine")

    def refused(*_: object) -> None:
        raise PermissionError(errno.EPERM, "no links here")

    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refused)
    write_trace(tmp_path / "other.csv", made())
    (tmp_path / "other.csv").unlink()
    monkeypatch.setattr(writing, "check_writable", check)
    with pytest.raises(InputError, match="there already"):
        write_trace(path, made())
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("trace.csv", "mine")]


def test_what_is_called_as_a_half_written_trace_once_was_is_neither_touched_nor_waited_for(tmp_path: Path) -> None:
    (tmp_path / ".partial-mine.csv").write_text("mine")
    os.mkfifo(tmp_path / ".partial-pipe.csv")
    write_trace(tmp_path / "mine.csv", made())
    write_trace(tmp_path / "pipe.csv", made())
    assert (tmp_path / ".partial-mine.csv").read_text() == "mine"
    assert sorted(each.name for each in tmp_path.iterdir()) == [".partial-mine.csv", ".partial-pipe.csv", "mine.csv", "pipe.csv"]


def test_nothing_half_written_is_left_when_writing_fails(tmp_path: Path) -> None:
    (tmp_path / "trace.csv").write_text("mine")
    with pytest.raises(ValueError, match="zip"):
        write_trace(tmp_path / "trace.csv", replace(made(), u=np.arange(3)), replace=True)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("trace.csv", "mine")]


def test_the_digest_does_not_see_numbers_and_sees_everything_else() -> None:
    trace = made()
    rng = np.random.default_rng(5)
    renumbered = replace(trace, ch=rng.permutation(100)[trace.ch], u=rng.permutation(100)[trace.u])
    assert digest(renumbered) == digest(trace)
    other = trace.bot.copy()
    other[7] = ~other[7]
    moved = trace.t_s.copy()
    moved[-1] += 0.000001
    one_user_two = np.where(np.arange(len(trace)) == 290, 99, trace.u)
    changed = [
        replace(trace, bot=other),
        replace(trace, t_s=moved),
        replace(trace, u=one_user_two),
        replace(trace, ch=trace.u, u=trace.ch),
        replace(trace, text_bytes=trace.text_bytes + 1),
        replace(trace, reply_to=np.full(len(trace), -1)),
        replace(trace, annotated=None),
    ]
    assert len({digest(trace), *map(digest, changed)}) == 8
