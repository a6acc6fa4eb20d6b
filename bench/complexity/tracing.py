"""Which functions a piece of work runs, as the interpreter sees it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType


def functions_run(work: Callable[[], None]) -> set[CodeType]:
    """The code of every Python function that runs, generators included. Takes the interpreter's profiling hook meanwhile."""
    seen: set[CodeType] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            seen.add(frame.f_code)

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return seen
