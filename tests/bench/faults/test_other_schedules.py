from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bench.bus.transit import BusFault
from bench.crash.points import Place, Point
from bench.errors import UserError
from bench.faults.other_schedules import Interrupted, Streamed, TakenOver, parse
from bench.faults.schedule import Schedule
from bench.faults.schedule_text import EXAMPLE
from bench.wire.interruptions import Interruption


@given(st.sampled_from(Interruption), st.integers(0, 9999))
def test_an_interruption_reads_back_from_its_text(interruption: Interruption, flight: int) -> None:
    schedule = Interrupted("dual", "per_side", "send", 1, interruption, flight)
    assert parse(str(schedule)) == schedule


@given(st.sampled_from(BusFault), st.integers(0, 10**18), st.booleans())
def test_a_stream_reads_back_from_its_text(fault: BusFault, seed: int, peer_delivery: bool) -> None:
    schedule = Streamed("dual", "async_restart", fault, seed, peer_delivery)
    assert parse(str(schedule)) == schedule


@given(st.sampled_from(Place), st.integers(1, 9999), st.booleans())
def test_a_takeover_reads_back_from_its_text(place: Place, step: int, peer_delivery: bool) -> None:
    schedule = TakenOver("dual", "per_side_fresh", "send", 1, Point(place, step), peer_delivery)
    assert parse(str(schedule)) == schedule


def test_they_look_as_in_the_documentation() -> None:
    stopped = TakenOver("dual", "per_side", "send", 1, Point(Place.AFTER_COMMIT, 1))
    assert str(stopped) == "dual/per_side/send/k=1/paused@after-commit-1"
    assert str(Interrupted("dual", "per_side", "send", 1, Interruption.TERMINATED, 4)) == "dual/per_side/send/k=1/terminated@4"
    assert str(Streamed("dual", "async_restart", BusFault.DROP, 17)) == "dual/async_restart/stream/k=2/drop@17"


def test_a_cut_of_messages_is_read_as_before() -> None:
    assert isinstance(parse(EXAMPLE), Schedule)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("dual/per_side/send/k=1/terminated@", "'terminated@' is no interruption, write it like terminated@4"),
        ("dual/per_side/send/k=1/terminated@-1", "is no interruption"),
        ("dual/per_side/send/k=1/terminated@٤", "is no interruption"),
        ("dual/per_side/send/k=1/terminated@1.4", "is no interruption"),
        ("dual/per_side/send/k=1/terminated@99999", "there is no flight 99999"),
        ("dual/per_side/send/k=1/terminated@1+terminated@2", "is no interruption"),
        ("dual/per_side/reply/k=0/terminated@1", "there is no reply at k=0: it needs an agent"),
        ("dual/per_side/send/k=1,peer_delivery=no/terminated@1", "write it like k=1"),
        ("dual/per_side/send/k=1/terminatd@4", "is no fault, write it like request-lost@1.12"),
        ("dual/per_side/send/k=1/paused@after-commit-0", "is no point, write it like paused@after-commit-1"),
        ("dual/per_side/send/k=1/paused@", "is no point"),
        ("dual/async_restart/send/k=1/paused@after-commit-1", "async_restart has a bus"),
        ("dual/per_side/reply/k=0/paused@after-commit-1", "there is no reply at k=0"),
        ("dual/per_side/stream/k=2/drop@17", "per_side has no bus"),
        ("dual/async_restart/stream/k=1/drop@17", "a stream has 2 agents, write it like k=2"),
        ("dual/async_restart/stream/k=2/dorp@17", "'dorp' is no fault of a bus, use none or "),
        ("dual/async_restart/stream/k=2/drop@1e9", "'drop@1e9' is no fault of a bus, write it like drop@17"),
        ("dual/async_restart/stream/k=2/drop", "is no fault of a bus"),
        ("dual/async_restart/stream/k=2/drop@99999999999999999999", "is no fault of a bus"),
        ("dual/async_restrt/stream/k=2/drop@1", "is no cell"),
        ("dual/async_restart/stream/drop@1", "it has 4 parts between slashes, not 5"),
    ],
)
def test_a_malformed_one_is_refused_in_one_line_that_says_what_is_wrong(text: str, problem: str) -> None:
    with pytest.raises(UserError, match=re.escape(problem)) as caught:
        parse(text)
    assert str(caught.value).startswith(f"schedule {text!r}: ")
    assert "\n" not in str(caught.value)


@given(
    st.lists(
        st.sampled_from(
            [
                "dual",
                "/",
                "stream",
                "k=2",
                "@",
                "drop",
                "paused",
                "after-commit-1",
                "terminated",
                "1",
                ".",
                "+",
                "async_restart",
                "send",
                "\n",
                "\x00",
            ]
        )
    ).map("".join)
)
def test_whatever_is_put_together_of_its_words_is_read_or_refused_in_one_line(text: str) -> None:
    refused = ""
    try:
        parsed = str(parse(text))
    except UserError as error:
        parsed, refused = "", str(error)
    assert parsed == text or len(refused.splitlines()) == 1
