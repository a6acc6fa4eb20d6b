"""Reading traces, and what is said about broken ones."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from workloads import trace_file
from workloads.errors import InputError
from workloads.trace import Window, read_trace

HEADER = "t,ch,u,bytes,reply_to,bot"
ROWS = ["0.5,3,7,10,,0", "1,3,8,0,0,0", "1,4,7,250,,1", "2.25,3,7,11,1,0"]


def written(tmp_path: Path, *lines: str, name: str = "trace.csv") -> Path:
    path = tmp_path / name
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def complaint(path: Path, window: Window | None = None) -> str:
    with pytest.raises(InputError) as told:
        read_trace(path, window)
    assert "\n" not in str(told.value)
    assert str(told.value).startswith(str(path))
    return str(told.value).removeprefix(str(path))


def test_a_trace_is_read_into_columns(tmp_path: Path) -> None:
    trace = read_trace(written(tmp_path, HEADER, *ROWS))
    assert len(trace) == 4
    assert trace.name == "trace.csv"
    assert trace.t_s.tolist() == [0.5, 1.0, 1.0, 2.25]
    assert trace.ch.tolist() == [3, 3, 4, 3]
    assert trace.u.tolist() == [7, 8, 7, 7]
    assert trace.text_bytes.tolist() == [10, 0, 250, 11]
    assert trace.reply_to.tolist() == [-1, 0, -1, 1]
    assert trace.bot.tolist() == [False, False, True, False]


def test_columns_may_come_in_any_order_with_others_between_and_quotes_around(tmp_path: Path) -> None:
    path = written(tmp_path, "bot,note,reply_to,bytes,u,ch,annotated,t", '1,"said, so",,5,6,7,1,"8.5"')
    trace = read_trace(path)
    assert (trace.t_s[0], trace.ch[0], trace.u[0], trace.text_bytes[0], trace.bot[0]) == (8.5, 7, 6, 5, True)


def test_rows_may_say_whether_their_antecedent_is_known(tmp_path: Path) -> None:
    lines = [f"{row},{place % 2}" for place, row in enumerate(ROWS)]
    trace = read_trace(written(tmp_path, f"{HEADER},annotated", *lines), Window(1.0, 2.0))
    assert trace.annotated is not None
    assert trace.annotated.tolist() == [True, False, True]
    assert read_trace(written(tmp_path, HEADER, *ROWS)).annotated is None


def test_what_is_neither_annotated_nor_not_is_refused_by_line(tmp_path: Path) -> None:
    path = written(tmp_path, f"{HEADER},annotated", f"{ROWS[0]},1", f"{ROWS[1]},yes")
    assert complaint(path) == ", line 3: annotated is 'yes': give 0 or 1"
    assert "annotated is there twice" in complaint(written(tmp_path, f"{HEADER},annotated,annotated", f"{ROWS[0]},1,1"))


def test_gzip_is_known_by_its_content_and_not_by_its_name(tmp_path: Path) -> None:
    plain = written(tmp_path, HEADER, *ROWS, name="plain.csv.gz")
    packed = tmp_path / "packed.csv"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_trace(plain).t_s.tolist() == read_trace(packed).t_s.tolist()


def test_line_ends_of_other_systems_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "trace.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "\r\n".join([HEADER, *ROWS]).encode())
    assert len(read_trace(path)) == 4


def test_a_window_keeps_its_rows_and_counts_replies_to_rows_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, *ROWS, "3,3,7,1,3,0", "4,3,7,1,,0")
    trace = read_trace(path, Window(1.0, 2.5))
    assert trace.first_row == 1
    assert trace.t_s.tolist() == [1.0, 1.0, 2.25, 3.0]
    assert trace.reply_to.tolist() == [-1, -1, 0, 2]
    assert trace.replies_before_window == 1


def test_a_window_begins_with_its_first_second_and_ends_before_its_last(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, *ROWS)
    assert read_trace(path, Window(0.5, 0.5)).t_s.tolist() == [0.5]
    assert read_trace(path, Window(1.0, 1.25)).t_s.tolist() == [1.0, 1.0]


def test_rows_and_replies_are_numbered_across_the_parts_that_a_file_is_read_in(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, HEADER, *[f"{row},1,2,3,{row - 1 if row else ''},0" for row in range(10)])
    whole = read_trace(path, Window(3, 6))
    for chunk_rows in (1, 2, 3, 7):
        monkeypatch.setattr(trace_file, "PART_LINES", chunk_rows)
        part = read_trace(path, Window(3, 6))
        assert part.first_row == whole.first_row == 3
        assert part.t_s.tolist() == whole.t_s.tolist()
        assert part.reply_to.tolist() == whole.reply_to.tolist() == [-1, 0, 1, 2, 3, 4]
        broken = written(tmp_path, *path.read_text().splitlines()[:8], "2,1,2,3,,0", name="broken.csv")
        assert complaint(broken) == ", line 9: t is 2, the line before has 6: sort the rows by t"


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("nan,1,1,1,,0", "t is 'nan': give a finite number of seconds"),
        ("inf,1,1,1,,0", "t is 'inf': give a finite number of seconds"),
        ("-Infinity,1,1,1,,0", "t is '-Infinity': give a finite number of seconds"),
        ("soon,1,1,1,,0", "t is 'soon': give a finite number of seconds"),
        (",1,1,1,,0", "t is '': give a finite number of seconds"),
        ("1_0,1,1,1,,0", "t is '1_0': give a finite number of seconds"),
        ("1e99,1,1,1,,0", "t is 1e99: give seconds from -1400000000 to 7700000000"),
        ("1,1,1,1,,0", "t is 1, the line before has 2.25: sort the rows by t"),
        ("3,-1,1,1,,0", "ch is '-1': give a whole number from 0, of at most 18 digits"),
        ("3,1,-1,1,,0", "u is '-1': give a whole number from 0, of at most 18 digits"),
        ("3,1,1,-1,,0", "bytes is '-1': give a whole number from 0, of at most 18 digits"),
        ("3,1,1,1.5,,0", "bytes is '1.5': give a whole number from 0, of at most 18 digits"),
        ("3,1,9999999999999999999,1,,0", "u is '9999999999999999999': give a whole number from 0, of at most 18 digits"),
        ("3,1,1,99999999,,0", "bytes is 99999999: give at most 16777216"),
        ("3,1,1,1,4,0", "reply_to is 4, this row is 4: give an earlier row, counted from 0, or leave it empty"),
        ("3,1,1,1,9,0", "reply_to is 9, this row is 4: give an earlier row, counted from 0, or leave it empty"),
        ("3,1,1,1,-1,0", "reply_to is '-1': give the row of an earlier message, counted from 0, or leave it empty"),
        ("3,1,1,1,,2", "bot is '2': give 0 or 1"),
        ("3,1,1,1,,", "bot is '': give 0 or 1"),
        ("3,1,1,1,,yes", "bot is 'yes': give 0 or 1"),
        ("3,1,1,1,", "5 fields, the header has 6: give one field for each column"),
        ("3,1,1,1,,0,9", "7 fields, the header has 6: give one field for each column"),
        ("", "0 fields, the header has 6: give one field for each column"),
        ("3,1,1,1,3,0", "reply_to is 3, a row of ch 3, this one is of ch 1: give a row of the same ch, or leave it empty"),
        ("3,1,1,\u0663,,0", "bytes is '\u0663': give a whole number from 0, of at most 18 digits"),
        (f"3,1,1,{'9' * 5000},,0", f"bytes is '{'9' * 40}...': give a whole number from 0, of at most 18 digits"),
        (f"{'9' * 5000},1,1,1,,0", f"t is '{'9' * 40}...': give a finite number of seconds"),
        ("3,1,\0,1,,0", "binary data: give CSV, plain or gzip"),
        ('3,1,1,1,,"0', "no CSV (unexpected end of data): give CSV, plain or gzip, each message in a line of its own"),
        ('3,1,1,1,,"0\n"', "no CSV (unexpected end of data): give CSV, plain or gzip, each message in a line of its own"),
        (f"3,1,1,1,,{'0' * 20_000}", "longer than 10000 characters: give one message a line, its length and not its text"),
    ],
)
def test_a_row_that_is_wrong_is_refused_by_line(tmp_path: Path, row: str, told: str) -> None:
    for rows_behind in ([], ["9,1,1,1,,0"], ["9,1,1,1,,0", "bad,bad,bad,bad,bad,bad"]):
        path = written(tmp_path, HEADER, *ROWS, row, *rows_behind)
        assert complaint(path) == f", line 6: {told}"


def test_a_wrong_row_outside_of_the_window_is_refused_too(tmp_path: Path) -> None:
    path = written(tmp_path, HEADER, *ROWS, "9,1,1,1,,5")
    assert ", line 6: bot is '5'" in complaint(path, Window(0, 2))


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("t,ch,u,bytes,bot", "no column reply_to: the header must name t, ch, u, bytes, reply_to, bot"),
        ("0.5,3,7,10,,0", "no column t, ch, u, bytes, reply_to, bot: the header must name t, ch, u, bytes, reply_to, bot"),
        (f"{HEADER},t", "column t is there twice: keep one"),
        ("\0\1\2", "binary data: give CSV, plain or gzip"),
    ],
)
def test_a_header_without_every_column_once_is_refused(tmp_path: Path, header: str, told: str) -> None:
    assert complaint(written(tmp_path, header, *ROWS)) == f", line 1: {told}"


def test_an_empty_file_and_one_of_a_header_alone_are_refused(tmp_path: Path) -> None:
    empty = tmp_path / "empty.csv"
    empty.touch()
    assert complaint(empty) == ", line 1: the file is empty: give CSV with the columns t, ch, u, bytes, reply_to, bot"
    packed = tmp_path / "empty.csv.gz"
    packed.write_bytes(gzip.compress(b""))
    assert ", line 1: the file is empty" in complaint(packed)
    assert complaint(written(tmp_path, HEADER)) == ", line 1: no row follows the header: give a trace with messages"


def test_a_window_without_rows_is_refused_with_the_span_of_the_file(tmp_path: Path) -> None:
    told = complaint(written(tmp_path, HEADER, *ROWS), Window(100, 50))
    assert told == ": window 100:50 holds no row: t runs from 0.5 to 2.25"


@pytest.mark.parametrize(
    ("text", "window"),
    [("22848433:1200", Window(22_848_433, 1_200)), ("0.5:1e3", Window(0.5, 1000)), ("-5:10", Window(-5, 10))],
)
def test_a_window_is_start_and_length_in_seconds(text: str, window: Window) -> None:
    assert Window.parse(text) == window
    assert Window.parse(str(window)) == window


@pytest.mark.parametrize("text", ["", "5", ":", "1:", ":1", "1:0", "1:-2", "nan:1", "1:inf", "a:b", "1:2:3", "1-2"])
def test_any_other_window_is_refused_in_one_line_that_repeats_it(text: str) -> None:
    with pytest.raises(InputError) as told:
        Window.parse(text)
    assert str(told.value).startswith(f"window {text!r}: give ")


def test_the_shared_traces_have_the_rows_that_their_readme_tells(traces: Path) -> None:
    gitter = read_trace(traces / "gitter_fcc_2016.csv.gz")
    assert (len(gitter), len(set(gitter.ch.tolist())), len(set(gitter.u.tolist()))) == (132_568, 520, 4_658)
    irc = read_trace(traces / "irc_ubuntu_train.csv.gz")
    assert (len(irc), len(set(irc.ch.tolist())), len(set(irc.u.tolist()))) == (196_146, 153, 15_521)


@pytest.mark.parametrize(("window", "rows"), [("22848541:3600", 529), ("5492963:604800", 7_200), ("9146387:2592000", 23_865)])
def test_windows_of_the_gitter_trace_have_the_rows_that_its_readme_tells(traces: Path, window: str, rows: int) -> None:
    assert len(read_trace(traces / "gitter_fcc_2016.csv.gz", Window.parse(window))) == rows
