"""What the harness costs, as data: each arm's rate over pgbench's by clients, and CPU time for a message. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.results.pgbench_schema import HarnessRatio, PgbenchSummary

PGBENCH, PLAIN, SHARED = "pgbench", "plain", "shared"
NAMES = {
    (PGBENCH, PLAIN): "pgbench",
    (PGBENCH, SHARED): "pgbench, pipelines",
    ("ours", PLAIN): "harness, plain",
    ("ours", SHARED): "harness, shared flights",
    ("awake", PLAIN): "harness awake, plain",
    ("awake", SHARED): "harness awake, shared flights",
    ("processes", PLAIN): "harness, two processes",
    ("sqlalchemy", PLAIN): "SQLAlchemy, plain",
}
"""How arms are called, in their order."""


@dataclass(frozen=True, slots=True)
class Point:
    """One arm at a number of clients, against pgbench's plain script; bounds are None with too few rounds."""

    clients: int
    ratio: float
    low: float | None
    high: float | None
    cpu_us: float
    per_s: float
    rounds: int


@dataclass(frozen=True, slots=True)
class Curve:
    """One arm over all numbers of clients."""

    name: str
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Harness:
    """A design's messages under every arm; pgbench's plain script is 1 by definition."""

    design: str
    curves: tuple[Curve, ...]


def harnesses(summary: PgbenchSummary) -> list[Harness]:
    """One for each design, the ones with the most numbers of clients first."""
    designs = list(dict.fromkeys(row.design for row in summary.ratios))
    found = [
        _harness(design, [row for row in summary.ratios if (row.design, row.against) == (design, PLAIN)]) for design in designs
    ]
    return sorted(found, key=lambda one: -max((len(curve.points) for curve in one.curves), default=0))


def _harness(design: str, rows: Sequence[HarnessRatio]) -> Harness:
    curves = []
    for (arm, exchange), name in NAMES.items():
        if (arm, exchange) == (PGBENCH, PLAIN):
            of = {row.clients: row for row in rows}
            points = [Point(c, 1.0, None, None, row.pgbench_cpu_us, row.pgbench_per_s, row.rounds) for c, row in of.items()]
        else:
            points = [
                Point(row.clients, row.ratio, row.low, row.high, row.client_cpu_us, row.transactions_per_s, row.rounds)
                for row in rows
                if (row.arm, row.exchange) == (arm, exchange)
            ]
        if points:
            curves.append(Curve(name, tuple(sorted(points, key=lambda point: point.clients))))
    return Harness(design, tuple(curves))


def as_table(harness: Harness) -> Table:
    """The figures behind the chart."""
    heading = ("design", "arm", "clients", "ratio", "low", "high", "client_cpu_us", "messages_per_s", "rounds")
    return Table(
        heading,
        tuple(
            (harness.design, curve.name, p.clients, p.ratio, p.low, p.high, p.cpu_us, p.per_s, p.rounds)
            for curve in harness.curves
            for p in curve.points
        ),
    )
