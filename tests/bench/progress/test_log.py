from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from bench.errors import UserError
from bench.progress.events import Outcome, RunDescribed, RunEnded
from bench.progress.faults import fault_of, trace_of
from bench.progress.log import LEFT_OUT, RunLog, plain
from bench.progress.telling import Teller
from tests.bench.progress.hearing import Clock, Ear, teller

SECRETS = ("ALICE", "hunter2", "db.internal", "alice", "/home", "postgresql://", "storebench@", "C:\\")


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "log.jsonl").read_bytes().splitlines()]


def _failing(telling: Teller, fail: Callable[[], object]) -> None:
    try:
        fail()
    except Exception as error:  # noqa: BLE001 - whatever it is
        telling.tell(RunEnded(Outcome.FAILED, 70, "/home/alice/r", None, str(error), fault_of(error), trace_of(error)))


def test_every_attempt_is_appended_with_absolute_times_and_seconds_since_its_own_start(tmp_path: Path) -> None:
    for attempt in range(2):
        clock = Clock(now_s=100.0 * attempt)
        telling = teller(clock)
        with telling.phase("server", 10.0):
            clock.now_s += 2.0
        telling.listen(RunLog.opened(tmp_path))
        with telling.trial("latency-000"):
            clock.now_s += 1.0
        telling.close()
    lines = _lines(tmp_path)
    assert [line["event"] for line in lines] == ["phase_began", "phase_ended", "trial_began", "trial_stored"] * 2
    assert [line["elapsed_s"] for line in lines] == [0.0, 2.0, 2.0, 3.0] * 2
    assert (lines[0]["at"], lines[4]["at"]) == ("2026-01-02T03:04:05.000Z", "2026-01-02T03:05:45.000Z")


@pytest.mark.parametrize("torn", [b'{"event": "phase_beg', b"x" * 200_000])
def test_a_line_that_a_killed_attempt_left_half_written_is_cut_off(tmp_path: Path, torn: bytes) -> None:
    telling = teller(Clock())
    telling.listen(RunLog.opened(tmp_path))
    telling.kept("one")
    telling.close()
    with (tmp_path / "log.jsonl").open("ab") as file:
        file.write(torn)
    telling = teller(Clock())
    telling.listen(RunLog.opened(tmp_path))
    telling.kept("two")
    telling.close()
    assert [line["trial"] for line in _lines(tmp_path)] == ["one", "two"]


def test_a_log_of_one_torn_line_begins_anew(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").write_bytes(b'{"event"')
    with RunLog.opened(tmp_path):
        assert (tmp_path / "log.jsonl").read_bytes() == b""


def test_each_line_is_one_write_at_the_end_of_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[bytes] = []
    write = os.write
    telling = teller(Clock())
    telling.listen(RunLog.opened(tmp_path))

    def noted(descriptor: int, content: bytes) -> int:
        written.append(bytes(content))
        return write(descriptor, content)

    monkeypatch.setattr(os, "write", noted)
    for number in range(5):
        telling.kept(f"trial-{number}")
    assert len(written) == 5
    assert all(content.endswith(b"\n") and content.count(b"\n") == 1 for content in written)


def test_a_line_that_the_disk_had_no_room_for_leaves_nothing_torn_and_the_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ear = Ear()
    telling = teller(Clock(), ear)
    telling.listen(RunLog.opened(tmp_path))
    telling.kept("one")
    write = os.write

    def half(descriptor: int, content: bytes) -> int:
        if len(content) < 20:
            raise OSError(28, "No space left on device")
        return write(descriptor, content[: len(content) - 10])

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", half)
        telling.kept("two")
    telling.kept("three")
    assert [line["trial"] for line in _lines(tmp_path)] == ["one"]
    assert "the run log goes no further (No space left on device); the run goes on" in [
        getattr(event, "text", "") for event in ear.events()
    ]


def test_a_log_that_is_a_link_to_somewhere_else_or_cannot_be_made_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "log.jsonl").symlink_to(tmp_path / "other")
    for folder in (tmp_path, tmp_path / "absent"):
        with pytest.raises(UserError, match=r"log\.jsonl cannot be written"):
            RunLog.opened(folder)
    assert not (tmp_path / "other").exists()


