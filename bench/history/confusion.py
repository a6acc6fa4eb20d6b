"""Two labels of the same operations against each other: what a client makes of its last error, and what the server did. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bench.drive.drivers import Told
from bench.history.classify import naive
from bench.history.entry import Entry, Truth
from bench.results.faults_schema import LabelCount, SweepRow


@dataclass(frozen=True, slots=True)
class Confusion:
    """How many operations had which label (`Told`) while which was true."""

    counts: Mapping[tuple[Told, Truth], int]

    @property
    def operations(self) -> int:
        """All of them."""
        return sum(self.counts.values())

    @property
    def false_acknowledgements(self) -> int:
        """Labelled ok, and not wholly there."""
        return self._of(Told.OK, (Truth.ABORTED, Truth.PARTIAL))

    @property
    def false_failures(self) -> int:
        """Labelled fail, and there wholly or in part."""
        return self._of(Told.FAIL, (Truth.COMMITTED, Truth.PARTIAL))

    @property
    def unresolved(self) -> int:
        """Of which nobody could say in the end what was true."""
        return self._of(None, (Truth.UNKNOWN,))

    def _of(self, label: Told | None, truths: tuple[Truth, ...]) -> int:
        return sum(n for (told, truth), n in self.counts.items() if (label is None or told is label) and truth in truths)


def of_pairs(pairs: Iterable[tuple[Told, Truth]]) -> Confusion:
    """The matrix of these labels and truths."""
    return Confusion(Counter(pairs))


def naive_against_resolved(entries: Iterable[Entry]) -> Confusion:
    """Each operation by its last error alone, against what the server did; one that never ended has no last error, and no label."""
    return of_pairs((naive(entry.attempts), entry.truth) for entry in entries if entry.completed_ns is not None)


def told_against_resolved(entries: Iterable[Entry]) -> Confusion:
    """What each caller was told, against what the server did."""
    return of_pairs((entry.told, entry.truth) for entry in entries)


def confusion(rows: Iterable[SweepRow]) -> list[LabelCount]:
    """The matrix of each design and cell, over exposures that happened; in order of design, cell and label."""
    counts = Counter((row.design, row.cell, row.naive, row.truth) for row in rows if row.happened)
    return [
        LabelCount(design=design, cell=cell, naive=label, resolved=resolved, n=n)
        for (design, cell, label, resolved), n in sorted(counts.items())
    ]
