from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from bench.errors import UserError
from bench.faults.schedule import parse_schedule
from bench.faults.sweeps.replaying import replay
from bench.faults.sweeps.shorten import shortest
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual import Dual
from variants.floor import Floor


def test_a_replay_tells_what_was_sent_where_it_was_cut_and_what_is_left(fresh_store: Callable[[Design], Store]) -> None:
    text = "dual/per_side/send/k=1/reply-lost@1.12"
    lines = replay(fresh_store(Dual(Options())), parse_schedule(text))
    assert lines[0] == text
    assert lines[1].startswith("attempt 1: told info (connection lost: ")
    assert [line for line in lines if line.startswith("  sent, answered")] == [
        "  sent, answered   central: BEGIN",
        next(line for line in lines if "INSERT INTO root_messages" in line),
    ]
    cut = lines.index("  cut here         central: COMMIT")
    assert lines[cut + 1].strip() == (
        "message 12 Sync COMMIT central: reached the server, its answer was swallowed, and the connection was cut"
    )
    assert lines[cut + 2] == "  never sent       agent: BEGIN"
    assert "  evidence         12 messages reached the server; transactions that it ended: COMMIT" in lines
    assert lines[-5:] == (
        "told info; the server did a part of it",
        "left: partial",
        "  central: there",
        "  agent 1 of 1: missing",
        "breaks I4",
    )


def test_a_replay_of_two_faults_tells_both_attempts(fresh_store: Callable[[Design], Store]) -> None:
    text = "dual/joined_derived/send/k=1/request-lost@1.1+request-lost@2.1"
    lines = replay(fresh_store(Dual(Options())), parse_schedule(text))
    assert [line.split(" (")[0] for line in lines if line.startswith("attempt")] == ["attempt 1: told fail", "attempt 2: told fail"]
    assert sum(line.startswith("  cut here") for line in lines) == 2
    assert lines[-2:] == ("  agent 1 of 1: missing", "breaks nothing")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("floor/per_side/send/k=1/request-lost@1.999", "there is no message 999 to cut: attempt 1 has messages 1 to "),
        ("floor/outbox/send/k=1/request-lost@1.1", "floor has no outbox: no agent has a task of its own"),
    ],
)
def test_a_schedule_that_the_design_does_not_have_is_refused_in_one_line(
    fresh_store: Callable[[Design], Store], text: str, problem: str
) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as caught:
        replay(fresh_store(Floor(Options())), parse_schedule(text))
    assert "\n" not in str(caught.value)


def test_a_violation_is_cut_down_to_the_earliest_message_with_the_fewest_agents_and_faults(
    fresh_store: Callable[[Design], Store],
) -> None:
    store = fresh_store(Dual(Options()))
    # Behind the Execute of the central COMMIT the message is central alone; with no agent there is no other side to miss it.
    assert shortest(store, "dual/per_side/send/k=2/request-lost@1.20", "I4") == "dual/per_side/send/k=1/reply-lost@1.11"


def test_what_only_two_faults_break_stays_two_faults(fresh_store: Callable[[Design], Store]) -> None:
    store = fresh_store(Dual(Options()))
    found = parse_schedule(shortest(store, "dual/per_side_derived/send/k=1/reply-lost@1.12+reply-lost@2.12", "I4"))
    assert len(found.faults) == 2
    assert found.k == 1


def test_what_nothing_shorter_breaks_stays_as_it_is(fresh_store: Callable[[Design], Store]) -> None:
    text = "floor/joined/send/k=1/request-lost@1.3"
    assert shortest(fresh_store(Floor(Options())), text, "I4") == text
