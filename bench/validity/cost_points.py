"""Questions about where time goes: the client, the backend, the disk, and the harness itself. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from bench.pgbench.plan import OURS
from bench.results.cost_schema import CostSummary, Estimate
from bench.scenes import MESSAGES
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words
from bench.validity.point import Evidence, absent, table
from bench.validity.server_points import durability as settings_of_durability


def _costs(evidence: Evidence) -> CostSummary:
    if evidence.summary.costs is None:
        raise absent("cost of client and backend", "cost")
    return evidence.summary.costs


def shared_cpus(evidence: Evidence) -> Iterator[str]:
    """Where client and server ran, what each of them took, and how pgbench does with the same statements."""
    yield f"CPUs: {evidence.summary.placement or 'not recorded'}"
    yield from _split(_costs(evidence))
    if evidence.summary.pgbench is None:
        raise absent("replay by pgbench", "pgbench")
    yield "messages a second of our driver to those of pgbench with the same statements, in the same rounds:"
    heading = ("design, clients, exchange", "rounds", "ratio [95 %]", "client CPU us", "pgbench's")
    rows = [
        (
            f"{r.design} {r.clients} {r.exchange}{'' if r.against == r.exchange else f' against {r.against}'}",
            str(r.rounds),
            f"{r.ratio:.2f}" + ("" if r.low is None or r.high is None else f" [{r.low:.2f}, {r.high:.2f}]"),
            f"{r.client_cpu_us:,.0f}",
            f"{r.pgbench_cpu_us:,.0f}",
        )
        for r in evidence.summary.pgbench.ratios
        if r.arm == OURS
    ]
    yield from table(heading, rows)


def _split(found: CostSummary) -> Iterator[str]:
    heading = ("design, kind, exchange", "wall us", "client CPU us", "backend CPU us", "fsync us", "wait us")
    rows = [
        (f"{r.design} {r.kind} {r.exchange}", *map(_us, (r.wall_us, r.client_cpu_us, r.backend_cpu_us, r.fsync_us, r.wait_us)))
        for r in found.rows
        if r.kind in MESSAGES
    ]
    yield from table(heading, rows)


def durability(evidence: Evidence) -> Iterator[str]:
    """Whether a commit waits for the disk, and how long."""
    yield from settings_of_durability(evidence)
    found = _costs(evidence)
    rows = [
        (f"{row.design} {row.kind} {row.exchange}", f"{row.fsyncs:g}", _us(row.fsync_us), f"{row.fsync_us.mean / row.fsyncs:,.0f}")
        for row in found.rows
        if row.fsyncs and row.fsync_us is not None and row.kind in MESSAGES
    ]
    if rows:
        yield from table(("design, kind, exchange", "fsyncs an operation", "us an operation", "us an fsync"), rows)
    else:
        yield "time of an fsync: not available on this server"
    disk = "not available: this run did not look" if found.disk_us is None else f"{found.disk_us:,.0f} us"
    yield f"the disk beside the server's data, 8 kB written in place with fdatasync, no server: {disk}{_median_of(found)}"
    yield "less than 50 us an fsync would be a disk that keeps writes in a cache of its own"


def _median_of(found: CostSummary) -> str:
    return f", the median of {found.disk_flushes}" if found.disk_flushes else ""


def observers(evidence: Evidence) -> Iterator[str]:
    """What watching costs, on against off."""
    found = _costs(evidence)
    heading = ("observer, design, kind, exchange", "pairs", "on against off [95 %]", "")
    rows = [
        (
            f"{row.observer}, {row.design} {row.kind} {row.exchange}",
            str(row.pairs),
            interval_in_words(Interval(row.ratio, row.low, row.high)),
            "" if row.separated else "~",
        )
        for row in found.observers
    ]
    yield from table(heading, rows)
    for lacking in found.lacking:
        yield f"{lacking.what}: not available ({lacking.why})"


def timer(evidence: Evidence) -> Iterator[str]:
    """What recording costs, and which clock it is."""
    yield "clock: perf_counter_ns; raw nanoseconds are kept, and the collector of garbage runs between operations alone"
    found = _costs(evidence)
    recording = "not measured" if found.recording_us is None else f"{found.recording_us:.2f} us an operation"
    yield f"recording by itself: {recording}"


def _us(estimate: Estimate | None) -> str:
    return "not available" if estimate is None else f"{estimate.mean:,.0f}"
