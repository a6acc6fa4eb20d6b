"""Two labels of the same operations against each other: what a client makes of its last error, and what the server did. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from bench.results.faults_schema import LabelCount, SweepRow


def confusion(rows: Iterable[SweepRow]) -> list[LabelCount]:
    """The matrix of each design and cell, over exposures that happened; in order of design, cell and label."""
    counts = Counter((row.design, row.cell, row.naive, row.truth) for row in rows if row.happened)
    return [
        LabelCount(design=design, cell=cell, naive=label, resolved=resolved, n=n)
        for (design, cell, label, resolved), n in sorted(counts.items())
    ]
