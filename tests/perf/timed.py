"""What the suite uses of pytest-benchmark's fixture, whose methods have no annotations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Times(Protocol):
    """The rounds of a benchmark, in seconds."""

    data: list[float]


class Statistics(Protocol):
    """What is known of a benchmark that ran."""

    stats: Times


class Benchmark(Protocol):
    """The fixture `benchmark`."""

    group: str | None
    extra_info: dict[str, Any]
    stats: Statistics

    def pedantic(
        self, target: Callable[..., Any], *, rounds: int, warmup_rounds: int, setup: Callable[[], Any] | None = None
    ) -> Any:
        """Call the target once a round, after the set-up of that round; the answer of the last call."""
