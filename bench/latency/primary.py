"""Which comparison of a run is its primary one, and what its kinds of operation are called. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.latency.pooling import kinds_of
from bench.results.schema import LatencyRatio
from bench.scenes import HEADLINE, MESSAGES


def primary_kind(rows: Sequence[LatencyRatio]) -> str:
    """The kind, or kinds taken together, that a run declared as primary; a send for a run that declared nothing."""
    return next((row.kind for row in rows if row.primary), HEADLINE)


def one_of(kind: str) -> str:
    """One operation of the kind in words: `a send`, `a message (send and reply)`."""
    kinds = [one.replace("_", " ") for one in kinds_of(kind)]
    if len(kinds) == 1:
        return f"{'an' if kinds[0][0] in 'aeiou' else 'a'} {kinds[0]}"
    whole = "a message" if set(kinds) <= set(MESSAGES) else "an operation"
    return f"{whole} ({', '.join(kinds[:-1])} and {kinds[-1]})"
