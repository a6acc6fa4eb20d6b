"""Where time goes: what was spent on each of a few named things. The clock is passed in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager


class Spent:
    """Adds up times of one thread by name; `clock` gives nanoseconds."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock = clock
        self.by_name_ns: dict[str, int] = defaultdict(int)

    @contextmanager
    def on(self, name: str) -> Iterator[None]:
        """What is done inside counts for this name."""
        start_ns = self._clock()
        try:
            yield
        finally:
            self.by_name_ns[name] += self._clock() - start_ns
