"""The commands that explain: how reads are performed, and how much code the paths have."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable

import pytest

Storebench = Callable[..., "subprocess.CompletedProcess[str]"]

pytestmark = pytest.mark.database


def test_plans_shows_every_read_and_what_needs_every_index_of_a_stranger_s_design_too(storebench: Storebench) -> None:
    done = storebench("plans", "--designs", "floor,lying_view", "--rows", "1000")
    assert done.returncode == 0, done.stderr
    ours, theirs = (part.splitlines() for part in done.stdout.strip().split("\n\n"))
    assert (ours[0], theirs[0]) == ("floor", "lying_view")
    assert ours[1:] == theirs[1:]
    assert "messages 1,000" in ours[1]
    # Which of its two kinds of scan the planner takes for a small table is its own affair.
    assert any(re.match("  latest_page +.*Scan using messages_channel_time on messages", line) for line in ours)
    assert any(line.startswith("  index messages_answered on messages (reply_to): foreign key to messages") for line in ours)
    assert ours[-1].startswith("  sequential scans of tables of more than 1,000 rows: none")


def test_a_size_without_sense_is_refused_in_one_line(storebench: Storebench) -> None:
    done = storebench("plans", "--rows", "12")
    assert done.returncode == 2
    assert done.stderr.strip() == "storebench: rows 12: give a number from 1000 to 10000000"
    done = storebench("plans", "--seed", "-1")
    assert done.returncode == 2
    assert "Invalid value for '--seed'" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_complexity_tells_paths_and_says_what_they_cannot_tell(storebench: Storebench) -> None:
    done = storebench("complexity", "floor", "lying_view")
    assert done.returncode == 0, done.stderr
    rows = [line.split()[:2] for line in done.stdout.splitlines()[2:6]]
    assert rows == [["floor", "write"], ["floor", "read"], ["lying_view", "write"], ["lying_view", "read"]]
    assert "What it cannot: " in done.stdout
    assert "send                  1 all" in done.stdout


def test_complexity_as_json_counts_code_that_a_stranger_inherits_as_shared(storebench: Storebench) -> None:
    done = storebench("complexity", "floor", "lying_view", "--json")
    assert done.returncode == 0, done.stderr
    ours, theirs = json.loads(done.stdout)
    for own, inherited in zip(ours["paths"], theirs["paths"], strict=True):
        assert own["own"]["functions"] > 0
        assert inherited["own"]["functions"] == 0
        assert inherited["shared"]["decisions"] == own["own"]["decisions"] + own["shared"]["decisions"]
        assert inherited["statements"] == own["statements"]
