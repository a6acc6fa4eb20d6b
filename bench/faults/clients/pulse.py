"""What a process is doing, in memory that outlives it: its parent can look when a signal has ended it."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Self

from bench.history.entry import Phase

_PHASES = tuple(Phase)
_COMMITTED_MAX = 255


class Pulse:
    """Shared by a process and the children that it forks afterwards; make it with `shared`."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self.beats(Phase.CONNECT, 0)

    @classmethod
    @contextmanager
    def shared(cls) -> Iterator[Self]:
        """A pulse that says `connect` until it is told otherwise."""
        with mmap.mmap(-1, 2) as memory:
            yield cls(memory)

    def beats(self, phase: Phase, ended: int) -> None:
        """Note the phase that an operation comes to, and how many of its transactions have ended."""
        # One copy of two bytes: a reader never sees one without the other.
        self._memory[:] = bytes((_PHASES.index(phase), min(ended, _COMMITTED_MAX)))

    @property
    def last(self) -> tuple[Phase, int]:
        """The phase and the number of transactions that had ended when it last beat."""
        phase, ended = self._memory[:]
        return _PHASES[phase], ended
