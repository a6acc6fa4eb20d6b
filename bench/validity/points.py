"""The 31 questions in their order, with what answers each of them."""

from __future__ import annotations

from bench.validity import cost_points, latency_points, load_points, server_points, work_points
from bench.validity.point import Point

_OTHER_FAULTS = "a server that crashes under many clients, power cuts"

POINTS: tuple[Point, ...] = (
    Point(1, "Is waiting left out of latencies?", load_points.coordinated_omission, instruments=("load",)),
    Point(2, "Was the generator the bottleneck?", load_points.generator, instruments=("load",)),
    Point(3, "Does the client take the server's CPU?", cost_points.shared_cpus, instruments=("costs", "pgbench")),
    Point(4, "Does the order matter?", latency_points.order),
    Point(5, "How large is noise?", latency_points.noise),
    Point(6, "Are operations taken as independent?", latency_points.independence),
    Point(7, "Were tests tried until one fitted?", latency_points.declared),
    Point(8, "Is it enough, and was it stopped at will?", latency_points.enough),
    Point(9, "Do the tails carry their quantiles?", latency_points.tails),
    Point(10, "Was anything dropped as an outlier?", work_points.outliers),
    Point(11, "Do checkpoints and page images blur the bytes?", server_points.checkpoints, instruments=("anatomy", "checkpoints")),
    Point(12, "Did autovacuum interfere?", server_points.autovacuum, instruments=("load",)),
    Point(13, "Do later measurements meet larger tables?", server_points.sizes, instruments=("growth",)),
    Point(14, "Were plans warm?", server_points.warm_up),
    Point(15, "Are the schemas fair to each other?", work_points.schemas, instruments=("reads",)),
    Point(16, "Is today's storage a straw man?", work_points.straw_man, instruments=("anatomy",)),
    Point(17, "Are the guarantees the same?", server_points.guarantees),
    Point(18, "Was the same work done?", work_points.same_work),
    Point(19, "Is durability real?", cost_points.durability, instruments=("costs",)),
    Point(20, "Are the counters right?", server_points.counters, instruments=("anatomy",)),
    Point(21, "Does it hold on other versions?", server_points.versions),
    Point(22, "What does watching cost?", cost_points.observers, instruments=("costs",)),
    Point(23, "What does the timer cost?", cost_points.timer, instruments=("costs",)),
    Point(24, "How busy was each design?", load_points.utilisation, instruments=("load",)),
    Point(25, "Do designs on one server disturb each other?", latency_points.isolated, instruments=("isolated", "orders")),
    Point(26, "Is the workload realistic?", work_points.workloads),
    Point(27, "Are retries counted?", work_points.retries, instruments=("load",)),
    Point(
        28,
        "Are faults fair?",
        work_points.faults,
        (_OTHER_FAULTS, "races between clients"),
        instruments=("crash", "faults"),
    ),
    Point(29, "Is a summary hiding something?", latency_points.absolute, ("a map of weights at which the ranking turns",)),
    Point(30, "Can it be done again?", work_points.reproducible),
    Point(
        31,
        "What can this machine not tell?",
        work_points.outside,
        ("several servers, two databases, a migration under load",),
        instruments=("anatomy", "load"),
    ),
)
"""Numbered from 1; the numbers are those of docs/validity.md."""
