"""Tables of growth. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.growth.sizes import is_by_decade
from bench.growth.words import bounds_in_words
from bench.report.grid import Grid, figure, grid
from bench.results.growth_schema import CountSlope, GrowthPoint, GrowthSlope, GrowthSummary, WallExponent, WallRow
from bench.stats.words import milliseconds, percent_change


def growth_grids(growth: GrowthSummary | None) -> list[Grid]:
    """Everything that was measured of growth; nothing when the run has none."""
    if growth is None:
        return []
    found = []
    if growth.slopes:
        found.append(_slopes(growth.slopes))
    if growth.count_slopes:
        found.append(_counts(growth.count_slopes))
    if growth.points:
        found.append(_points(growth.points))
    if growth.wall:
        found.append(_wall(growth.wall, growth.exponents))
    return found


def lead(growth: GrowthSummary | None) -> str:
    """What the figures are of."""
    if growth is None:
        return ""
    told = (
        "In each turn every design performed every kind of operation once at every size, in a balanced random order. A slope is the"
        " mean of a least squares line for each session, with Student's bounds; ~ where they do not leave out no growth. What is"
        " marked as extrapolated was not measured."
    )
    return f"{told} Less work, or other work: {'; '.join(growth.unequal)}." if growth.unequal else told


def _slopes(slopes: Sequence[GrowthSlope]) -> Grid:
    order = in_order(row.design for row in slopes)
    rows = sorted(slopes, key=lambda row: (_axis(row.axis), row.kind != "send", row.kind, order.index(row.design)))
    heading = ("along", "kind", "design", "growth [95 %]", "~", "sizes", "lines")
    return grid(
        "How latency grows",
        heading,
        [
            (row.axis, row.kind, row.design, _growth(row), "" if row.separated else "~", figure(row.sizes), figure(row.repetitions))
            for row in rows
        ],
        numbers=(5, 6),
        long=True,
    )


def _growth(row: GrowthSlope) -> str:
    if is_by_decade(row.axis):
        return f"{percent_change(row.slope)}{bounds_in_words(row.low, row.high, percent_change)} for ten times as many"
    return f"{_microseconds(row.slope)}{bounds_in_words(row.low, row.high, _microseconds)} for one agent"


def _milliseconds(nanoseconds: float) -> str:
    return milliseconds(round(nanoseconds))


def _microseconds(nanoseconds: float) -> str:
    return f"{'−' if nanoseconds < 0 else '+'}{abs(nanoseconds) / 1e3:,.1f} µs"


def _counts(slopes: Sequence[CountSlope]) -> Grid:
    order = in_order(row.design for row in slopes)
    rows = sorted(slopes, key=lambda row: order.index(row.design))
    return grid(
        "One warm send, exact counts against agents",
        ("design", "count", "without agents", "for each agent", "furthest from that line"),
        [(row.design, row.what, figure(row.alone), figure(row.each), figure(row.residual)) for row in rows],
        numbers=(2, 3, 4),
        long=True,
    )


def _points(points: Sequence[GrowthPoint]) -> Grid:
    order = in_order(point.design for point in points)
    rows = sorted(points, key=lambda p: (_axis(p.axis), p.kind != "send", p.kind, order.index(p.design), p.size))
    heading = ("along", "kind", "design", "size", "latency [95 %]", "from the line", "n", "measured")
    return grid("Every point", heading, map(_point, rows), numbers=(3, 4, 5, 6), long=True)


def _point(point: GrowthPoint) -> tuple[str, ...]:
    residual = "–" if point.residual is None else _share(point.residual)
    told = f"{_milliseconds(point.latency_ns)}{bounds_in_words(point.low_ns, point.high_ns, _milliseconds)}"
    measured = "yes" if point.measured else "extrapolated"
    return (point.axis, point.kind, point.design, figure(point.size), told, residual, figure(point.n), measured)


def exponents_in_words(row: WallExponent) -> str:
    """Those of wall time and of the client's CPU time, with their bounds."""
    wall = f"{row.exponent:.3f}{bounds_in_words(row.low, row.high, '{:.3f}'.format)}"
    return f"{wall}, of client CPU {row.cpu_exponent:.3f}{bounds_in_words(row.cpu_low, row.cpu_high, '{:.3f}'.format)}"


def _share(residual: float) -> str:
    return f"{100 * residual:+.1f} %".replace("-", "−")


def _wall(wall: Sequence[WallRow], exponents: Sequence[WallExponent]) -> Grid:
    told = "; ".join(f"{row.design}: exponent {exponents_in_words(row)}" for row in exponents)
    heading = (
        "design",
        "messages",
        "wall time",
        "each",
        "client CPU each",
        "last tenth to first",
        "memory before",
        "memory after",
        "each",
    )
    return grid(f"Wall time of streams of messages{f' ({told})' if told else ''}", heading, map(_stream, wall), numbers=range(1, 9))


def _stream(row: WallRow) -> tuple[str, ...]:
    grown = max(0, row.memory_after_bytes - row.memory_before_bytes)
    return (
        row.design,
        figure(row.messages),
        f"{row.wall_s:,.1f} s",
        f"{1e6 * row.wall_s / row.messages:,.0f} µs",
        f"{1e6 * row.cpu_s / row.messages:,.0f} µs",
        f"{row.tenths_s[-1] / row.tenths_s[0]:.2f}" if len(row.tenths_s) > 1 and row.tenths_s[0] > 0 else "–",
        f"{row.memory_before_bytes / 1e6:,.0f} MB",
        f"{row.memory_after_bytes / 1e6:,.0f} MB",
        f"{grown / row.messages:,.0f} B",
    )


def _axis(axis: str) -> int:
    return ("agents", "rows", "channels").index(axis) if axis in {"agents", "rows", "channels"} else 3
