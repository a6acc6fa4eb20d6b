"""Tables of the comparison with pgbench. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from bench.charts.harness import NAMES
from bench.pgbench.plan import MESSAGES_AN_ITERATION
from bench.report.grid import Grid, figure, grid
from bench.results.pgbench_schema import HarnessPart, HarnessRatio, PgbenchSummary


def harness_grids(found: PgbenchSummary | None) -> list[Grid]:
    """Every arm against pgbench; why others are not there; nothing when the run did not ask."""
    if found is None:
        return []
    heading = ("design", "clients", "arm", "against", "ratio [95 %]", "messages/s", "pgbench's", "CPU µs", "pgbench's", "n")
    grids = [grid("Every arm against pgbench", heading, map(_row, found.ratios), numbers=(1, 5, 6, 7, 8, 9), codes=(0,), long=True)]
    if found.parts:
        grids.append(_parts(found.parts))
    if found.lacks:
        lacks = [(lack.design or "all designs", lack.reason) for lack in found.lacks]
        grids.append(grid("Not replayed by pgbench", ("design", "why"), lacks, codes=(0,), prose=(1,)))
    return [one for one in grids if one.rows]


def _parts(parts: Sequence[HarnessPart]) -> Grid:
    rows = [(part.design, part.exchange, part.part, figure(round(part.cpu_us))) for part in parts]
    heading = ("design", "exchange", "part", "CPU µs")
    return grid("Where the harness's CPU time goes, for a message", heading, rows, numbers=(3,), codes=(0,))


def lead(found: PgbenchSummary | None) -> str:
    """What is compared, and what the fetch of parameters takes of it."""
    if found is None:
        return ""
    told = (
        "The same messages in a closed loop, by pgbench -M prepared from each design's recorded statements and by the harness from"
        " the design itself, on fresh copies of the same store, in random order within each round. Both fetch parameters once in"
        f" {MESSAGES_AN_ITERATION} messages, and both have one plan for all parameters."
    )
    if found.selects:
        wall, cpu = (median(getattr(row, name) for row in found.selects) for name in ("select_us", "cpu_us"))
        told += f" The fetch alone takes pgbench {wall:.0f} µs for each message with one client, {cpu:.0f} µs of it CPU."
    return told


def _row(row: HarnessRatio) -> tuple[str, ...]:
    interval = "" if row.low is None or row.high is None else f" [{row.low:.2f}, {row.high:.2f}]"
    return (
        row.design,
        str(row.clients),
        NAMES.get((row.arm, row.exchange), f"{row.arm}, {row.exchange}"),
        NAMES["pgbench", row.against],
        f"{row.ratio:.2f}{interval}",
        figure(round(row.transactions_per_s)),
        figure(round(row.pgbench_per_s)),
        figure(round(row.client_cpu_us)),
        figure(round(row.pgbench_cpu_us)),
        str(row.rounds),
    )