def _nested() -> None:
    try:
        Path("/home/alice/chat.csv").read_text(encoding="utf-8")
    except OSError as error:
        raise UserError(f"{error.filename} of alice on db.internal cannot be read") from error


def _connection() -> None:
    psycopg.connect("postgresql://storebench:hunter2@127.0.0.1:1/alice", connect_timeout=2)


def _of_a_class_of_a_stranger() -> None:
    raise type("alice", (Exception,), {"__module__": "plugin", "sqlstate": "alice"})("hunter2")


@pytest.mark.parametrize(
    "fail",
    [
        _nested,
        _connection,
        _of_a_class_of_a_stranger,
        lambda: os.environ["/HOME/ALICE"],
        lambda: int("hunter2"),
        lambda: compile("hunter2 alice", "/home/alice/x.py", "exec"),
        lambda: subprocess.run(["/home/alice/bin"], check=True),
        lambda: subprocess.run([sys.executable, "-c", "1/0  # /home/alice"], check=True, capture_output=True),
        lambda: json.loads("hunter2"),
        lambda: "alice".nothing,  # type: ignore[attr-defined]
    ],
)
def test_no_secret_name_or_path_comes_into_the_log_with_an_error(tmp_path: Path, fail: Callable[[], object]) -> None:
    telling = teller(Clock())
    telling.listen(RunLog.opened(tmp_path))
    _failing(telling, fail)
    telling.close()
    (line,) = _lines(tmp_path)
    assert line["fault"]["kind"]
    assert line["exit_code"] == 70
    content = (tmp_path / "log.jsonl").read_text()
    for secret in (*SECRETS, str(tmp_path), str(Path.home()), sys.prefix):
        assert secret not in content


def test_what_describes_a_run_comes_in_by_name_and_plain_values_alone(tmp_path: Path) -> None:
    telling = teller(Clock())
    telling.listen(RunLog.opened(tmp_path))
    telling.line("reading /home/alice/chat.csv")
    telling.line("12 trials of alice are there", "12 trials are there")
    telling.tell(
        RunDescribed(
            "ab" * 32,
            7,
            ("dual", "/home/alice"),
            {
                "latency_messages": 240,
                "workload": "chat",
                "trace": "alice.csv",
                "agents": "1,50:2,top10:4",
                "window": "/home/alice",
            },
            {"processor": "Some CPU (R) @ 2.20GHz", "cpus": 2, "hostname": "db.internal", "python": "3.11.2"},
            {
                "server_version": "15.14 (Debian 15.14-0+deb12u1)",
                "user": "alice",
                "host": "db.internal",
                "settings": {"fsync": "on", "synchronous_standby_names": "db.internal", "ssl": "postgresql://alice:hunter2@db"},
            },
        )
    )
    telling.close()
    line, described = _lines(tmp_path)
    assert line["text"] == "12 trials are there"
    assert described["code"] == "ab" * 32
    assert described["designs"] == ["dual", LEFT_OUT]
    assert described["configuration"] == {
        "latency_messages": 240,
        "workload": "chat",
        "agents": "1,50:2,top10:4",
        "window": LEFT_OUT,
    }
    assert described["machine"] == {"processor": "Some CPU (R) @ 2.20GHz", "cpus": 2, "python": "3.11.2"}
    assert described["server"] == {
        "server_version": "15.14 (Debian 15.14-0+deb12u1)",
        "settings": {"fsync": "on", "ssl": LEFT_OUT},
    }
    assert not [secret for secret in SECRETS if secret in (tmp_path / "log.jsonl").read_text()]


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (3, 3),
        (None, None),
        (True, True),
        ("dual[ids=fresh]", "dual[ids=fresh]"),
        ("a/b", LEFT_OUT),
        ("a\nb", LEFT_OUT),
        ("é", LEFT_OUT),
        ("x" * 300, LEFT_OUT),
        ([1, "a/b"], [1, LEFT_OUT]),
        (b"bytes", LEFT_OUT),
    ],
)
def test_only_numbers_and_plain_words_are_told(value: object, told: object) -> None:
    assert plain(value) == told
