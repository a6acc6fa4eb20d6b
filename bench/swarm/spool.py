"""The steps of a run on disk, drawn before it and read one by one: memory does not grow with the length of a run."""

from __future__ import annotations

import pickle
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from bench.load.stream import Step


class Spool:
    """Steps that are written once and then taken in order, each with its due time; make it with `opened`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._due: NDArray[np.int64] = np.zeros(0, np.int64)
        self._place = 0
        self._end = 0
        self._limit_ns = 0
        self._next: Step | None = None
        self.is_stopped = False

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """An empty spool in a file without a name, which goes with the process however that ends."""
        with tempfile.TemporaryFile(prefix="storebench-load-") as file:
            yield cls(file)

    def write(self, step: Step) -> None:
        """One more step."""
        pickle.dump(step, self._file, pickle.HIGHEST_PROTOCOL)
        self._end += 1

    def ready(self, due_ns: NDArray[np.int64], limit_ns: int) -> None:
        """All are written: when each of them is due, and when nothing more is begun."""
        if len(due_ns) != self._end:
            raise ValueError(f"{len(due_ns)} due times for {self._end} steps")
        self._file.flush()
        self._file.seek(0)
        self._due, self._limit_ns = due_ns, limit_ns

    @property
    def due_ns(self) -> int | None:
        """When the next step is due; None when there is none left, or no more are wanted."""
        return int(self._due[self._place]) if self._place < self._end and not self.is_stopped else None

    def take(self) -> Step:
        """The next step."""
        step, self._next = self._next or self._read(), None
        self._place += 1
        return step

    def look_ahead(self) -> None:
        """Read the next step, which would take time when it is due."""
        if self._next is None and self._place < self._end:
            self._next = self._read()

    def is_cut(self, now_ns: int) -> bool:
        """Whether nothing more is begun."""
        return self.is_stopped or now_ns > self._limit_ns

    def stop(self) -> None:
        """Nothing more becomes due, and what is due and was not begun is not begun any more."""
        self.is_stopped = True

    def _read(self) -> Step:
        step = pickle.load(self._file)  # noqa: S301 - what this very process wrote, to a file of its own
        if not isinstance(step, Step):
            raise TypeError(f"{step!r:.100} is no step")
        return step
