"""A question of a reviewer, and what a run is asked for to answer it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bench.aligning import aligned
from bench.latency.samples import Paired
from bench.results.run_record import RunRecord, TrialRecord
from bench.results.schema import Summary

PRIMARY_FAMILY = "per_side"
_INSTRUMENTS = ("checkpoints", "costs", "load", "growth", "ladder", "pgbench", "isolated", "orders")
"""Parts of a summary that have a profile of their own."""


class AbsentError(Exception):
    """This run did not measure what the answer needs; the text says what would."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is stored of a run: its record, its summary, what is said of each trial, the warm paired latencies."""

    run: RunRecord
    summary: Summary
    trials: Sequence[TrialRecord]
    paired: Sequence[Paired]

    def filled(self, other: Evidence) -> Evidence:
        """The same, with the instruments that this run did without taken from another run."""
        lacking = [part for part in _INSTRUMENTS if not getattr(self.summary, part)]
        parts = {part: getattr(other.summary, part) for part in lacking}
        return replace(self, summary=self.summary.model_copy(update=parts))

    @property
    def settings(self) -> Mapping[str, object]:
        """The server's settings."""
        found = self.run.server.get("settings")
        return found if isinstance(found, dict) else {}


Answer = Callable[[Evidence], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Point:
    """A question by its number; `missing` are parts of an answer that nothing here measures yet."""

    number: int
    question: str
    answer: Answer
    missing: tuple[str, ...] = ()


def absent(what: str, profile: str) -> AbsentError:
    """That a run has no such part, and which profile measures it."""
    return AbsentError(f"this run has no {what}: storebench run --profile {profile} measures it")


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other, the first to the left and the others to the right."""
    yield from aligned([heading, *rows])
