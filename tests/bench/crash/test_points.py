from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import literal, select

from bench.crash.points import Place, Point, Retry, Schedule, parse_schedule, points_of, retries_of
from bench.drive.flights import Atomicity, Command, Verb
from bench.errors import UserError
from bench.scenes import KINDS, WARM, exists
from variants.contract import Query, Side

QUERY = Query(Side.CENTRAL, select(literal(1)))
BEGIN, COMMIT = Command(Verb.BEGIN, Side.CENTRAL), Command(Verb.COMMIT, Side.CENTRAL)
INSIDE = Command(Verb.EXECUTE, Side.CENTRAL, QUERY())
ALONE = Command(Verb.EXECUTE, Side.CENTRAL, INSIDE.statement, alone=True)

NO_AGENTS = frozenset(kind for kind in KINDS if not exists(kind, 1, WARM))


def named(commands: list[Command]) -> dict[str, int]:
    return {str(point): answered for point, answered in points_of(commands).items()}


def test_an_operation_without_commands_has_no_points() -> None:
    assert points_of([]) == {}


def test_one_transaction_has_three_points_each_with_the_commands_answered_there() -> None:
    assert named([BEGIN, INSIDE, INSIDE, COMMIT]) == {"before-step-1": 0, "before-commit-1": 3, "after-commit-1": 4}


@pytest.mark.parametrize("transactions", [1, 2, 5])
def test_n_transactions_have_2n_plus_1_points_since_after_one_is_before_the_next(transactions: int) -> None:
    points = points_of([BEGIN, INSIDE, COMMIT] * transactions)
    assert len(points) == 2 * transactions + 1
    assert [point for point in points if point.place is Place.BEFORE_STEP] == [Point(Place.BEFORE_STEP, 1)]


def test_points_come_in_the_order_in_which_they_are_reached() -> None:
    found = named([BEGIN, INSIDE, COMMIT, BEGIN, COMMIT])
    assert list(found) == ["before-step-1", "before-commit-1", "after-commit-1", "before-commit-2", "after-commit-2"]
    assert list(found.values()) == [0, 2, 3, 4, 5]


def test_a_statement_outside_of_a_transaction_is_a_step_with_a_point_before_and_one_after() -> None:
    assert named([ALONE]) == {"before-step-1": 0, "after-commit-1": 1}


def test_a_statement_behind_a_transaction_adds_the_one_point_after_it() -> None:
    assert named([BEGIN, INSIDE, COMMIT, ALONE, BEGIN, COMMIT]) == {
        "before-step-1": 0,
        "before-commit-1": 2,
        "after-commit-1": 3,
        "after-commit-2": 4,
        "before-commit-3": 5,
        "after-commit-3": 6,
    }


def test_only_what_writes_a_message_can_be_retried_with_a_fresh_id() -> None:
    assert {kind for kind in KINDS if Retry.FRESH in retries_of(kind)} == {"send", "reply"}
    assert all(Retry.SAME in retries_of(kind) for kind in KINDS)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    kind = draw(st.sampled_from(KINDS))
    k = draw(st.integers(0, 50).filter(lambda agents: exists(kind, agents, WARM)) if kind not in NO_AGENTS else st.just(0))
    place = draw(st.sampled_from(Place))
    step = 1 if place is Place.BEFORE_STEP else draw(st.integers(1, 9999))
    retry = draw(st.sampled_from([None, *retries_of(kind)]))
    design = draw(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True))
    return Schedule(design, draw(st.sampled_from(Atomicity)), kind, k, Point(place, step), retry, draw(st.booleans()))


@given(schedules())
def test_a_schedule_reads_back_from_its_text(schedule: Schedule) -> None:
    text = str(schedule)
    assert parse_schedule(text) == schedule
    assert "\n" not in text


def test_a_schedule_looks_as_in_the_documentation() -> None:
    schedule = Schedule("dual", Atomicity.PER_SIDE, "send", 2, Point(Place.AFTER_COMMIT, 1))
    assert str(schedule) == "dual/per_side/send/k=2/after-commit-1"
    assert str(schedule.with_retry(Retry.FRESH)) == "dual/per_side/send/k=2/after-commit-1/retry-fresh"
    apart = Schedule("dual", Atomicity.OUTBOX, "reply", 2, Point(Place.BEFORE_COMMIT, 1), peer_delivery=False)
    assert str(apart) == "dual/outbox/reply/k=2,peer_delivery=no/before-commit-1"


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "it has 1 parts between slashes"),
        ("dual/per_side/send/k=2", "it has 4 parts"),
        ("dual/per_side/send/k=2/after-commit-1/retry-same/more", "it has 7 parts"),
        ("/per_side/send/k=2/after-commit-1", "'' is no design's name"),
        ("Dual/per_side/send/k=2/after-commit-1", "'Dual' is no design's name"),
        ("dual\n/per_side/send/k=2/after-commit-1", "is no design's name"),
        ("dual/apart/send/k=2/after-commit-1", "'apart' is no atomicity, use per_side or joined or outbox"),
        ("dual/per_side/shout/k=2/after-commit-1", "'shout' is no kind of write, use one of create_server"),
        ("dual/per_side/send/2/after-commit-1", "'2' is no number of agents, write it like k=2"),
        ("dual/per_side/send/k=-1/after-commit-1", "'k=-1' is no number of agents"),
        ("dual/per_side/send/k=02/after-commit-1", "'k=02' is no number of agents"),
        ("dual/per_side/send/k=1000/after-commit-1", "'k=1000' is no number of agents"),
        ("dual/per_side/send/k=2,peer_delivery=yes/after-commit-1", "is no number of agents"),
        ("dual/per_side/send/k=51/after-commit-1", "k=51 is more than 50 agents"),
        ("dual/per_side/send/k=٢/after-commit-1", "is no number of agents"),
        ("dual/per_side/reply/k=0/after-commit-1", "there is no reply at k=0: it needs an agent"),
        ("dual/per_side/create_server/k=1/after-commit-1", "there is no create_server at k=1: it does not depend"),
        ("dual/per_side/send/k=2/after-commit-0", "'after-commit-0' is no point"),
        ("dual/per_side/send/k=2/after-commit", "'after-commit' is no point"),
        ("dual/per_side/send/k=2/during-commit-1", "'during-commit-1' is no point"),
        ("dual/per_side/send/k=2/before-step-3", "before-step-3 is the same point as after-commit-2, write that"),
        ("dual/per_side/send/k=2/after-commit-1/retry-twice", "'retry-twice' is no retry, use retry-same or retry-fresh"),
        ("dual/per_side/send/k=2/after-commit-1/", "'' is no retry"),
        ("dual/per_side/join/k=2/after-commit-1/retry-fresh", "join writes no message"),
    ],
)
def test_a_malformed_schedule_is_refused_in_one_line_that_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as caught:
        parse_schedule(text)
    message = str(caught.value)
    assert message.startswith(f"schedule {text!r}: ")
    assert message.endswith("a schedule looks like dual/per_side/send/k=2/after-commit-1")
    assert "\n" not in message
