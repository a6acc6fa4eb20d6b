"""Latency of every block of every session, a dot each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import design_of, in_order
from bench.results.paired_schema import BlockMedian


@dataclass(frozen=True, slots=True)
class Row:
    """The blocks of one variant, in the order of sessions and blocks."""

    variant: str
    dots: tuple[BlockMedian, ...]


def rows(found: Sequence[BlockMedian]) -> list[Row]:
    """A row for each variant, designs in their order, copies of the baseline behind it."""
    by_variant: dict[str, list[BlockMedian]] = {}
    for dot in found:
        by_variant.setdefault(dot.variant, []).append(dot)
    order = in_order(map(design_of, by_variant))
    names = sorted(by_variant, key=lambda name: (order.index(design_of(name)), name))
    return [Row(name, tuple(sorted(by_variant[name], key=lambda dot: (dot.session, dot.block)))) for name in names]


def middles(found: Sequence[Row]) -> Mapping[str, float]:
    """The median of each variant's blocks, in nanoseconds."""
    return {row.variant: float(sorted(dot.p50_ns for dot in row.dots)[len(row.dots) // 2]) for row in found}


def as_table(found: Sequence[Row]) -> Table:
    """One row for each dot."""
    return Table(
        ("variant", "session", "block", "n", "p50_ns"),
        tuple((dot.variant, dot.session, dot.block, dot.n, dot.p50_ns) for row in found for dot in row.dots),
    )
