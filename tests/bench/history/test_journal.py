"""A journal on disk, torn and damaged, and the history that is made of it."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from bench.drive.drivers import Told
from bench.errors import UserError
from bench.history import journal as journals
from bench.history.assemble import assemble, together
from bench.history.entry import Entry, History, Phase, Transaction, Truth
from bench.history.event import Answered, Attempted, Broken, Event, Identified, Invoked, Resolved, completed
from bench.history.journal import Journal, Lines, read

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
        (b'{"type":"invoke","at_ns":1,"process":1,"f":"a\\n:x","key":"a"}', "invoke.f"),
        (b'{"type":"invoke","at_ns":1,"process":-1,"f":"send","key":"a"}', "invoke.process"),
        (b'{"type":"transaction","key":"a","number":1,"place":1,"xid":18446744073709551616}', "transaction.xid"),
        (b'{"type":"ok","at_ns":1,"key":"\\ud800"}', "it is no event of a history"),
        (b'{"type":"ok","at_ns":1,"key":"\xff"}', "it is no event of a history"),
        (b'{"type":"ok","at_ns":1' + b"0" * 5000 + b',"key":"a"}', "at_ns"),
        (b'{"type":"ok","at_ns":NaN,"key":"a"}', "it is no event of a history"),
        (b"[" * 10_000, "it is no event of a history"),
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


def test_histories_of_one_run_are_one_by_time_and_no_process_of_one_is_a_process_of_the_other() -> None:
    other = Invoked(at_ns=5, process=1, f="send", key="a")
    killed = Broken(at_ns=7, description="SIGKILL", happened=True, process=1)
    one, two = Lines((BEGUN, FIRST, ENDED), b""), Lines((other, killed, Broken(at_ns=6, description="x", happened=True)), b"torn")
    found = together([assemble(one), assemble(two)])
    assert [(entry.process, entry.invoked_ns) for entry in found.entries] == [(3, 5), (1, 10)]
    assert [(fault.process, fault.at_ns) for fault in found.faults] == [(None, 6), (3, 7)]
    assert found.torn == b"torn"
    assert together([]) == History(())


def test_a_disk_that_is_full_leaves_no_half_of_a_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write, left = os.write, [30]

    def filling(descriptor: int, content: bytes) -> int:
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        content, left[0] = content[: left[0]], max(0, left[0] - len(content))
        return write(descriptor, content)

    with Journal.opened(path) as journal:
        journal.append(BEGUN)
        monkeypatch.setattr(os, "write", filling)
        with pytest.raises(UserError, match=r"history.jsonl: the history cannot be written \(No space left on device\): make room"):
            journal.append(FIRST, ENDED)
        monkeypatch.setattr(os, "write", write)
        assert read(path) == Lines((BEGUN,), b"")
        journal.append(FIRST)
    assert read(path) == Lines((BEGUN, FIRST), b"")


def test_what_is_no_plain_file_is_refused_and_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for place in (tmp_path / "pipe", Path("/dev/zero"), tmp_path):
        with pytest.raises(UserError):
            read(place)
    with pytest.raises(UserError, match="it is no plain file"), Journal.opened(tmp_path / "pipe"):
        pass


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
        ((BEGUN, FIRST, ANSWERED, ANSWERED), "'a' is answered twice in attempt 1"),
        ((BEGUN, FIRST, ENDED, FIRST.model_copy(update={"number": 2})), "'a' has attempt 2 after its end"),
        ((BEGUN, FIRST, *[Identified(key="a", number=1, place=1, xid=5)] * 2), "'a' has transaction 1 of attempt 1 twice"),
        ((BEGUN, Invoked(at_ns=12, process=1, f="send", key="b")), "'b' is invoked by process 1 while that is still at 'a'"),
        ((Invoked(at_ns=1, process=1, f="send", key="\x1b"), ENDED), "'a' has a line 'ok' and was never invoked"),
    ],
)
def test_lines_that_contradict_one_another_are_refused(events: tuple[Event, ...], problem: str) -> None:
    with pytest.raises(UserError) as caught:
        history(*events)
    assert problem in str(caught.value)
