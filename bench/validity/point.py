"""A question of a reviewer, and what a run is asked for to answer it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bench.aligning import aligned
from bench.latency.samples import Paired
from bench.results.run_record import RunRecord, TrialRecord
from bench.results.schema import Summary

PRIMARY_FAMILY = "per_side"
INSTRUMENTS = (
    *("anatomy", "checkpoints", "crash", "faults", "costs", "reads"),
    *("load", "growth", "ladder", "pgbench", "isolated", "orders"),
)
"""Parts of a summary that another run may have measured: all but paired sessions, whose configuration and proofs go with them."""

_MACHINE = ("processor", "cpus", "cpus_usable", "memory_bytes", "kernel")


class AbsentError(Exception):
    """This run did not measure what the answer needs; the text says what would."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is stored of a run: its record, its summary, what is said of each trial, the warm paired latencies.

    `name` is that of its folder. `borrowed` says of each instrument that the run did without which run it was taken from.
    `first_measured` are the kinds whose first operation of a session was measured already, with the number of such sessions.
    """

    run: RunRecord
    summary: Summary
    trials: Sequence[TrialRecord]
    paired: Sequence[Paired]
    name: str = "the run"
    borrowed: Mapping[str, str] = field(default_factory=dict)
    first_measured: Mapping[str, int] = field(default_factory=dict)

    def filled(self, other: Evidence) -> Evidence:
        """The same, with the instruments that this run did without taken from another run."""
        lacking = [part for part in INSTRUMENTS if not getattr(self.summary, part)]
        parts = {part: found for part in lacking if (found := getattr(other.summary, part))}
        told = f"from {other.name}{_beside(self.run, other.run)}"
        borrowed = {**self.borrowed, **dict.fromkeys(parts, told)}
        return replace(self, summary=self.summary.model_copy(update=parts), borrowed=borrowed)

    @property
    def settings(self) -> Mapping[str, object]:
        """The server's settings."""
        found = self.run.server.get("settings")
        return found if isinstance(found, dict) else {}


Answer = Callable[[Evidence], Iterator[str]]


@dataclass(frozen=True, slots=True)
class Point:
    """A question by its number; `missing` are parts of an answer that nothing here measures yet.

    `instruments` are the parts of a summary that the answer is made from and that another run may have measured.
    """

    number: int
    question: str
    answer: Answer
    missing: tuple[str, ...] = ()
    instruments: tuple[str, ...] = ()


def _beside(first: RunRecord, second: RunRecord) -> str:
    """In what two runs differ that should not, in words; nothing where they do not."""
    pairs = {
        "commit": (first.commit, second.commit),
        "sources": (first.code, second.code),
        "machine": tuple([run.machine.get(name) for name in _MACHINE] for run in (first, second)),
        "PostgreSQL": tuple(run.server.get("server_version") for run in (first, second)),
    }
    differing = [name for name, (one, other) in pairs.items() if one != other]
    return f", which had another {', another '.join(differing)}" if differing else ""


def absent(what: str, profile: str) -> AbsentError:
    """That a run has no such part, and which profile measures it."""
    return AbsentError(f"this run has no {what}: storebench run --profile {profile} measures it")


def table(heading: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns under each other, the first to the left and the others to the right."""
    yield from aligned([heading, *rows])
