"""What a measure answers, and the words it uses. Pure."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass

from bench.results.run_record import RunRecord
from bench.results.schema import Summary


class Word(enum.StrEnum):
    """The five verdicts."""

    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_SEPARATED = "not separated"
    NOT_MEASURABLE = "not measurable here"
    NOT_YET = "not measured yet"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A verdict with the sentence that gives its figures."""

    word: Word
    evidence: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a measure may look at."""

    summary: Summary
    run: RunRecord


class Missing(Exception):
    """What a measure would need and this run does not have; the text names it."""


class NotComparable(Exception):
    """The designs that a measure would compare did not do the same work; the text says which of them, and why."""


def decided(holds: bool, evidence: str) -> Verdict:
    """Supported when the claim holds, refuted otherwise."""
    return Verdict(Word.SUPPORTED if holds else Word.REFUTED, evidence)


def listed(values: Iterable[object]) -> str:
    """Values as prose: "1, 2 and 4"; numbers without needless digits."""
    words = [f"{value:.4g}" if isinstance(value, float) else str(value) for value in values]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else "none"


def counted(n: int, thing: str) -> str:
    """A number with its noun: "1 row", "3 rows"."""
    return f"{n} {thing}" if n == 1 else f"{n} {thing}s"
