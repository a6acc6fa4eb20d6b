"""Growth of latency and of exact counts with a size: the data of the lines. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.results.growth_schema import CountPoint, GrowthPoint, GrowthSlope, GrowthSummary, WallExponent, WallRow


@dataclass(frozen=True, slots=True)
class Line:
    """One design in one panel: its points, measured ones first, and its slope if there is one."""

    design: str
    points: tuple[GrowthPoint, ...]
    slope: GrowthSlope | None


@dataclass(frozen=True, slots=True)
class Panel:
    """One kind of operation along an axis."""

    axis: str
    kind: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """One exact count against k, by design."""

    what: str
    lines: tuple[tuple[str, tuple[CountPoint, ...]], ...]


def panels(growth: GrowthSummary, axis: str) -> list[Panel]:
    """A panel for each kind of operation of an axis, in the order of the data: the send first."""
    points = [point for point in growth.points if point.axis == axis]
    return [
        Panel(axis, kind, tuple(_line(growth.slopes, [point for point in points if point.kind == kind])))
        for kind in dict.fromkeys(point.kind for point in points)
    ]


def _line(slopes: Sequence[GrowthSlope], points: Sequence[GrowthPoint]) -> list[Line]:
    found = []
    for design in in_order(point.design for point in points):
        own = sorted((point for point in points if point.design == design), key=lambda point: (not point.measured, point.size))
        first = own[0]
        slope = next((row for row in slopes if (row.axis, row.kind, row.design) == (first.axis, first.kind, design)), None)
        found.append(Line(design, tuple(own), slope))
    return found


def counted(growth: GrowthSummary, whats: Sequence[str]) -> list[Counted]:
    """A panel for each of these counts that the server had."""
    found = []
    for what in whats:
        points = [point for point in growth.counts if point.what == what and point.value is not None]
        lines = [
            (design, tuple(point for point in points if point.design == design)) for design in in_order(p.design for p in points)
        ]
        if lines:
            found.append(Counted(what, tuple(lines)))
    return found


def points_table(panels_: Sequence[Panel]) -> Table:
    """One row for each point, the extrapolated ones marked."""
    return Table(
        ("axis", "kind", "design", "size", "measured", "latency_ns", "low_ns", "high_ns", "residual", "n"),
        tuple(
            (
                panel.axis,
                panel.kind,
                line.design,
                point.size,
                "yes" if point.measured else "extrapolated",
                round(point.latency_ns),
                None if point.low_ns is None else round(point.low_ns),
                None if point.high_ns is None else round(point.high_ns),
                None if point.residual is None else round(point.residual, 6),
                point.n,
            )
            for panel in panels_
            for line in panel.lines
            for point in line.points
        ),
    )


def counts_table(found: Sequence[Counted]) -> Table:
    """One row for each count."""
    rows = tuple(
        (panel.what, design, point.k, point.value) for panel in found for design, points in panel.lines for point in points
    )
    return Table(("what", "design", "k", "value"), rows)


def wall_table(wall: Sequence[WallRow], exponents: Sequence[WallExponent]) -> Table:
    """One row for each stream, and the exponent of its design."""
    by_design = {row.design: row.exponent for row in exponents}
    heading = ("design", "messages", "repetition", "wall_s", "cpu_s", "memory_before_bytes", "memory_after_bytes", "exponent")
    return Table(
        heading,
        tuple(
            (
                row.design,
                row.messages,
                row.repetition,
                round(row.wall_s, 3),
                round(row.cpu_s, 3),
                row.memory_before_bytes,
                row.memory_after_bytes,
                round(by_design[row.design], 4) if row.design in by_design else None,
            )
            for row in wall
        ),
    )
