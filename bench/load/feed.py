"""Where the steps of a stretch come from, one after another, each with its due time. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bench.load.stream import Step


class Feed(Protocol):
    """The steps that are still to come, in the order of their due times.

    `due_ns` is when the next one is due, after the beginning of the stretch; None when none is left. `is_cut` says whether nothing
    is begun any more at that time. `look_ahead` is called when nobody waits for an answer and there is time to make steps ready.
    """

    @property
    def due_ns(self) -> int | None: ...

    def take(self) -> Step: ...

    def look_ahead(self) -> None: ...

    def is_cut(self, now_ns: int) -> bool: ...


class Listed:
    """Steps that are all there, and a limit after which nothing more is begun."""

    def __init__(self, steps: Sequence[Step], due_ns: NDArray[np.int64], limit_ns: int) -> None:
        self._steps = steps
        self._due = [int(due) for due in due_ns]
        self._limit_ns = limit_ns
        self._place = 0

    @property
    def due_ns(self) -> int | None:
        """When the next step is due."""
        return self._due[self._place] if self._place < len(self._due) else None

    def take(self) -> Step:
        """The next step."""
        step = self._steps[self._place]
        self._place += 1
        return step

    def look_ahead(self) -> None:
        """Nothing is to be made ready."""

    def is_cut(self, now_ns: int) -> bool:
        """Whether the limit is over."""
        return now_ns > self._limit_ns
