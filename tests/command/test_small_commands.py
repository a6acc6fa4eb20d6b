from __future__ import annotations

import subprocess
from collections.abc import Callable

import pytest

from workloads import catalogue

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]


def test_list_designs_names_ours_and_a_stranger_s_with_their_readings(storebench: Storebench) -> None:
    done = storebench("list", "designs")
    lines = done.stdout.splitlines()
    names = [line.split()[0] for line in lines]
    assert done.returncode == 0
    ours = ["dual", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "hybrid", "floor"]
    assert names[:8] == ours
    assert "the design note's recommendation." in lines[6]
    assert lines[6].endswith("(storebench 0.1.0)")
    assert "wrong_agent_row" in names[8:]
    assert "(planted 1.0)" in lines[-1]
    (absent,) = [line for line in lines if line.startswith("absent ")]
    assert "cannot be imported" in absent


def test_list_factors_shows_levels_and_why_a_cell_does_not_exist(installed: Callable[..., Storebench]) -> None:
    odd = {"odd": "def design(options):\n    raise RuntimeError('no form at all')"}
    done = installed({"other": {"odd": "odd:design"}}, odd)("list", "factors")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert "atomicity" in lines[0]
    row = next(line.split() for line in lines if line.startswith("  atomicity=outbox "))
    assert row[1:8] == ["+"] * 7
    floor, stranger = (int(mark.strip("()")) for mark in row[8:])
    reasons = lines[lines.index("reasons") + 1 :]
    assert reasons[floor - 1] == f"  ({floor})  no agent has a task of its own that a relay could apply"
    assert reasons[stranger - 1].endswith("design 'odd' cannot be built: RuntimeError: no form at all")


def test_list_workloads_names_ours(storebench: Storebench) -> None:
    done = storebench("list", "workloads")
    assert [line.split()[0] for line in done.stdout.splitlines()] == list(catalogue.names())
    assert done.stdout.startswith("chat               people talk and agents answer")
    assert "(fan-out:4; 0, 1, 2, 8, 16, 25, 50, chain)" in done.stdout


def test_show_prints_tables_operations_reads_and_gaps(storebench: Storebench) -> None:
    done = storebench("show", "hybrid")
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    for heading in ("tables of the central side", "tables of the agent side", "writes, 2 agents in the channel", "reads", "gaps"):
        assert heading in lines
    send = lines.index("  send  5 statements, 3 transactions")
    assert lines[send + 1 : send + 10] == [
        "    central",
        "      BEGIN",
        "        INSERT INTO root_messages (9 columns)",
        "      COMMIT",
        "    each of 2 agents",
        "      BEGIN",
        "        find SELECT id FROM rooms WHERE id = ?",
        "        else INSERT INTO rooms (10 columns) ON CONFLICT DO NOTHING",
        "        INSERT INTO memories (9 columns)",
    ]
    assert "      refused: the message is gone or has a newer edit" in [line.replace("        ", "      ", 1) for line in lines]
    assert "  members_without_agent: " in done.stdout


@pytest.mark.parametrize("name", ["dual", "dual_deployed", "option_a", "option_a_shared", "option_b", "option_b_envelope", "floor"])
def test_every_design_can_be_shown(storebench: Storebench, name: str) -> None:
    done = storebench("show", name)
    assert done.returncode == 0, done.stderr
    assert "\x1b" not in done.stdout


@pytest.mark.parametrize(
    ("name", "status", "told"),
    [
        ("yields_nonsense", 3, "yields_nonsense: write(create_server 'show/1'), central: yields 'INSERT', which is no action"),
        ("raises_in_write", 3, "raises_in_write: write(create_server 'show/1') raises ZeroDivisionError: by design"),
        ("never_ends", 3, "does not end: more than 10000 actions"),
        ("odd_gaps", 3, "gaps() has 42 in it, which is no Gap"),
        ("broken", 2, "design 'broken' cannot be built: RuntimeError"),
        ("nope", 2, "unknown design 'nope'"),
    ],
)
def test_a_broken_design_is_not_shown_but_told_in_one_line(storebench: Storebench, name: str, status: int, told: str) -> None:
    done = storebench("show", name)
    assert done.returncode == status
    assert told in done.stderr
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


@pytest.mark.database
def test_doctor_says_what_machine_and_server_can_do(storebench: Storebench) -> None:
    done = storebench("doctor")
    assert done.returncode == 0, done.stderr
    assert "how to mend it" in done.stdout
    assert "CPUs" in done.stdout
    assert "pg_walinspect" in done.stdout
    assert "postgresql://" not in done.stdout


@pytest.mark.database
def test_replay_breaks_the_operation_again_and_tells_what_is_left(storebench: Storebench) -> None:
    done = storebench("replay", "dual/per_side/send/k=2/after-commit-1")
    assert done.returncode == 0, done.stderr
    assert "partial" in done.stdout
    again = storebench("replay", "dual/per_side/send/k=2/after-commit-1")
    assert again.stdout == done.stdout


@pytest.mark.database
def test_replay_cuts_a_message_again_and_tells_what_is_left(storebench: Storebench) -> None:
    done = storebench("replay", "dual/per_side/send/k=1/reply-lost@1.12")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-5:] == [
        "told info; the server did a part of it",
        "left: partial",
        "  central: there",
        "  agent 1 of 1: missing",
        "breaks I4",
    ]
