from __future__ import annotations

import io

import pytest
from rich.console import Console

from bench.progress import PlainReporter, TerminalReporter


def test_a_terminal_sees_fractions_of_a_phase_and_the_time_left() -> None:
    seen = io.StringIO()
    reporter = TerminalReporter(Console(file=seen, force_terminal=True, width=120))
    with reporter.phase("replay", 30) as advance:
        advance(0.25, 1)
        advance(0.5, 1)
    shown = seen.getvalue()
    assert "replay (budget 30 s)" in shown
    assert "50%" in shown
    assert "left" in shown
    assert [(phase.name, phase.budget_s) for phase in reporter.took] == [("replay", 30)]


def test_plain_lines_name_the_budget_and_what_was_taken() -> None:
    seen = io.StringIO()
    reporter = PlainReporter(Console(file=seen, width=200))
    with reporter.phase("write anatomy", 40):
        pass
    begin, end = seen.getvalue().splitlines()
    assert begin.endswith("write anatomy: budget 40 s")
    assert end.endswith("write anatomy: took 0.0 s of 40 s")


def test_a_phase_that_fails_is_not_among_those_that_ended() -> None:
    reporter = PlainReporter(Console(file=io.StringIO()))
    with pytest.raises(ValueError, match="broken"), reporter.phase("crash points", 60):
        raise ValueError("broken")
    assert reporter.took == []


def test_control_characters_in_a_line_are_shown_and_not_obeyed() -> None:
    seen = io.StringIO()
    PlainReporter(Console(file=seen, width=200)).line("reading a\x1b[31mb\nc.csv")
    assert "\x1b" not in seen.getvalue()
    assert seen.getvalue().count("\n") == 1
