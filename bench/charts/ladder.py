"""A ladder as steps: the data of the waterfall. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.results.ladder_schema import LadderSummary, RungCount, RungRatio, RungRecord
from bench.scenes import WARM

STEP, WHOLE = "step", "from the first"


@dataclass(frozen=True, slots=True)
class Stair:
    """One rung for one kind of operation: where it is against the first rung, the step to it, and its exact counts.

    The first rung has neither a step nor a place but 1; where a rung is not compared, or has too few pairs, they are None.
    """

    rung: RungRecord
    place: RungRatio | None
    step: RungRatio | None
    count: RungCount | None


@dataclass(frozen=True, slots=True)
class Staircase:
    """All rungs for one kind of operation, in order."""

    kind: str
    k: int
    stairs: tuple[Stair, ...]


def staircases(ladder: LadderSummary, kinds: Sequence[str]) -> list[Staircase]:
    """One for each of these kinds of which there are ratios or counts."""
    found = []
    for kind in kinds:
        counts = {row.variant: row for row in sorted(ladder.counts, key=lambda row: row.k) if (row.kind, row.state) == (kind, WARM)}
        ratios = {(row.family, row.variant): row for row in ladder.ratios if row.kind == kind}
        if counts or ratios:
            stairs = tuple(
                Stair(
                    rung,
                    ratios.get((WHOLE, rung.variant)),
                    ratios.get((STEP, rung.variant)),
                    counts.get(rung.variant),
                )
                for rung in ladder.rungs
            )
            found.append(Staircase(kind, max((row.k for row in counts.values()), default=0), stairs))
    return found


def as_table(found: Sequence[Staircase]) -> Table:
    """One row for each rung and kind."""
    heading = ("kind", "rung", "change", "k", "transactions", "statements", "round_trips", "rows", "wal_records", "wal_bytes")
    measured = ("step", "step_low", "step_high", "separated", "from_first", "n", "p50_ns")
    rows = [(staircase.kind, stair) for staircase in found for stair in staircase.stairs]
    return Table((*heading, *measured), tuple((*_counts(kind, stair), *_ratios(stair)) for kind, stair in rows))


def _counts(kind: str, stair: Stair) -> tuple[str | int | float | None, ...]:
    count = stair.count
    exact = (
        (None,) * 7
        if count is None
        else (count.k, count.transactions, count.statements, count.round_trips, count.rows, count.wal_records, count.wal_bytes)
    )
    return (kind, stair.rung.variant, stair.rung.change, *exact)


def _ratios(stair: Stair) -> tuple[str | int | float | None, ...]:
    step, place = stair.step, stair.place
    if step is None or place is None:
        return (None,) * 7
    return (step.ratio, step.low, step.high, "yes" if step.separated else "no", place.ratio, step.n, step.p50_ns)
