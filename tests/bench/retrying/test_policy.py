from __future__ import annotations

import pytest

from bench.drive.drivers import Completion, Told
from bench.retrying.policy import is_tried_again, may_pass, told_of

OK = Completion(Told.OK)
LOST = Completion(Told.FAIL, reason="connection lost", lost=True)
UNKNOWN = Completion(Told.INFO, reason="connection lost", lost=True)
REFUSED = Completion(Told.FAIL, reason="the message is gone")


def failed(sqlstate: str, told: Told = Told.FAIL) -> Completion:
    return Completion(told, reason=sqlstate, sqlstate=sqlstate)


@pytest.mark.parametrize(
    "completion",
    [
        *map(failed, ("40001", "40P01", "08000", "08006", "57P01", "57P02", "57P03")),
        *(LOST, UNKNOWN, failed("23503", Told.INFO), failed("40001", Told.INFO)),
    ],
)
def test_what_may_pass_is_tried_again(completion: Completion) -> None:
    assert may_pass(completion)
    assert is_tried_again([completion], 1)


@pytest.mark.parametrize(
    "completion",
    [
        *(OK, REFUSED, failed("23505"), failed("23505", Told.INFO)),
        *map(failed, ("23503", "23514", "42P01", "53100", "57014", "40002", "408P01")),
    ],
)
def test_what_stays_is_not_tried_again(completion: Completion) -> None:
    assert not may_pass(completion)
    assert not is_tried_again([completion], 9)


def test_attempts_are_counted_from_the_first_one() -> None:
    assert not is_tried_again([LOST], 0)
    assert is_tried_again([LOST, LOST], 2)
    assert not is_tried_again([LOST, LOST, LOST], 2)


def test_of_several_attempts_the_caller_is_told_what_is_known() -> None:
    assert told_of([LOST, UNKNOWN, OK]) == OK
    assert told_of([LOST, LOST]) == LOST
    assert told_of([LOST, UNKNOWN]) == UNKNOWN
    # The first may have happened: that its id is taken now even says so.
    told = told_of([UNKNOWN, failed("23505")])
    assert (told.told, told.sqlstate) == (Told.INFO, "23505")
