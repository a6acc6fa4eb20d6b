from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.faults.schedule import Fault, Schedule
from bench.faults.sweeps.passages import Passage
from bench.faults.sweeps.space import by_flight, one_fault, spread, two_faults
from bench.wire.cut import CUTS, Side

BEGIN, INSERT, COMMIT = (
    Passage(first, first + 3, (command,))
    for first, command in ((1, "central: BEGIN"), (5, "central: INSERT INTO messages"), (9, "central: COMMIT"))
)


def of(faults: Sequence[Fault]) -> Schedule:
    return Schedule("dual", "per_side_derived", "send", 1, tuple(faults))


@given(st.integers(0, 60))
def test_one_fault_is_each_message_on_each_side_once(messages: int) -> None:
    found = one_fault(of, messages)
    assert len(found) == len(set(found)) == 2 * messages
    assert {schedule.first for schedule in found} == {
        Fault(1, message, side) for message in range(1, messages + 1) for side in CUTS
    }
    assert [schedule.first.message for schedule in found] == sorted(schedule.first.message for schedule in found)


def test_a_zombie_is_a_side_of_its_own() -> None:
    assert len(one_fault(of, 12, (*CUTS, Side.ZOMBIE))) == 36


def test_a_flight_is_cut_before_its_first_message_and_behind_the_answer_to_its_last() -> None:
    assert list(map(str, by_flight(2, [BEGIN, COMMIT]))) == [
        "request-lost@2.1",
        "reply-lost@2.4",
        "request-lost@2.9",
        "reply-lost@2.12",
    ]


def test_two_faults_are_each_first_one_with_each_flight_of_the_attempt_that_it_leads_to() -> None:
    first = by_flight(1, [BEGIN, INSERT, COMMIT])
    # Behind the answer to COMMIT nothing is tried again.
    answered = first[-1]
    found = two_faults(of, first, lambda fault: () if fault == answered else (BEGIN, COMMIT))
    assert len(found) == len(set(found)) == 5 * 4
    assert all(len(schedule.faults) == 2 and schedule.faults[1].attempt == 2 for schedule in found)
    assert answered not in {schedule.first for schedule in found}


def test_the_messages_of_a_command_that_travels_alone_have_their_names() -> None:
    assert INSERT.labels() == [
        "5 Bind INSERT central",
        "6 Describe INSERT central",
        "7 Execute INSERT central",
        "8 Sync INSERT central",
    ]
    together = Passage(3, 9, ("agent: SELECT 1", "agent: COMMIT"))
    assert together.labels()[0] == "3 message 1 of 7 SELECT agent and 1 more"
    assert len(together.labels()) == 7


@given(st.lists(st.integers(), unique=True, max_size=50), st.integers(1, 60))
def test_what_is_spread_keeps_order_and_ends_and_is_as_many_as_may_be(items: list[int], limit: int) -> None:
    found = spread(items, limit)
    assert len(found) == min(limit, len(items))
    assert found == [item for item in items if item in set(found)]
    if items and limit > 1:
        assert found[0] == items[0]
        assert found[-1] == items[-1]


@pytest.mark.parametrize("limit", [None, 3, 9])
def test_nothing_is_left_out_where_there_is_room(limit: int | None) -> None:
    assert spread([3, 1, 2], limit) == [3, 1, 2]
