"""What takeovers left that is not whole, with the replay of the first of each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.faults.figures.matrix import NOT_CLEAN, acknowledged
from bench.results.faults_schema import PauseRow
from bench.results.faults_summary_schema import TakeoverRecord


def takeovers(pauses: Sequence[PauseRow]) -> Iterator[TakeoverRecord]:
    """One for each design, cell and end that is not clean; void exposures count for nothing.

    An operation of which nothing is left is clean when neither client heard ok.
    """
    for design, cell in dict.fromkeys((row.design, row.cell) for row in pauses):
        judged = [row for row in pauses if (row.design, row.cell) == (design, cell) and row.happened]
        for end in NOT_CLEAN:
            own = [row for row in judged if row.left == end and (end != "lost" or acknowledged(row))]
            if own:
                silent = sum(map(acknowledged, own))
                yield TakeoverRecord(
                    design=design,
                    cell=cell,
                    left=end,
                    exposures=len(judged),
                    n=len(own),
                    silent=silent,
                    schedule=own[0].schedule,
                )
