"""Tables of latency: every ratio beside its absolute figures. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import design_of, in_order, levels_of
from bench.charts.ratios import kind_place
from bench.latency.variants import PLANTED_FAMILY, SAMES
from bench.report.grid import Grid, figure, grid, yes
from bench.results.schema import LatencyQuantiles, LatencyRatio, TailRatio
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds, share


def ratio_grids(latency: Sequence[LatencyRatio]) -> list[Grid]:
    """Every comparison of every family, with the verdict and what it could have found; the primary ones first."""
    compared = [row for row in latency if row.family not in SAMES and row.family != PLANTED_FAMILY]
    judged = ("change [95 %]", "verdict", "detectable", "p", "inside the smallest effect")
    heading = ("family", "kind", "variant", "baseline", *judged, "p50", "baseline p50", "n")
    parts = (("Primary comparisons", True), ("Every other ratio", False))
    return [
        grid(title, heading, map(_ratio, _sorted(rows)), numbers=(6, 7, 9, 10, 11), long=not primary)
        for title, primary in parts
        if (rows := [row for row in compared if row.primary is primary])
    ]


def _sorted(rows: Sequence[LatencyRatio]) -> list[LatencyRatio]:
    families = list(dict.fromkeys(row.family for row in rows))
    order = in_order(design_of(row.variant) for row in rows)
    return sorted(rows, key=lambda row: (families.index(row.family), kind_place(row.kind), order.index(design_of(row.variant))))


def quantile_grids(quantiles: Sequence[LatencyQuantiles]) -> list[Grid]:
    """Absolute latency of every variant and kind, with intervals."""
    if not quantiles:
        return []
    order = in_order(design_of(row.variant) for row in quantiles)
    rows = sorted(quantiles, key=lambda row: (kind_place(row.kind), levels_of(row.variant), order.index(design_of(row.variant))))
    heading = ("kind", "variant", "n", "p50 [95 %]", "p90 [95 %]", "p99 [95 %]")
    return [
        grid(
            "Absolute latency",
            heading,
            map(_quantiles, rows),
            numbers=(2, 3, 4, 5),
            long=True,
        )
    ]


def tail_grids(tails: Sequence[TailRatio]) -> list[Grid]:
    """Ratios of p99, which are told and never ranked."""
    if not tails:
        return []
    order = in_order(design_of(row.variant) for row in tails)
    rows = sorted(tails, key=lambda row: (kind_place(row.kind), order.index(design_of(row.variant)), row.variant))
    heading = ("family", "kind", "variant", "baseline", "change of p99 [95 %]", "n")
    return [grid("Ratios of p99: told, not ranked", heading, map(_tail, rows), numbers=(5,), long=True)]


def same_grids(latency: Sequence[LatencyRatio]) -> list[Grid]:
    """The A/A pair of each kind and the copies with planted costs: what they show, and what a difference must exceed."""
    rows = [row for row in latency if row.family in SAMES or row.family == PLANTED_FAMILY]
    if not rows:
        return []
    heading = ("kind", "pair", "change [95 %]", "holds 0 %", "called", "detectable", "found in 4 of 5", "n")
    rows.sort(key=lambda row: (not row.primary, kind_place(row.kind), row.family, row.variant))
    return [grid("A/A pairs and planted costs", heading, map(_same, rows), numbers=(5, 6, 7))]


def _ratio(row: LatencyRatio) -> tuple[str, ...]:
    change = interval_in_words(Interval(row.ratio, row.low, row.high))
    medians = milliseconds(row.p50_ns), milliseconds(row.baseline_p50_ns)
    judged = (row.verdict, share(row.detectable), _p_value(row.p_value), yes(row.equivalent))
    return (row.family, row.kind, row.variant, row.baseline, change, *judged, *medians, figure(row.n))


def _p_value(value: float) -> str:
    return "< 0.001" if value < 0.001 else f"{value:.3f}"


def _tail(row: TailRatio) -> tuple[str, ...]:
    change = interval_in_words(Interval(row.ratio, row.low, row.high))
    return (row.family, row.kind, row.variant, row.baseline, change, figure(row.n))


def _quantiles(row: LatencyQuantiles) -> tuple[str, ...]:
    points = ((row.p50_ns, row.p50_bounds_ns), (row.p90_ns, row.p90_bounds_ns), (row.p99_ns, row.p99_bounds_ns))
    return (row.kind, row.variant, figure(row.n), *(_point(*point) for point in points))


def _point(point_ns: int | None, bounds_ns: tuple[int, int] | None) -> str:
    told = milliseconds(point_ns)
    if point_ns is None or bounds_ns is None:
        return told
    return f"{told} [{', '.join(map(milliseconds, bounds_ns))}]"


def _same(row: LatencyRatio) -> tuple[str, ...]:
    change = interval_in_words(Interval(row.ratio, row.low, row.high))
    called = "different" if row.separated else "~"
    pair = f"{row.variant} to {row.baseline}"
    found = "–" if row.found_in_4_of_5 is None else share(row.found_in_4_of_5)
    return (row.kind, pair, change, yes(row.low <= 1 <= row.high), called, share(row.detectable), found, figure(row.n))
