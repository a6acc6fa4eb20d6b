"""CSV of any shape becomes a trace; what cannot be read is rejected by its line."""

from __future__ import annotations

import pytest

from tests.workloads.importing.sources import CHAT, csv_import
from workloads.errors import InputError
from workloads.importing.csv_source import BROKEN, LONG
from workloads.importing.finishing import NOT_EARLIER, TWICE, UNKNOWN
from workloads.importing.shape import digest
from workloads.trace_file import Problem

HEADER = "time,room,author,text,id,parent,bot\n"
# 2017-11-30 was a Thursday: 3 days behind the origin.
THURSDAY_S = 3 * 86_400
ROWS = (
    "2017-11-30T10:00:00Z,lobby,ann,hello,1,,0\n"
    "2017-11-30T10:00:05Z,lobby,bob,h\u00e9llo,2,1,0\n"
    "2017-11-30T10:00:05Z,dev,ann,,3,,no\n"
    "2017-11-30T10:00:09Z,lobby,helper,done,4,2,true\n"
)


def test_rows_become_columns_without_a_name() -> None:
    trace = csv_import(HEADER + ROWS, CHAT).trace
    assert (trace.t_s - THURSDAY_S).tolist() == [36_000, 36_005, 36_005, 36_009]
    lobby, dev = trace.ch[0], trace.ch[2]
    assert trace.ch.tolist() == [lobby, lobby, dev, lobby]
    assert sorted({int(lobby), int(dev)}) == [0, 1]
    assert trace.u[0] == trace.u[2]
    assert sorted({int(user) for user in trace.u}) == [0, 1, 2]
    assert trace.text_bytes.tolist() == [5, 6, 0, 4]
    assert trace.reply_to.tolist() == [-1, 0, -1, 1]
    assert trace.bot.tolist() == [False, False, False, True]
    assert trace.annotated is not None
    assert trace.annotated.all()


def test_rows_of_any_order_are_sorted_by_time_and_ties_keep_theirs() -> None:
    lines = ROWS.splitlines(keepends=True)
    forward = csv_import(HEADER + ROWS, CHAT).trace
    moved = csv_import(HEADER + "".join([lines[1], lines[2], lines[0], lines[3]]), CHAT).trace
    assert digest(forward) == digest(moved)
    swapped = csv_import(HEADER + "".join([lines[2], lines[1], lines[0], lines[3]]), CHAT).trace
    assert swapped.text_bytes.tolist() == [5, 0, 6, 4]


def test_ties_of_a_source_with_the_newest_first_are_reversed_so_that_links_stay() -> None:
    rows = [f"{1_512_085_950 + n // 3},a,b,{'x' * n},{n},{n - 1 if n else ''},0\n" for n in range(30)]
    forward, backward = (csv_import(HEADER + "".join(ordered), CHAT) for ordered in (rows, rows[::-1]))
    assert forward.trace.reply_to.tolist() == list(range(-1, 29))
    assert digest(forward.trace) == digest(backward.trace)
    assert not backward.finished.links_lost


def test_another_key_numbers_otherwise_and_leaves_the_shape() -> None:
    rows = "".join(f"{n},room {n % 17},user {n % 29},text {n},{n},,0\n" for n in range(200))
    one, other = (csv_import(HEADER + rows, CHAT, key=bytes([n]) * 32).trace for n in (1, 2))
    assert one.ch.tolist() != other.ch.tolist()
    assert digest(one) == digest(other)
    assert one.u[:29].tolist() != list(range(29))


