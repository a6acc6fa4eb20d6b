"""A journal on disk, torn and damaged, and the history that is made of it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from bench.drive.drivers import Told
from bench.errors import UserError
from bench.history import journal as journals
from bench.history.assemble import assemble
from bench.history.entry import Entry, History, Phase, Transaction, Truth
from bench.history.event import Answered, Attempted, Broken, Event, Identified, Invoked, Resolved, completed
from bench.history.journal import Journal, Lines, merged, read

BEGUN = Invoked(at_ns=10, process=1, f="send", key="a", channel="c", planned=2)
FIRST = Attempted(at_ns=11, key="a", number=1, message_id="m1", backend_pid=77)
ANSWERED = Answered(
    at_ns=19,
    key="a",
    number=1,
    told=Told.OK,
    phase=Phase.ENDED,
    transactions=(Transaction(1, Truth.COMMITTED, 5, "COMMIT"), Transaction(2, Truth.COMMITTED, 6, "COMMIT")),
)
ENDED = completed(Told.OK, 20, "a")


def history(*events: Event) -> History:
    return assemble(Lines(events, b""))


def only(*events: Event) -> Entry:
    (entry,) = history(*events).entries
    return entry


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "history.jsonl"


def written(path: Path, *events: Event) -> Lines:
    with Journal.opened(path) as journal:
        journal.append(*events)
    return read(path)


def test_what_is_written_is_read_again(path: Path) -> None:
    events = (
        BEGUN,
        FIRST,
        Identified(key="a", number=1, place=1, xid=5),
        ANSWERED,
        ENDED,
        Broken(at_ns=30, description="x", happened=True),
    )
    assert written(path, *events) == Lines(events, b"")


def test_every_append_is_on_the_disk_before_anything_else(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda descriptor: synced.append(os.fstat(descriptor).st_size))
    with Journal.opened(path) as journal:
        synced.clear()
        journal.append(BEGUN)
        assert synced == [path.stat().st_size]
        journal.append(FIRST, ENDED)
        assert synced[1:] == [path.stat().st_size]


def test_a_journal_that_is_not_durable_waits_for_nothing_until_it_is_synced(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    with Journal.opened(path, durable=False) as journal:
        monkeypatch.setattr(os, "fsync", synced.append)
        journal.append(BEGUN)
        assert synced == []
        journals.sync(path)
        assert len(synced) == 1


def test_a_torn_tail_is_told_apart_and_cut_off_by_whoever_writes_on(path: Path) -> None:
    written(path, BEGUN, FIRST)
    whole = path.read_bytes()
    path.write_bytes(whole + b'{"type":"ok","at_n')
    assert read(path) == Lines((BEGUN, FIRST), b'{"type":"ok","at_n')
    assert assemble(read(path)).torn == b'{"type":"ok","at_n'
    assert written(path, ENDED) == Lines((BEGUN, FIRST, ENDED), b"")


def test_zeros_behind_the_last_line_are_torn_too(path: Path) -> None:
    written(path, BEGUN)
    path.write_bytes(path.read_bytes() + b"\0" * 512)
    assert read(path) == Lines((BEGUN,), b"\0" * 512)


def test_a_journal_cut_anywhere_is_a_history_of_what_came_before(path: Path) -> None:
    written(path, BEGUN, FIRST, ENDED)
    whole = path.read_bytes()
    for length in range(len(whole) + 1):
        path.write_bytes(whole[:length])
        lines = read(path)
        assert lines.events == (BEGUN, FIRST, ENDED)[: whole[:length].count(b"\n")]
        assert len(lines.torn) == length - whole[:length].rfind(b"\n") - 1


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (b"no json", "it is no event of a history"),
        (b'{"type":"bogus"}', "bogus"),
        (b'{"type":"invoke","at_ns":1,"process":1,"f":"send","key":"a","more":1}', "invoke.more"),
        (b'{"type":"attempt","at_ns":1,"key":"a","number":0}', "attempt.number"),
        (b"", "it is no event of a history"),
        (b"\x1b[31m", "it is no event of a history"),
    ],
)
def test_a_damaged_line_is_refused_by_its_number(path: Path, line: bytes, problem: str) -> None:
    written(path, BEGUN)
    path.write_bytes(path.read_bytes() + line + b"\n" + path.read_bytes())
    with pytest.raises(UserError, match=r"history.jsonl, line 2: ") as caught:
        read(path)
    assert problem in str(caught.value)
    assert "\x1b" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_told_in_one_line(path: Path) -> None:
    with pytest.raises(UserError, match="the history cannot be read"):
        read(path)


def test_a_place_where_nothing_can_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no history can be written there"), Journal.opened(tmp_path / "no" / "history"):
        pass


def test_one_process_writes_a_journal_at_a_time(path: Path) -> None:
    with Journal.opened(path), pytest.raises(UserError, match="another process writes this history"), Journal.opened(path):
        pass


def test_journals_of_several_processes_are_merged_by_time() -> None:
    other = Invoked(at_ns=15, process=2, f="send", key="b")
    identified = Identified(key="a", number=1, place=1, xid=5)
    one, two = Lines((BEGUN, FIRST, identified, ENDED), b""), Lines((other, completed(Told.FAIL, 16, "b")), b"torn")
    together = merged([one, two])
    assert together.events == (BEGUN, FIRST, identified, other, two.events[1], ENDED)
    assert together.torn == b"torn"


def test_an_operation_is_put_together_from_its_lines() -> None:
    entry = only(BEGUN, FIRST, ANSWERED, ENDED)
    assert (entry.told, entry.truth, entry.invoked_ns, entry.completed_ns) == (Told.OK, Truth.COMMITTED, 10, 20)
    assert entry.message_ids == ("m1",)
    assert entry.last is not None
    assert [item.xid for item in entry.last.transactions] == [5, 6]


def test_an_operation_whose_process_died_tells_nobody_and_its_truth_is_unknown() -> None:
    entry = only(BEGUN, FIRST)
    assert (entry.told, entry.completed_ns, entry.truth) == (Told.INFO, None, Truth.UNKNOWN)


def test_a_word_of_the_resolver_changes_the_truth_and_never_what_was_told() -> None:
    identified = FIRST.model_copy(update={"identified": True})
    xid = Identified(key="a", number=1, place=1, xid=5)
    entry = only(BEGUN, identified, xid, Resolved(key="a", number=1, place=1, truth=Truth.COMMITTED))
    assert (entry.told, entry.truth) == (Told.INFO, Truth.PARTIAL)


def test_an_operation_that_nobody_rehearsed_has_no_known_truth() -> None:
    assert only(BEGUN.model_copy(update={"planned": None}), FIRST, ANSWERED, ENDED).truth is Truth.UNKNOWN


def test_each_attempt_has_its_message_id() -> None:
    entry = only(BEGUN, FIRST, FIRST.model_copy(update={"number": 2, "message_id": "m2"}), ENDED)
    assert entry.message_ids == ("m1", "m2")


def test_faults_stand_in_their_order() -> None:
    late, early = (Broken(at_ns=at_ns, description="kill", happened=True) for at_ns in (9, 3))
    assert [fault.at_ns for fault in history(late, early).faults] == [3, 9]


@pytest.mark.parametrize(
    ("events", "problem"),
    [
        ((BEGUN, BEGUN), "'a' is invoked twice"),
        ((ENDED,), "'a' has a line 'ok' and was never invoked"),
        ((BEGUN, ENDED, ENDED), "'a' ends twice"),
        ((BEGUN, completed(Told.OK, 9, "a")), "'a' ends before it was invoked"),
        ((BEGUN, FIRST, FIRST), "'a' has attempt 1 twice"),
        ((BEGUN, ANSWERED), "attempt 1, which was never begun"),
        ((BEGUN, Invoked(at_ns=12, process=1, f="send", key="b")), "'b' is invoked by process 1 while that is still at 'a'"),
        ((Invoked(at_ns=1, process=1, f="send", key="\x1b"), ENDED), "'a' has a line 'ok' and was never invoked"),
    ],
)
def test_lines_that_contradict_one_another_are_refused(events: tuple[Event, ...], problem: str) -> None:
    with pytest.raises(UserError) as caught:
        history(*events)
    assert problem in str(caught.value)
