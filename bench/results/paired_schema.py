"""The records that paired sessions add to a summary."""

from __future__ import annotations

from bench.results.record import Record


class BlockMedian(Record):
    """A variant in one block of a session: the median of `n` latencies of the primary kinds together."""

    variant: str
    session: int
    block: int
    n: int
    p50_ns: int
