"""Tables of latency: every ratio beside its absolute figures. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from bench.charts.palette import design_of, in_order, levels_of
from bench.charts.ratios import SAME, kind_place
from bench.report.grid import Grid, figure, grid, yes
from bench.results.schema import LatencyQuantiles, LatencyRatio
from bench.stats.quantiles import QuantileInterval, quantile_interval
from bench.stats.ratio import Interval, noise
from bench.stats.words import interval_in_words, milliseconds, percent_change


def ratio_grids(latency: Sequence[LatencyRatio]) -> list[Grid]:
    """Every comparison of every family; `~` where it is not separated."""
    compared = [row for row in latency if row.family != SAME]
    if not compared:
        return []
    families = list(dict.fromkeys(row.family for row in compared))
    order = in_order(design_of(row.variant) for row in compared)
    compared.sort(key=lambda row: (families.index(row.family), kind_place(row.kind), order.index(design_of(row.variant))))
    heading = ("family", "kind", "variant", "baseline", "change [95 %]", "~", "p50", "baseline p50", "n")
    return [grid("Every ratio", heading, map(_ratio, compared), numbers=(6, 7, 8), long=True)]


def quantile_grids(quantiles: Sequence[LatencyQuantiles], latencies: Mapping[str, Mapping[str, NDArray[np.int64]]]) -> list[Grid]:
    """Absolute latency of every variant and kind; intervals from the raw latencies where they are at hand."""
    if not quantiles:
        return []
    order = in_order(design_of(row.variant) for row in quantiles)
    rows = sorted(quantiles, key=lambda row: (kind_place(row.kind), levels_of(row.variant), order.index(design_of(row.variant))))
    heading = ("kind", "variant", "n", "p50 [95 %]", "p90 [95 %]", "p99 [95 %]")
    return [
        grid(
            "Absolute latency",
            heading,
            [_quantiles(row, latencies.get(row.kind, {}).get(row.variant)) for row in rows],
            numbers=(2, 3, 4, 5),
            long=True,
        )
    ]


def same_grids(latency: Sequence[LatencyRatio]) -> list[Grid]:
    """The A/A pair of each kind, and what it hides."""
    rows = [row for row in latency if row.family == SAME]
    if not rows:
        return []
    heading = ("kind", "pair", "change [95 %]", "holds 0 %", "hides differences up to", "n")
    rows.sort(key=lambda row: kind_place(row.kind))
    return [grid("A/A pairs", heading, map(_same, rows), numbers=(4, 5))]


def _ratio(row: LatencyRatio) -> tuple[str, ...]:
    change = interval_in_words(Interval(row.ratio, row.low, row.high))
    medians = milliseconds(row.p50_ns), milliseconds(row.baseline_p50_ns)
    return (row.family, row.kind, row.variant, row.baseline, change, "" if row.separated else "~", *medians, figure(row.n))


def _quantiles(row: LatencyQuantiles, values: NDArray[np.int64] | None) -> tuple[str, ...]:
    # Intervals belong to the summary's figures only if they come from the same operations.
    raw = values if values is not None and len(values) == row.n else None
    points = ((0.50, row.p50_ns), (0.90, row.p90_ns), (0.99, row.p99_ns))
    return (row.kind, row.variant, figure(row.n), *(_point(q, point, raw) for q, point in points))


def _point(q: float, point_ns: int | None, values: NDArray[np.int64] | None) -> str:
    if point_ns is None:
        return "–"
    bounds: QuantileInterval | None = quantile_interval(values, q) if values is not None else None
    told = milliseconds(point_ns)
    return told if bounds is None else f"{told} [{milliseconds(bounds.low)}, {milliseconds(bounds.high)}]"


def _same(row: LatencyRatio) -> tuple[str, ...]:
    interval = Interval(row.ratio, row.low, row.high)
    hidden = percent_change(float(np.exp(noise(interval)))).replace("+", "±")
    holds = row.low <= 1 <= row.high
    return (row.kind, f"{row.variant} to {row.baseline}", interval_in_words(interval), yes(holds), hidden, figure(row.n))