def test_a_text_with_line_ends_quotes_nul_and_commas_is_one_row() -> None:
    imported = csv_import(HEADER + '1512085950,a,b,"one\r\ntwo, ""three""\n\0",9,,0\n1512085951,a,b,x,10,,0\n', CHAT)
    assert imported.trace.text_bytes.tolist() == [19, 1]
    assert not imported.rejected


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("yesterday,a,b,x,7,,0", "the time is neither a number nor ISO 8601"),
        ("2017-11-30T10:00:00,a,b,x,7,,0", "the time names no zone: say which it is with --zone"),
        ("2117-11-30T10:00:00Z,a,b,x,7,,0", "the time is not within 1980 to 2100"),
        ("2017-11-30T10:00:00Z,,b,x,7,,0", "no channel"),
        ("2017-11-30T10:00:00Z,a,,x,7,,0", "no user"),
        ("2017-11-30T10:00:00Z,a,b,x,7,,maybe", "the bot flag is none of 0, 1, false, true, no, yes"),
        ("2017-11-30T10:00:00Z,a,b,x,7,,0,more", "another number of fields than the header has"),
        ("2017-11-30T10:00:00Z,a,b,x", "another number of fields than the header has"),
        ("2017-11-30T10:00:00Z,lobby,b,x,1,,0", TWICE),
        ('2017-11-30T10:00:00Z,a,b,"x"y,7,,0', BROKEN),
        (f"2017-11-30T10:00:00Z,a,b,{'x' * 140_000},7,,0", LONG),
        (f'2017-11-30T10:00:00Z,a,b,"{"x" * 140_000}",7,,0', LONG),
    ],
)
def test_a_bad_row_is_rejected_by_its_line_and_the_others_stay(row: str, reason: str) -> None:
    lines = ROWS.splitlines(keepends=True)
    imported = csv_import(HEADER + "".join([*lines[:3], row, "\n", lines[3]]), CHAT)
    assert imported.rejected == {reason: 1}
    assert imported.first == [f"line 5 rejected: {reason}"]
    assert digest(imported.trace) == digest(csv_import(HEADER + ROWS, CHAT).trace)


def test_the_line_of_a_bad_row_behind_texts_of_several_lines_is_its_own() -> None:
    imported = csv_import(HEADER + '1512085950,a,b,"1\n2\n3",,,0\n\n1512085950,a,,x,,,0\n', CHAT)
    assert imported.first == ["line 6 rejected: no user"]


def test_a_byte_that_is_no_utf8_rejects_its_row() -> None:
    imported = csv_import((HEADER + ROWS).encode() + b"2017-11-30T10:01Z,a,b,\xff,8,,0\n2017-11-30T10:01Z,a,b,x,9,,0\n", CHAT)
    assert imported.first == ["line 6 rejected: not UTF-8"]
    assert len(imported.trace) == 5


def test_all_lines_that_an_open_quote_swallows_are_counted() -> None:
    imported = csv_import(HEADER + ROWS + '2017-11-30T10:01Z,a,b,"open,8,,0\n' + "1512085950,a,b,x,,,0\n" * 20, CHAT)
    assert imported.rejected == {BROKEN: 21}
    assert len(imported.trace) == 4


PASTED = "1512085950,phantom room,phantom user,phantom,{},,0\n"


@pytest.mark.parametrize("pasted", [3_000, 100_000])
@pytest.mark.parametrize(
    "line", ["", "x" * 140_000, "x" * 5_000_000, 'say ""hi"", ' * 400_000 + '""'], ids=["", "140k", "5M", "quotes"]
)
def test_what_is_pasted_behind_a_field_that_is_too_long_does_not_become_rows(pasted: int, line: str) -> None:
    text = line + "\n" + "".join(PASTED.format(n) for n in range(pasted)) + 'she said ""yes"",\n'
    imported = csv_import(HEADER + ROWS + f'1512085950,a,b,"{text}",8,,0\n2017-11-30T10:01Z,a,b,x,9,,0\n', CHAT)
    assert sum(imported.rejected.values()) == 1
    assert imported.first[0].startswith("line 6 rejected: a ")
    assert len(imported.trace) == 5


def test_a_line_that_is_too_long_within_a_quoted_text_rejects_its_row_alone() -> None:
    long = f'1512085950,a,b,"one\n{"y" * 5_000_000}"" end\n1512085950,a,b,c,d,,0\n",8,,0\n'
    imported = csv_import(HEADER + ROWS + long + "2017-11-30T10:01Z,a,b,x,9,,0\n", CHAT)
    assert imported.rejected == {"a line of more than 4194304 bytes": 1}
    assert len(imported.trace) == 5


def test_times_of_epoch_seconds_stay_dates_behind_a_time_that_was_never_set() -> None:
    for unset in ("0", "-1", "", "12.5"):
        rows = f"{unset},a,b,x,,,0\n" + "".join(f"{1_512_085_950 + n},a,b,x,,,0\n" for n in range(9))
        imported = csv_import(HEADER + rows, CHAT)
        assert imported.first[0].startswith("line 2 rejected: the time is no")
        assert imported.trace.t_s[0] == 4 * 86_400 - 450


def test_a_date_among_times_that_were_found_to_be_relative_is_rejected() -> None:
    imported = csv_import(
        "t,c,u,n\n" + "5,a,b,1\n" * 1_000 + "200000000,a,b,1\n1512085950,a,b,1\n",
        {"t": "t", "channel": "c", "user": "u", "bytes": "n"},
    )
    assert imported.first == ["line 1003 rejected: the time is not relative, as others are: say with --time how times are written"]


