"""A clock over a stranger's code: a call that does not come back is ended, at no cost to those that do.

A timer looks at the stack now and then. Code that waits for the server or sleeps between calls is never on it; code of a design
is, below one of the calls that `bench.guarded` and `bench.registry` make. The same call seen twice has taken longer than the limit.
"""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import CodeType, FrameType
from typing import Any

LIMIT_S = 10.0
"""Seconds that one call into a design may take."""


class Endless(BaseException):
    """A call did not come back. No `Exception`, so that code which catches those does not swallow it."""


@contextmanager
def watching(calls: Iterable[Callable[..., Any]], limit_s: float = LIMIT_S) -> Iterator[None]:
    """Raise `Endless` inside the code below any of these functions when one call of it lasts longer than the limit.

    It is raised between one and two limits after the call began. For the main thread only; the timer is the process's own.
    """
    watched = frozenset(call.__code__ for call in calls)
    seen: FrameType | None = None

    def look(number: int, frame: FrameType | None) -> None:
        nonlocal seen
        del number
        found = _outermost(frame, watched)
        if found is not None and found is seen:
            seen = None
            raise Endless(f"does not come back: more than {limit_s:g} s in one call")
        seen = found

    before = signal.signal(signal.SIGALRM, look)
    signal.setitimer(signal.ITIMER_REAL, limit_s, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def _outermost(frame: FrameType | None, watched: frozenset[CodeType]) -> FrameType | None:
    """The call that was made first among those that are under way."""
    found = None
    while frame is not None:
        if frame.f_code in watched:
            found = frame
        frame = frame.f_back
    return found
