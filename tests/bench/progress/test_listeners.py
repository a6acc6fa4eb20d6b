from __future__ import annotations

import io
import json
import os
import re
from dataclasses import fields
from pathlib import Path

import pytest

from bench.progress.events import NAMES, Outcome, RunEnded
from bench.progress.machine_lines import MachineLines
from bench.progress.plain import Plain
from bench.progress.result import Result
from bench.progress.streams import direct
from bench.progress.terminal import Terminal
from tests.bench.progress.hearing import Clock, teller

HOSTILE = "a\x1b[31mb\nc\r\x07\u202e.csv"
ROOT = Path(__file__).parents[3]


def test_plain_lines_name_the_budget_and_what_was_taken_behind_the_seconds_since_the_start() -> None:
    clock, seen = Clock(), io.StringIO()
    with teller(clock, Plain(seen)).phase("write anatomy", 40):
        clock.now_s = 12.25
    assert seen.getvalue().splitlines() == [
        "[   0.0 s] write anatomy: budget 40 s",
        "[  12.2 s] write anatomy: took 12.2 s of 40 s",
    ]


def test_plain_lines_say_now_and_then_how_far_and_what_is_left_of_phase_and_run() -> None:
    clock, seen = Clock(), io.StringIO()
    telling = teller(clock, Plain(seen))
    telling.plan({"replay": 100.0, "report": 200.0})
    with telling.phase("replay", 100.0) as advance:
        for second in range(1, 41):
            clock.now_s = float(second)
            advance(second, 80)
    told = seen.getvalue().splitlines()[1:-1]
    assert told == [
        "[  15.0 s] replay: 19%, about 65 s left, of the run 4 min",
        "[  30.0 s] replay: 38%, about 50 s left, of the run 4 min",
    ]


def test_a_terminal_sees_the_run_the_phase_and_the_trial_with_what_is_left_of_each() -> None:
    clock, seen = Clock(), io.StringIO()
    telling = teller(clock, Terminal(seen, width=120))
    telling.plan({"replay": 100.0, "report": 60.0})
    with telling.phase("replay", 100.0) as advance, telling.trial("latency-000"):
        clock.now_s = 50.0
        advance(0.5, 1)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", seen.getvalue())
    assert "trial latency-000" in shown
    assert re.search(r"run .* 31% 50 s left 110 s", shown)
    assert re.search(r"replay \(budget 100 s\) .* 50% 50 s left 50 s", shown)
    assert shown.splitlines()[-1] == "replay: took 50.0 s of 100 s"


@pytest.mark.parametrize("interrupted", [True, False])
def test_a_terminal_is_given_back_with_its_cursor_however_a_phase_ends(interrupted: bool) -> None:
    seen = io.StringIO()
    telling = teller(Clock(), Terminal(seen, width=120))
    if interrupted:
        with pytest.raises(KeyboardInterrupt), telling.phase("replay", 100.0):
            raise KeyboardInterrupt
    else:
        with telling.phase("replay", 100.0):
            pass
    assert seen.getvalue().rfind("\x1b[?25h") > seen.getvalue().rfind("\x1b[?25l") >= 0
    assert ("interrupted after" in seen.getvalue()) is interrupted


@pytest.mark.parametrize("kind", [Plain, Terminal])
def test_control_characters_in_names_and_lines_are_shown_and_not_obeyed(kind: type[Plain | Terminal]) -> None:
    seen = io.StringIO()
    telling = teller(Clock(), kind(seen))
    telling.line(HOSTILE)
    with telling.phase(HOSTILE, 10), telling.trial(HOSTILE):
        pass
    assert "\x1b[31m" not in seen.getvalue()
    assert not set("\x07\u202e") & set(seen.getvalue())
    assert "a\\u001b[31mb\\u000ac\\u000d\\u0007\\u202e.csv" in seen.getvalue()


def test_machines_read_an_object_a_line_of_ascii_with_name_and_times() -> None:
    seen = bytearray()
    telling = teller(Clock(1.5), MachineLines(seen.extend))
    telling.line(HOSTILE)
    telling.tell(RunEnded(Outcome.FINISHED, 0, "results/r", "results/r/report.html"))
    assert all(byte == 10 or 32 <= byte < 127 for byte in seen)
    first, last = map(json.loads, seen.decode().splitlines())
    assert first == {"event": "line", "at": "2026-01-02T03:04:06.500Z", "elapsed_s": 0.0, "text": HOSTILE, "logged": None}
    expected = {"event": "run_ended", "outcome": "finished", "exit_code": 0, "run": "results/r", "report": "results/r/report.html"}
    assert expected.items() <= last.items()


def test_a_quiet_machine_hears_the_end_alone() -> None:
    seen = bytearray()
    telling = teller(Clock(), MachineLines(seen.extend, only_end=True))
    with telling.phase("replay", 1):
        telling.line("something")
    telling.tell(RunEnded(Outcome.FAILED, 2, error="no such design"))
    (line,) = map(json.loads, seen.decode().splitlines())
    assert (line["event"], line["error"]) == ("run_ended", "no such design")


def test_the_result_is_one_line_and_only_when_there_is_a_report() -> None:
    seen = io.StringIO()
    telling = teller(Clock(), Result(seen))
    telling.line("something")
    telling.tell(RunEnded(Outcome.FAILED, 2))
    telling.tell(RunEnded(Outcome.FINISHED, 0, "r", "r/report\x1b.html"))
    assert seen.getvalue() == "report: r/report\\u001b.html\n"


@pytest.mark.parametrize("kind", [Plain, Terminal, Result])
def test_a_pipe_that_nobody_reads_ends_the_listening_and_leaves_nothing_to_write(kind: type[Plain]) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as stream:
        stream_of_ours = direct(stream)
        assert stream_of_ours is not None
        telling = teller(Clock(), kind(stream_of_ours))
        with telling.phase("replay", 1.0), telling.trial("latency-000"):
            telling.line("something")
        telling.tell(RunEnded(Outcome.FINISHED, 0, "r", "r/report.html"))
        telling.close()
    assert [phase.name for phase in telling.took] == ["replay"]


def test_a_stream_that_was_closed_before_the_program_began_has_no_listener() -> None:
    assert direct(None) is None


def test_every_event_and_field_stands_in_the_docs() -> None:
    page = (ROOT / "docs" / "results.md").read_text(encoding="utf-8")
    rows = {name: set(re.findall(r"`(\w+)`", told)) for name, told in re.findall(r"^\| `(\w+)` \| (.*) \|$", page, re.MULTILINE)}
    for kind, name in NAMES.items():
        assert {field.name for field in fields(kind)} <= rows[name], name  # type: ignore[arg-type]  # all of them are dataclasses
