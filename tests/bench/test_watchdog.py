"""A call that does not come back is ended; waiting, and many short calls, are not its business."""

from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bench.watchdog import Endless, watching

LIMIT_S = 0.05


@pytest.fixture(autouse=True)
def _own_timer() -> Iterator[None]:
    """The time limit of a test uses the same timer: it is put aside meanwhile."""
    seconds, interval = signal.setitimer(signal.ITIMER_REAL, 0)
    yield
    signal.setitimer(signal.ITIMER_REAL, seconds, interval)


def forever() -> None:
    while True:
        pass


def stubborn() -> None:
    while True:
        with suppress(Exception):
            forever()


def brief() -> None:
    time.sleep(LIMIT_S / 50)


def body() -> Iterator[int]:
    yield 1
    forever()


@pytest.mark.parametrize("call", [forever, stubborn])
def test_a_call_that_does_not_come_back_is_ended(call: object) -> None:
    with watching([call], LIMIT_S), pytest.raises(Endless, match="does not come back"):  # type: ignore[list-item]
        call()  # type: ignore[operator]


def test_a_generator_that_does_not_go_on_is_ended() -> None:
    with watching([body], LIMIT_S):
        running = body()
        assert next(running) == 1
        with pytest.raises(Endless):
            next(running)


def test_many_short_calls_and_a_long_wait_between_them_are_left_alone() -> None:
    with watching([brief], LIMIT_S):
        for _ in range(100):
            brief()
        time.sleep(LIMIT_S * 4)


def test_what_is_not_watched_may_take_its_time() -> None:
    end_s = time.monotonic() + LIMIT_S * 4
    with watching([brief], LIMIT_S):
        while time.monotonic() < end_s:
            pass


def test_afterwards_the_timer_is_off_and_the_handler_is_the_old_one() -> None:
    before = signal.getsignal(signal.SIGALRM)
    with watching([brief], LIMIT_S):
        assert signal.getsignal(signal.SIGALRM) is not before
    assert signal.getsignal(signal.SIGALRM) is before
    assert signal.getitimer(signal.ITIMER_REAL)[0] == 0
