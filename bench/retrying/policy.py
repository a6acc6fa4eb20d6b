"""When an operation is tried again, and what its client is told of several attempts. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bench.drive.drivers import Completion, Told
from bench.history.classify import Word, told_of_attempts

UNIQUE_VIOLATION = "23505"
_MAY_PASS = re.compile(r"40001|40P01|08...|57P0.")
"""Serialization failure, deadlock, connection exceptions, and the server's shutting down or ending of a session."""


def may_pass(completion: Completion) -> bool:
    """Whether the same attempt may end otherwise a moment later: a definite abort of a passing kind, or an end unknown.

    A row that is there already stays there: 23505 ends an operation, whatever happened before it.
    """
    if completion.told is Told.OK or completion.sqlstate == UNIQUE_VIOLATION:
        return False
    passing = completion.sqlstate is not None and _MAY_PASS.fullmatch(completion.sqlstate) is not None
    return completion.told is Told.INFO or completion.lost or passing


def is_tried_again(completions: Sequence[Completion], retry: int) -> bool:
    """Whether there is one more attempt after these, when an operation gets `retry` more than the first."""
    return len(completions) <= retry and may_pass(completions[-1])


def told_of(completions: Sequence[Completion]) -> Completion:
    """What the caller is told of all attempts: ok if one was, unknown if one was, else the last failure.

    An attempt that ended unknown may have happened, whatever the next one was told.
    """
    last = completions[-1]
    word = told_of_attempts([Word(completion.told) for completion in completions]).told
    return last if word is last.told else replace(last, told=word)
