from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.errors import UserError
from bench.faults.cells import CELLS, NAMES
from bench.faults.schedule import SIDES, Fault, Schedule, parse_schedule
from bench.faults.schedule_text import EXAMPLE, is_schedule
from bench.scenes import KINDS, WARM, exists
from bench.wire.cut import Cut, Side

NO_AGENTS = frozenset(kind for kind in KINDS if not exists(kind, 1, WARM))


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    kind = draw(st.sampled_from(KINDS))
    k = draw(st.integers(0, 50).filter(lambda agents: exists(kind, agents, WARM)) if kind not in NO_AGENTS else st.just(0))
    cell = draw(st.sampled_from(CELLS))
    attempts = range(1, draw(st.integers(1, min(2, cell.attempts))) + 1)
    faults = tuple(Fault(attempt, draw(st.integers(1, 9999)), draw(st.sampled_from(SIDES))) for attempt in attempts)
    design = draw(st.from_regex(r"[a-z][a-z0-9_]{0,20}", fullmatch=True))
    return Schedule(design, cell.name, kind, k, faults, draw(st.booleans()))


@given(schedules())
def test_a_schedule_reads_back_from_its_text(schedule: Schedule) -> None:
    text = str(schedule)
    assert is_schedule(text)
    assert parse_schedule(text) == schedule
    assert "\n" not in text


def test_a_schedule_looks_as_in_the_documentation() -> None:
    two = (Fault(1, 12, Side.REQUEST_LOST), Fault(2, 3, Side.REPLY_LOST))
    schedule = Schedule("dual", "per_side_derived", "send", 1, two)
    assert str(schedule) == "dual/per_side_derived/send/k=1/request-lost@1.12+reply-lost@2.3"
    apart = Schedule("dual", "outbox", "reply", 2, (Fault(1, 7, Side.ZOMBIE),), peer_delivery=False)
    assert str(apart) == "dual/outbox/reply/k=2,peer_delivery=no/zombie@1.7"


def test_each_attempt_is_armed_with_its_own_cut() -> None:
    schedule = parse_schedule("dual/per_side_derived/send/k=1/request-lost@1.12+reply-lost@2.3")
    assert schedule.cut_of(1) == Cut(12, Side.REQUEST_LOST)
    assert schedule.cut_of(2) == Cut(3, Side.REPLY_LOST)
    assert schedule.cut_of(3) is None


def test_the_death_of_a_client_is_no_schedule_of_this_form() -> None:
    assert not is_schedule("dual/per_side/send/k=2/after-commit-1")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("@", "it has 1 parts between slashes, not 5"),
        ("dual/per_side/send/request-lost@1.1", "it has 4 parts"),
        ("dual/per_side/send/k=2/request-lost@1.1/retry-same", "it has 6 parts"),
        ("/per_side/send/k=2/request-lost@1.1", "'' is no design's name"),
        ("Dual/per_side/send/k=2/request-lost@1.1", "'Dual' is no design's name"),
        ("dual\n/per_side/send/k=2/request-lost@1.1", "is no design's name"),
        ("dual/per_sid/send/k=2/request-lost@1.1", f"'per_sid' is no cell, use one of {', '.join(NAMES)}; did you mean per_side?"),
        ("dual/per_side/shout/k=2/request-lost@1.1", "'shout' is no kind of write, use one of create_server"),
        ("dual/per_side/send/2/request-lost@1.1", "'2' is no number of agents, write it like k=1"),
        ("dual/per_side/send/k=-1/request-lost@1.1", "'k=-1' is no number of agents"),
        ("dual/per_side/send/k=51/request-lost@1.1", "k=51 is more than 50 agents"),
        ("dual/per_side/send/k=٢/request-lost@1.1", "is no number of agents"),
        ("dual/per_side/reply/k=0/request-lost@1.1", "there is no reply at k=0: it needs an agent"),
        ("dual/per_side/create_server/k=1/request-lost@1.1", "there is no create_server at k=1: it does not depend"),
        ("dual/per_side/send/k=2/request-lost", "'request-lost' is no fault, write it like request-lost@1.12"),
        ("dual/per_side/send/k=2/request-lost@1.0", "'request-lost@1.0' is no fault"),
        ("dual/per_side/send/k=2/request-lost@0.1", "'request-lost@0.1' is no fault"),
        ("dual/per_side/send/k=2/request-lost@1.01", "'request-lost@1.01' is no fault"),
        ("dual/per_side/send/k=2/request-lost@1.99999", "'request-lost@1.99999' is no fault"),
        ("dual/per_side/send/k=2/request-lots@1.1", "'request-lots' is no side of a message, use request-lost or "),
        (
            "dual/per_side/send/k=2/request-held@1.1",
            "'request-held' is no side of a message, use request-lost or reply-lost or zombie",
        ),
        ("dual/per_side/send/k=2/request-lost@1.1+", "'' is no fault"),
        ("dual/per_side/send/k=2/request-lost@2.1", "request-lost@2.1 is in attempt 2, but per_side makes 1 attempt"),
        ("dual/joined_derived/send/k=2/request-lost@3.1", "is in attempt 3, but joined_derived makes 2 attempts"),
        ("dual/joined_derived/send/k=2/zombie@2.1", "there is no attempt 2 when nothing happens to the first one"),
        ("dual/joined_derived/send/k=2/zombie@1.1+zombie@1.2", "faults come in the order of their attempts, at most one in each"),
        ("dual/joined_derived/send/k=2/zombie@2.1+zombie@1.2", "faults come in the order of their attempts"),
        ("dual/joined_derived/send/k=2/zombie@1.1+zombie@1.2+zombie@2.1", "it has 3 faults, at most 2"),
    ],
)
def test_a_malformed_schedule_is_refused_in_one_line_that_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as caught:
        parse_schedule(text)
    message = str(caught.value)
    assert message.startswith(f"schedule {text!r}: ")
    assert message.endswith(f"a schedule looks like {EXAMPLE}")
    assert "\n" not in message


@given(st.text(max_size=60))
def test_whatever_is_written_is_read_or_refused_in_one_line(text: str) -> None:
    refused = ""
    try:
        parsed = str(parse_schedule(text))
    except UserError as error:
        parsed, refused = "", str(error)
    assert parsed == text or len(refused.splitlines()) == 1


def test_a_text_that_is_far_too_long_is_not_said_again_in_full() -> None:
    with pytest.raises(UserError, match="it has 100,001 characters, no schedule has more than 300") as caught:
        parse_schedule("@" * 100_001)
    assert len(str(caught.value)) < 250


def test_the_example_is_a_schedule() -> None:
    assert str(parse_schedule(EXAMPLE)) == EXAMPLE
