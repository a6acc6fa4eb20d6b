"""Histories in the form that other checkers read."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.drive.drivers import Told
from bench.history.__main__ import main
from bench.history.edn import edn, written
from bench.history.entry import Attempt, Entry, FaultEntry, History, Phase, Transaction, Truth
from bench.history.event import Invoked, completed
from bench.history.journal import Journal

SENT = Entry(0, "send", "a", "c1", None, 5, 9, Told.OK, Truth.COMMITTED, attempts=(Attempt(1, "m1", Told.OK, Phase.ENDED),))
LOST = Entry(
    0,
    "add_agent",
    "b",
    None,
    "agent",
    10,
    20,
    Told.INFO,
    Truth.UNKNOWN,
    partial=True,
    attempts=(Attempt(1, "m2", Told.INFO, Phase.COMMIT, "57P01", "FATAL", 77, (Transaction(1, Truth.UNKNOWN, 42),)),),
)
AFTER = Entry(0, "send", "d", "c1", None, 30, None, Told.INFO)


def test_each_operation_has_a_line_for_its_beginning_and_one_for_its_end() -> None:
    begun, ended = edn(History((SENT,)))
    value = '{:key "a", :messages ["m1"], :channel "c1", :agent nil}'
    assert begun == f"{{:index 0, :time 5, :type :invoke, :process 0, :f :send, :value {value}}}"
    assert ended == (
        f"{{:index 1, :time 9, :type :ok, :process 0, :f :send, :value {value},"
        " :truth :committed, :partial false, :sqlstate nil, :phase :ended, :xids [], :backend nil}"
    )


def test_an_unknown_end_tells_all_that_is_known_of_it() -> None:
    ended = list(edn(History((LOST,))))[1]
    assert ":type :info" in ended
    assert ":f :add-agent" in ended
    assert ':truth :unknown, :partial true, :sqlstate "57P01", :phase :commit, :xids [42], :backend 77' in ended


def test_a_process_is_never_used_again_after_an_unknown_end() -> None:
    lines = list(edn(History((SENT, LOST, AFTER))))
    assert [line.split(":process ")[1].split(",")[0] for line in lines] == ["0", "0", "0", "0", "1"]


def test_an_operation_without_an_end_has_no_second_line() -> None:
    assert len(list(edn(History((AFTER,))))) == 1


def test_faults_are_operations_of_the_nemesis() -> None:
    lines = list(edn(History((SENT,), (FaultEntry(6, 'kill "9"', True, 8, 0),))))
    assert [line.split(":type ")[1].split(",")[0] for line in lines] == [":invoke", ":info", ":info", ":ok"]
    assert ':process :nemesis, :f "kill \\"9\\"", :target 0, :happened true, :value :start' in lines[1]
    assert ":value :stop" in lines[2]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nil"),
        (True, "true"),
        (3, "3"),
        (2**63 - 1, "9223372036854775807"),
        (2**64 - 1, "18446744073709551615N"),
        ('a"b\\c', '"a\\"b\\\\c"'),
        ("line\nend\x1b", '"line\\u000aend\\u001b"'),
        ("\u202e", '"\\u202e"'),
        ("\U000e0001", '"\\udb40\\udc01"'),
        ("grün 🙂", '"grün 🙂"'),
        ((1, ("x",)), '[1 ["x"]]'),
        ({"a": {"b": None}}, "{:a {:b nil}}"),
    ],
)
def test_how_a_value_is_written(value: object, text: str) -> None:
    assert written(value) == text  # type: ignore[arg-type]  # every shape that a value may have


def test_the_journals_of_a_run_are_printed_as_one_history(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = []
    for process in (1, 2):
        paths.append(tmp_path / f"history-{process}.jsonl")
        with Journal.opened(paths[-1]) as journal:
            begun = Invoked(at_ns=10 * process, process=process, f="send", key=f"key-{process}")
            journal.append(begun, completed(Told.OK, 30, begun.key))
    paths[0].write_bytes(paths[0].read_bytes() + b'{"type"')
    assert main([str(path) for path in paths]) == 0
    printed = capsys.readouterr()
    assert [line.split(":type ")[1].split(",")[0] for line in printed.out.splitlines()] == [":invoke", ":invoke", ":ok", ":ok"]
    assert printed.err == "7 bytes behind the last whole line were left out: their writer died\n"


def test_no_journal_and_a_wrong_one_are_told_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    (tmp_path / "wrong").write_text("hello\n")
    assert main([str(tmp_path / "wrong")]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert len(printed.err.splitlines()) == 2
