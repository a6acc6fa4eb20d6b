"""Tables and sentences of where time goes, and of what measuring costs. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.cost.observers import RECORDING
from bench.cost.work import KINDS
from bench.report.grid import Grid, figure, grid
from bench.results.cost_schema import CostRow, CostSummary, Estimate, Lacking, ObserverRow
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words

NOT_AVAILABLE = "not available"


def cost_grids(costs: CostSummary | None) -> list[Grid]:
    """The split, what backends waited for, what observers cost, and what this server does not tell."""
    if costs is None:
        return []
    found = [_split(costs.rows), _waits(costs.rows)]
    found += [observer_grid(costs.observers)] if costs.observers else []
    return [*found, _lacking(costs.lacking)] if costs.lacking else found


def lead(costs: CostSummary | None) -> str:
    """How the split was taken, and what recording costs."""
    if costs is None:
        return ""
    tick = "" if costs.cpu_tick_us is None else f" The clock of the backend's CPU counts in steps of {costs.cpu_tick_us:,g} µs."
    return (
        f"Blocks of operations of one kind in a channel of {costs.agents} agents, one client. Client CPU is that of the harness's"
        " thread, backend CPU that of the server's process for the connection; fsync is what the server says that it waited for its"
        f" WAL; the rest is waking up, the network, and queueing for a CPU.{tick} {' '.join(recording_sentences(costs))}"
    )


def recording_sentences(costs: CostSummary | None) -> list[str]:
    """What the harness's own recording costs, on against off; nothing when it was not measured."""
    if costs is None or costs.recording_us is None:
        return []
    rows = [row for row in costs.observers if row.observer == RECORDING]
    shares = [f"{100 * costs.recording_us / row.off_us:.2f} % of a {row.kind} with the {row.exchange} exchange" for row in rows]
    told = [
        f"On against off, the time of a {row.kind} ({row.exchange}) changes by {_change(row)} (n = {row.pairs} pairs of blocks)."
        for row in rows
    ]
    by_itself = f"Recording by itself takes {costs.recording_us:.2f} µs of CPU an operation"
    return [f"{by_itself}: {', '.join(shares)}." if shares else f"{by_itself}.", *told]


def _split(rows: Sequence[CostRow]) -> Grid:
    order = in_order(row.design for row in rows)
    kinds = {kind: place for place, kind in enumerate(KINDS)}
    ordered = sorted(rows, key=lambda row: (row.exchange, kinds.get(row.kind, len(kinds)), order.index(row.design)))
    heading = (
        "exchange",
        "kind",
        "design",
        "time µs [95 %]",
        "client CPU",
        "backend CPU",
        "fsync",
        "fsyncs",
        "wait",
        "of it queued",
    )
    return grid(
        "Where the time of an operation goes",
        (*heading, "repetitions", "operations"),
        [
            (
                *(row.exchange, row.kind, row.design),
                *map(_estimate, (row.wall_us, row.client_cpu_us, row.backend_cpu_us, row.fsync_us)),
                NOT_AVAILABLE if row.fsyncs is None else figure(row.fsyncs),
                *map(_estimate, (row.wait_us, row.queued_us)),
                *(figure(row.wall_us.n), figure(row.operations)),
            )
            for row in ordered
        ],
        numbers=range(3, 12),
        long=True,
    )


def _estimate(found: Estimate | None) -> str:
    if found is None:
        return NOT_AVAILABLE
    told = f"{found.mean:,.0f}"
    if found.low is not None and found.high is not None:
        told = f"{told} [{found.low:,.0f}, {found.high:,.0f}]"
    return told.replace("-", "−")


def _waits(rows: Sequence[CostRow]) -> Grid:
    order = in_order(row.design for row in rows)
    ordered = sorted((row for row in rows if row.waits), key=lambda row: (row.exchange, row.kind, order.index(row.design)))
    told = []
    for row in ordered:
        samples = sum(row.waits.values())
        largest = sorted(row.waits.items(), key=lambda item: (-item[1], item[0]))
        shares = ", ".join(f"{name} {100 * count / samples:.0f} %" for name, count in largest)
        told.append((row.exchange, row.kind, row.design, figure(samples), shares))
    heading = ("exchange", "kind", "design", "samples", "seen waiting for")
    return grid("What backends waited for, sampled", heading, told, numbers=(3,), prose=(4,), long=True)


def observer_grid(rows: Sequence[ObserverRow]) -> Grid:
    """Every observer on against off."""
    heading = ("observer", "exchange", "design", "kind", "off µs", "on µs", "change [95 %]", "client CPU µs", "pairs")
    told = [
        (
            *(row.observer, row.exchange, row.design, row.kind, f"{row.off_us:,.0f}", f"{row.on_us:,.0f}", _change(row)),
            *(f"{row.cpu_us:+.2f}".replace("-", "−"), figure(row.pairs)),
        )
        for row in rows
    ]
    return grid("What observing costs", heading, told, numbers=(4, 5, 7, 8))


def _change(row: ObserverRow) -> str:
    return ("" if row.separated else "~ ") + interval_in_words(Interval(row.ratio, row.low, row.high))


def _lacking(found: Sequence[Lacking]) -> Grid:
    rows = [(one.what, NOT_AVAILABLE, one.why) for one in found]
    return grid("What this server does not tell", ("figure", "value", "why"), rows, prose=(2,))
