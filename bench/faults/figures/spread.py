"""Where kills at random instants found their clients, by what those did and when; and what one transaction makes of it. Pure."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterator, Sequence

from bench.faults.names import BETWEEN
from bench.history.entry import Phase
from bench.results.faults_schema import KillRow
from bench.results.faults_summary_schema import KillContrast, KillSpread
from bench.stats.proportion import EXPOSURES_MIN, newcombe

_NS_PER_MS = 1e6
_ORDER = {str(phase): place for place, phase in enumerate(Phase)}


def spreads(kills: Sequence[KillRow]) -> Iterator[KillSpread]:
    """One for each design and cell, of the kills that are not void; phases in the order in which an operation comes to them."""
    for design, cell in dict.fromkeys((row.design, row.cell) for row in kills):
        own = [row for row in kills if (row.design, row.cell) == (design, cell)]
        judged = [row for row in own if row.happened]
        found = Counter(row.phase for row in judged)
        split = Counter(row.phase for row in judged if row.left == "partial")
        at_ms = sorted(row.at_ns / _NS_PER_MS for row in judged)
        yield KillSpread(
            design=design,
            cell=cell,
            kills=len(judged),
            void=len(own) - len(judged),
            phases={phase: found[phase] for phase in sorted(found, key=_place)},
            split={phase: split[phase] for phase in sorted(split, key=_place)},
            at_ms=[at_ms[0], *_quartiles(at_ms), at_ms[-1]] if at_ms else [],
        )


def contrasts(kills: Sequence[KillRow]) -> Iterator[KillContrast]:
    """One for each design with enough kills that are not void in both cells; fewer are not told as a share."""
    judged = [row for row in kills if row.happened]
    for design in dict.fromkeys(row.design for row in judged):
        apart, one = ([row.left for row in judged if (row.design, row.cell) == (design, cell)] for cell in ("per_side", "joined"))
        if min(len(apart), len(one)) >= EXPOSURES_MIN:
            split, split_in_one = apart.count("partial"), one.count("partial")
            found = newcombe(split, len(apart), split_in_one, len(one))
            yield KillContrast(
                design=design,
                per_side=split,
                per_side_n=len(apart),
                joined=split_in_one,
                joined_n=len(one),
                difference=found.estimate,
                low=found.low,
                high=found.high,
            )


def _quartiles(values: Sequence[float]) -> list[float]:
    return statistics.quantiles(values, n=4, method="inclusive") if len(values) > 1 else [values[0]] * 3


def _place(phase: str) -> tuple[bool, int, int, str]:
    """Between two operations comes last; else by how many transactions were over, then by how far the next one was."""
    doing, _, ended = phase.partition(" after ")
    return phase == BETWEEN, int(ended or 0), _ORDER.get(doing, len(_ORDER)), phase
