"""The A/A pair and the copies with planted costs: what a run shows of what is known. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import levels_of
from bench.charts.ratios import kind_place
from bench.latency.planting import is_mark, parse
from bench.latency.variants import PLANTED_FAMILY, SAME
from bench.results.schema import LatencyRatio
from bench.scenes import MESSAGES


@dataclass(frozen=True, slots=True)
class Line:
    """One comparison of a copy with its original; `planted` is the share that was added, 0 for none, None for a statement."""

    row: LatencyRatio
    planted: float | None


@dataclass(frozen=True, slots=True)
class Panel:
    """All copies by one kind of operation."""

    kind: str
    lines: tuple[Line, ...]


def panels(latency: Iterable[LatencyRatio]) -> list[Panel]:
    """A panel for the primary kinds together, and for each kind that writes a message."""
    shown = [row for row in latency if row.primary or row.kind in MESSAGES]
    rows = [row for row in shown if row.family in {SAME, PLANTED_FAMILY}]
    kinds = sorted(
        {row.kind for row in rows}, key=lambda kind: (not any(r.primary for r in rows if r.kind == kind), kind_place(kind))
    )
    found = []
    for kind in kinds:
        lines = sorted((_line(row) for row in rows if row.kind == kind), key=_size)
        found.append(Panel(kind, tuple(lines)))
    return found


def _line(row: LatencyRatio) -> Line:
    marks = [parse(level) for level in levels_of(row.variant) if is_mark(level)]
    if not marks:
        return Line(row, 0.0)
    return Line(row, None if marks[0].statement else marks[0].share)


def _size(line: Line) -> tuple[bool, float, str]:
    return (line.planted is None, line.planted or 0.0, line.row.variant)


def as_table(found: Iterable[Panel]) -> Table:
    """One row for each comparison."""
    return Table(
        ("kind", "variant", "planted", "n", "ratio", "low", "high", "detectable", "called_different"),
        tuple(
            (
                panel.kind,
                line.row.variant,
                line.planted,
                line.row.n,
                line.row.ratio,
                line.row.low,
                line.row.high,
                line.row.detectable,
                "yes" if line.row.separated else "no",
            )
            for panel in found
            for line in panel.lines
        ),
    )
