"""JSON lines of any shape become a trace."""

from __future__ import annotations

import json

import pytest

from tests.workloads.importing.sources import CHAT, csv_import, jsonl_import
from workloads.importing.jsonl_source import path_of
from workloads.importing.shape import digest
from workloads.trace_file import Problem

NESTED = {
    "t": "at",
    "channel": "where.room",
    "user": "who.0.id",
    "text": "body.text",
    "bot": "who.0.bot",
    "id": "id",
    "reply_to": "up",
}


def message(at: object = 1_512_085_950, **changed: object) -> dict[str, object]:
    whole: dict[str, object] = {"at": at, "where": {"room": "a"}, "who": [{"id": 7, "bot": False}], "body": {"text": "hi"}}
    return whole | changed


def lines(*rows: object) -> str:
    return "".join(f"{json.dumps(row)}\n" for row in rows)


def test_nested_fields_are_found_by_their_paths() -> None:
    trace = jsonl_import(lines(message(id=1), message(1_512_085_951.5, id=2, up=1, who=[{"id": "x", "bot": True}])), NESTED).trace
    assert (trace.t_s - trace.t_s[0]).tolist() == [0, 1.5]
    assert trace.reply_to.tolist() == [-1, 0]
    assert trace.bot.tolist() == [False, True]
    assert trace.u[0] != trace.u[1]
    assert trace.text_bytes.tolist() == [2, 2]


def test_a_number_and_the_same_digits_as_text_are_one_name() -> None:
    assert len(set(jsonl_import(lines(message(), message(who=[{"id": "7"}])), NESTED).trace.u)) == 1


def test_the_same_chat_as_csv_and_as_json_lines_has_one_shape() -> None:
    rows = [
        [1_512_085_950 + n, f"room {n % 3}", f"user {n % 7}", "x" * n, n, n - 3 if n > 3 else "", n % 5 == 0] for n in range(50)
    ]
    names = ["time", "room", "author", "text", "id", "parent", "bot"]
    csv = ",".join(names) + "\n" + "".join(",".join(map(str, row)) + "\n" for row in rows)
    json_lines = lines(*(dict(zip(names, row, strict=True)) for row in rows))
    assert digest(csv_import(csv, CHAT).trace) == digest(jsonl_import(json_lines, CHAT).trace)


def test_half_of_a_surrogate_pair_counts_three_bytes_and_makes_a_name() -> None:
    trace = jsonl_import(
        '{"at": 1, "where": {"room": "\\ud800"}, "who": [{"id": "\\udfff"}], "body": {"text": "\\ud800x"}}\n', NESTED
    ).trace
    assert trace.text_bytes.tolist() == [4]


def test_a_text_that_is_null_has_no_bytes_and_one_that_is_absent_is_a_wrong_row() -> None:
    imported = jsonl_import(lines(message(body={"text": None}), message(body={})), NESTED)
    assert imported.trace.text_bytes.tolist() == [0]
    assert imported.rejected == {"no text": 1}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "no JSON"),
        ("{'at': 1}", "no JSON"),
        ("[" * 100_000, "no JSON"),
        ('{"at": ' + "9" * 5_000 + "}", "no JSON"),
        ("7", "no t"),
        ("null", "no t"),
        ('"text"', "no t"),
        ("[]", "no t"),
        (json.dumps(message(None)), "no t"),
        (json.dumps(message([1])), "t is no text or number"),
        (json.dumps(message(True)), "t is no text or number"),
        (json.dumps(message(float("nan"))), "the time is no number"),
        (json.dumps(message(where={"room": {}})), "channel is no text or number"),
        (json.dumps(message(where=None)), "no channel"),
        (json.dumps(message(where={"room": ""})), "no channel"),
        (json.dumps(message(who=[])), "no user"),
        (json.dumps(message(body={"text": 5})), "text is no text or number"),
        (json.dumps(message(who=[{"id": 1, "bot": "robot"}])), "the bot flag is none of 0, 1, false, true, no, yes"),
    ],
)
def test_a_bad_line_is_rejected_by_its_number(line: str, reason: str) -> None:
    imported = jsonl_import(f"{line}\n \n{lines(message())}", NESTED)
    assert imported.first == [f"line 1 rejected: {reason}"]
    assert len(imported.trace) == 1


def test_a_byte_that_is_no_utf8_and_a_line_of_many_megabytes_reject_their_lines_alone() -> None:
    good = lines(message()).encode()
    imported = jsonl_import(b'"\xff"\n' + good + b'"' + b"x" * 9_000_000 + b'"\n' + good, NESTED)
    assert imported.first == ["line 1 rejected: not UTF-8", "line 3 rejected: a line of more than 4194304 bytes"]
    assert len(imported.trace) == 2


def test_a_file_of_our_own_format_needs_no_map() -> None:
    rows = [
        {"t": n / 4, "ch": n % 2, "u": n % 3, "bytes": n, "reply_to": n - 2 if n > 4 else None, "bot": n == 3} for n in range(9)
    ]
    trace = jsonl_import(lines(*rows)).trace
    assert trace.t_s.tolist() == [n / 4 for n in range(9)]
    assert trace.reply_to.tolist() == [-1, -1, -1, -1, -1, 3, 4, 5, 6]
    assert trace.bot.tolist() == [n == 3 for n in range(9)]


@pytest.mark.parametrize(
    ("dotted", "keys"),
    [("a", ["a"]), ("a.b.0", ["a", "b", "0"]), (r"a\.b.c", ["a.b", "c"]), (r"a\\.b", ["a\\", "b"]), (".", ["."])],
)
def test_a_path_is_keys_with_dots_between(dotted: str, keys: list[str]) -> None:
    assert path_of(dotted) == keys


def test_a_file_that_breaks_off_is_refused() -> None:
    with pytest.raises(Problem, match="UTF-16"):
        jsonl_import("{}".encode("utf-16"), NESTED)
