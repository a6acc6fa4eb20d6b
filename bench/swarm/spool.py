"""The steps of a run on disk, drawn before it and read one by one: memory does not grow with the length of a run."""

from __future__ import annotations

import pickle
import struct
import tempfile
import zlib
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Self

import numpy as np
from numpy.typing import NDArray

from bench.load.stream import Step

_LENGTH = struct.Struct("!I")
_FAST = 1
"""Of zlib's levels: the answers that reads must give are long, and full of the same words."""

AHEAD = 4
"""Steps that are read ahead, each in some tenth of a millisecond: what becomes due at once is mostly there, and it takes less time
than is left when somebody looks ahead (`bench.swarm.crowd.SPIN_NS`)."""


class Spool:
    """Steps that are written once and then taken in order, each with its due time; make it with `opened`."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._due: NDArray[np.int64] = np.zeros(0, np.int64)
        self._place = 0
        self._end = 0
        self._limit_ns = 0
        self._ahead: deque[Step] = deque()
        self._read = 0
        self.is_stopped = False

    @classmethod
    @contextmanager
    def opened(cls) -> Iterator[Self]:
        """An empty spool in a file without a name, which goes with the process however that ends."""
        with tempfile.TemporaryFile(prefix="storebench-load-") as file:
            yield cls(file)

    def write(self, step: Step) -> None:
        """One more step."""
        packed = zlib.compress(pickle.dumps(step, pickle.HIGHEST_PROTOCOL), _FAST)
        self._file.write(_LENGTH.pack(len(packed)) + packed)
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
        self._place += 1
        return self._ahead.popleft() if self._ahead else self._next()

    def look_ahead(self) -> None:
        """Read the next steps, which would take time when they are due."""
        while len(self._ahead) < AHEAD and self._read < self._end:
            self._ahead.append(self._next())

    def is_cut(self, now_ns: int) -> bool:
        """Whether nothing more is begun."""
        return self.is_stopped or now_ns > self._limit_ns

    def stop(self) -> None:
        """Nothing more becomes due, and what is due and was not begun is not begun any more."""
        self.is_stopped = True

    def _next(self) -> Step:
        self._read += 1
        (length,) = _LENGTH.unpack(self._file.read(_LENGTH.size))
        step = pickle.loads(zlib.decompress(self._file.read(length)))  # noqa: S301 - what this process wrote, to a file of its own
        if not isinstance(step, Step):
            raise TypeError(f"{step!r:.100} is no step")
        return step
