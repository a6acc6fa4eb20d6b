"""Tables of a ladder. Pure."""

from __future__ import annotations

from bench.charts.ladder import Stair, staircases
from bench.charts.ratios import kind_place
from bench.report.grid import Grid, figure, grid
from bench.results.ladder_schema import LadderSummary
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds


def ladder_grids(ladder: LadderSummary | None) -> list[Grid]:
    """The rungs, and every step by kind of operation; nothing when the run has no ladder."""
    if ladder is None:
        return []
    rungs = grid(
        "The rungs",
        ("rung", "design", "atomicity", "change", "gaps"),
        [(rung.variant, rung.design, rung.atomicity, rung.change, ", ".join(rung.gaps) or "none") for rung in ladder.rungs],
        codes=(0, 1),
        prose=(3, 4),
    )
    kinds = sorted({row.kind for row in ladder.counts} | {row.kind for row in ladder.ratios}, key=kind_place)
    heading = (
        *("kind", "rung", "k", "transactions", "statements", "round trips", "rows", "WAL records", "WAL bytes"),
        *("step [95 %]", "~", "from the first [95 %]", "p50", "n"),
    )
    rows = [
        (staircase.kind, *_counts(stair), *_ratios(stair)) for staircase in staircases(ladder, kinds) for stair in staircase.stairs
    ]
    return [rungs, grid("Every step", heading, rows, numbers=(*range(2, 9), 12, 13), codes=(1,), long=True)]


def lead(ladder: LadderSummary | None) -> str:
    """What the ladder asks, and what keeps rungs out of it."""
    if ladder is None:
        return ""
    told = (
        f"{ladder.question} Each rung is a whole design, or a level of a factor, that differs from the one before in one change;"
        " all were counted apart and measured in the same rounds. A step is a rung against the one before it, on the same"
        " operations."
    )
    return f"{told} Not compared, because a rung did other work: {'; '.join(ladder.left_out)}." if ladder.left_out else told


def _counts(stair: Stair) -> tuple[str, ...]:
    count = stair.count
    if count is None:
        return (stair.rung.variant, *["–"] * 7)
    exact = (count.transactions, count.statements, count.round_trips, count.rows, count.wal_records, count.wal_bytes)
    return (stair.rung.variant, str(count.k), *map(figure, exact))


def _ratios(stair: Stair) -> tuple[str, ...]:
    step, place = stair.step, stair.place
    if step is None or place is None:
        return ("–", "", "–", "–", "–")
    told = (interval_in_words(Interval(row.ratio, row.low, row.high)) for row in (step, place))
    first, second = told
    return (first, "" if step.separated else "~", second, milliseconds(step.p50_ns), figure(step.n))