def test_what_is_answered_must_be_there_in_the_channel_and_earlier() -> None:
    rows = "9,a,x,t,1,,0\n10,a,x,t,2,nobody,0\n11,b,x,t,3,1,0\n12,a,x,t,4,5,0\n13,a,x,t,5,5,0\n14,a,x,t,6,5,0\n"
    imported = csv_import(HEADER + rows, CHAT)
    assert imported.trace.reply_to.tolist() == [-1, -1, -1, -1, -1, 4]
    assert imported.finished.links_lost == {UNKNOWN: 2, NOT_EARLIER: 2}
    assert imported.trace.annotated is not None
    assert imported.trace.annotated.tolist() == [True, False, False, False, False, True]


def test_the_only_row_of_a_source_may_answer_what_is_not_there() -> None:
    imported = csv_import(HEADER + "9,a,x,t,1,nobody,0\n", CHAT)
    assert imported.trace.reply_to.tolist() == [-1]
    assert imported.finished.links_lost == {UNKNOWN: 1}


def test_rows_may_be_answered_by_their_number_which_counts_rejected_ones_too() -> None:
    columns = {"t": "t", "channel": "c", "user": "u", "bytes": "n", "reply_row": "r"}
    imported = csv_import(
        "t,c,u,n,r\n3,a,x,5,\n2,a,x,5,\n1,a,,5,\n9,a,x,5,0\n9,a,x,5,2\n9,a,x,5,9\n9,b,x,5,1\n9,a,x,5,-1\n", columns
    )
    assert imported.trace.reply_to.tolist() == [-1, -1, 1, -1, -1, -1]
    assert imported.finished.links_lost == {UNKNOWN: 3}
    assert imported.rejected == {"no user": 1, "the row that it answers is no whole number": 1}
    assert imported.trace.annotated is None


@pytest.mark.parametrize("size", ["", "-1", "1.5", "x", "9" * 19, "\u0663"])
def test_a_length_is_a_whole_number(size: str) -> None:
    imported = csv_import(f"t,c,u,n\n1,a,b,5\n1,a,b,{size}\n", {"t": "t", "channel": "c", "user": "u", "bytes": "n"})
    assert imported.rejected == {"the length of its text is no whole number": 1}


def test_a_text_that_no_store_would_take_is_rejected() -> None:
    imported = csv_import("t,c,u,n\n1,a,b,16777216\n1,a,b,16777217\n", {"t": "t", "channel": "c", "user": "u", "bytes": "n"})
    assert imported.rejected == {"a text of more than 16777216 bytes": 1}


def test_times_are_cut_to_the_resolution_and_rows_keep_their_order() -> None:
    imported = csv_import(
        "t,c,u,n\n119,a,b,1\n61,a,b,2\n59,a,b,3\n", {"t": "t", "channel": "c", "user": "u", "bytes": "n"}, resolution_us=60_000_000
    )
    assert imported.trace.t_s.tolist() == [0, 60, 60]
    assert imported.trace.text_bytes.tolist() == [3, 2, 1]


def test_another_delimiter_and_a_byte_order_mark_are_understood() -> None:
    content = b"\xef\xbb\xbf" + (HEADER + ROWS).replace(",", ";").encode()
    assert digest(csv_import(content, CHAT, delimiter=";").trace) == digest(csv_import(HEADER + ROWS, CHAT).trace)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_is_understood(end: str) -> None:
    assert len(csv_import((HEADER + ROWS).replace("\n", end), CHAT).trace) == 4


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "line 1: the file has no header"),
        (b"\n\n", "line 1: the file has no header"),
        (b"time,room,author,text,id,parent\n", "line 1: column 'bot' is not in the header, which has 6 columns"),
        (b"time,room,author,text,id,parent,bot,bot\n", "line 1: column 'bot' is 2 times in the header"),
        ("time,room".encode("utf-16"), "line 1: UTF-16 text: give UTF-8"),
        (b"\xff,room\n", "line 1: the header is not UTF-8"),
        (b'"time"x,room\n', "line 1: the header is no CSV"),
        (b"\x1f\x8bbroken", "after line 0: broken gzip data"),
    ],
)
def test_a_file_that_is_none_is_refused(content: bytes, told: str) -> None:
    with pytest.raises(Problem) as problem:
        csv_import(content, CHAT)
    assert str(problem.value).startswith(told)


def test_a_header_without_rows_is_no_trace() -> None:
    with pytest.raises(InputError, match="no message that can be used"):
        csv_import(HEADER, CHAT)
