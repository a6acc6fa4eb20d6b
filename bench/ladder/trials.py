"""The trials of a ladder by name, in their order, and which variants of it are compared. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.latency.variants import AGAIN, SAME, Contrast

PREFIX, COUNTS = "ladder-", "ladder-counts"

RUNGS = "rungs.jsonl"
"""The file that says what the rungs are."""

STEP, WHOLE = "step", "from the first"
"""The families: each rung against the one before, and against the first."""


def trials(sessions: int) -> Iterator[str]:
    """Every trial of a ladder with so many paired sessions."""
    yield COUNTS
    yield from map(session_trial, range(sessions))


def session_trial(session: int) -> str:
    """The name of a paired session."""
    return f"{PREFIX}{session:03d}"


def again(first: str) -> str:
    """The first rung a second time: the A/A pair."""
    return f"{first}[{AGAIN}]"


def contrasts(variants: Sequence[str]) -> list[Contrast]:
    """The A/A pair, each rung against the one before it, and each against the first."""
    first, *others = variants
    found = [Contrast(SAME, again(first), first)]
    found += [Contrast(STEP, variant, before) for before, variant in zip(variants, others, strict=False)]
    return found + [Contrast(WHOLE, variant, first) for variant in others]
