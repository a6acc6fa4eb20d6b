"""Tables of isolated trials, and of the order that instruments put designs into. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.isolated.agreement import INVERTED, OPEN, SAME
from bench.isolated.orders import PGBENCH
from bench.report.grid import Grid, figure, grid
from bench.results.isolated_schema import IsolatedSummary, OrderOf, PairOrder
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds, share

_FIRST = (INVERTED, SAME, OPEN)


def lead(isolated: IsolatedSummary | None, orders: Sequence[PairOrder]) -> str:
    """What was done, and how many pairs of designs are ordered alike."""
    parts = []
    if isolated is not None:
        blocks = len({trial.block for trial in isolated.trials})
        parts.append(
            f"Each design alone, in {blocks} randomised blocks that hold every design once ({isolated.where}):"
            f" differences of {isolated.kind} by blocks, without what designs do to each other on a shared server."
        )
    if orders:
        counts = {word: sum(row.order == word for row in orders) for word in _FIRST}
        parts.append(
            f"Of {len(orders)} pairs of designs, {counts[INVERTED]} are inverted between two instruments that separate them,"
            f" {counts[SAME]} have the same order by all, and {counts[OPEN]} are not separated by all. P-values are corrected for"
            " all pairs of an instrument (Holm)."
        )
        if any(one.instrument.startswith(PGBENCH) for row in orders for one in row.by):
            parts.append(
                "pgbench replays a user's messages alone (sends, no replies), and each number of its clients counts as one."
            )
    return " ".join(parts)


def agreement_grids(isolated: IsolatedSummary | None, orders: Sequence[PairOrder]) -> list[Grid]:
    """Isolated trials against the baseline, every trial, and every pair by every instrument, inversions first."""
    found = []
    if isolated is not None:
        found += [_ratio_grid(isolated), _trial_grid(isolated)]
    if orders:
        rows = sorted(orders, key=lambda row: _FIRST.index(row.order))
        heading = ("a", "b", "order", "a to b, by instrument (~: not separated)", "figures of an inversion")
        cells = [
            (
                row.a,
                row.b,
                row.order,
                "; ".join(f"{one.instrument} {order_in_words(one)}" for one in row.by),
                "; ".join(row.figures) or "–",
            )
            for row in rows
        ]
        found.append(grid("The order of designs by every instrument", heading, cells, prose=(3, 4), long=True))
    return found


def _ratio_grid(isolated: IsolatedSummary) -> Grid:
    order = in_order(row.variant for row in isolated.ratios)
    rows = sorted(isolated.ratios, key=lambda row: order.index(row.variant))
    heading = ("design", "baseline", "change [95 %]", "verdict", "detectable", "p", "blocks")
    cells = [
        (
            row.variant,
            row.baseline,
            interval_in_words(Interval(row.ratio, row.low, row.high)),
            row.verdict,
            share(row.detectable),
            f"{row.p_value:.3f}",
            figure(row.blocks),
        )
        for row in rows
    ]
    return grid(f"Isolated trials: {isolated.kind} against the baseline", heading, cells, numbers=(4, 5, 6))


def _trial_grid(isolated: IsolatedSummary) -> Grid:
    heading = ("block", "place", "design", "p50", "n")
    rows = sorted(isolated.trials, key=lambda trial: (trial.block, trial.place))
    cells = [
        (str(trial.block + 1), str(trial.place + 1), trial.design, milliseconds(trial.p50_ns), figure(trial.n)) for trial in rows
    ]
    return grid("Every isolated trial, in its order", heading, cells, numbers=(0, 1, 3, 4), long=True)


def order_in_words(one: OrderOf) -> str:
    """What one instrument says of a pair: its change with the interval, `~` before it where the two are not separated."""
    return f"{'' if one.separated else '~ '}{interval_in_words(Interval(one.ratio, one.low, one.high))}"
