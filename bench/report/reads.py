"""Tables of the reads on large stores: latency beside the plan that explains it, indexes, sizes. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import design_of, in_order
from bench.latency.variants import SAME
from bench.reads.asked import KINDS
from bench.reads.comparing import CUSTOM, GENERIC, ReadWork, work_of_reads
from bench.reads.plans import sequential_scans
from bench.reads.telling import plan_lines
from bench.report.grid import Grid, figure, grid
from bench.results.schema import IndexUse, LatencyQuantiles, LatencyRatio, ReadPlan, ReadsSummary, TableRows
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds


def read_grids(reads: ReadsSummary | None) -> list[Grid]:
    """Every read of every variant; nothing when the run had no large stores."""
    if reads is None:
        return []
    return [_reads(reads), _indexes(reads.indexes), _sizes(reads.tables), _compared(reads)]


def lead(reads: ReadsSummary | None) -> str:
    """What the tables are about, with the scans of large tables in words."""
    if reads is None:
        return ""
    sizes = {(row.variant, row.table): row.rows for row in reads.tables}
    scans = sequential_scans(reads.plans, sizes, reads.large)
    told = dict.fromkeys(f"{plan.variant} reads all of {scan.relation} for {plan.kind}" for plan, scan in scans)
    return (
        f"Stores of {reads.rows:,} messages, filled through each design's own writes, vacuumed and analysed. A change is against"
        " the baseline with advised indexes, or, for a design on its own indexes, against itself with the advised ones; where no"
        f" interval is shown there were too few pairs. Tables of more than {reads.large:,} rows that a read scans sequentially:"
        f" {'; '.join(told) or 'none'}."
    )


def _reads(reads: ReadsSummary) -> Grid:
    variants = _in_order(reads.plans)
    p50 = {(row.variant, row.kind): row for row in reads.quantiles}
    change = {(row.variant, row.kind): row for row in reads.ratios if row.family != SAME}
    heading = ("read", "variant", "p50", "change [95 %]", "against", "n", "plan")
    rows = [
        (
            kind,
            variant,
            *_latency(p50.get((variant, kind)), change.get((variant, kind))),
            " / ".join(plan_lines([plan for plan in reads.plans if plan.variant == variant], kind)),
        )
        for kind in KINDS
        for variant in variants
    ]
    return grid("Every read on a large store", heading, rows, numbers=(2, 5), prose=(6,), long=True)


def _compared(reads: ReadsSummary) -> Grid:
    """What each read makes the server do, designs beside each other; both modes of planning, once where they do the same."""
    variants = _in_order(reads.plans)
    found = {(one.kind, one.target, one.variant, one.mode): one for one in work_of_reads(reads.plans)}
    rows = []
    for kind in KINDS:
        for target in dict.fromkeys(plan.target for plan in reads.plans if plan.kind == kind):
            for variant in variants:
                both = [(mode, found.get((kind, target, variant, mode))) for mode in (GENERIC, CUSTOM)]
                told = [(mode, _work(one)) for mode, one in both if one is not None]
                if len(told) == 2 and told[0][1] == told[1][1]:
                    told = [("either", told[0][1])]
                rows += [(kind, target, variant, mode, *figures) for mode, figures in told]
    heading = ("read", "of", "variant", "plan", "statements", "scans", "rows", "for nothing", "sorted", "pages")
    return grid(
        "What each read makes the server do (EXPLAIN ANALYZE, BUFFERS)", heading, rows, numbers=(4, *range(6, 10)), long=True
    )


def _work(one: ReadWork) -> tuple[str, ...]:
    scans = ", ".join(f"{count:,} {how}" for how, count in sorted(one.scans.items())) or "none"
    pages = None if one.pages is None else float(one.pages)
    return (figure(one.statements), scans, *map(figure, (one.rows, one.for_nothing, one.sorted_rows, pages)))


def _latency(absolute: LatencyQuantiles | None, change: LatencyRatio | None) -> tuple[str, str, str, str]:
    p50, n = ("–", "–") if absolute is None else (milliseconds(absolute.p50_ns), figure(absolute.n))
    if change is None:
        return p50, "–", "–", n
    sign = "" if change.separated else "~ "
    return p50, sign + interval_in_words(Interval(change.ratio, change.low, change.high)), change.baseline, n


def _indexes(indexes: Sequence[IndexUse]) -> Grid:
    rows = [
        (index.variant, index.table, index.index, ", ".join(index.columns), ", ".join(index.needed_by) or "nothing: unused")
        for index in indexes
    ]
    return grid("What needs each index", ("variant", "table", "index", "columns", "needed by"), rows, codes=(2,), long=True)


def _sizes(tables: Sequence[TableRows]) -> Grid:
    rows = [(row.variant, row.table, figure(row.rows)) for row in tables]
    return grid("Rows of the large stores", ("variant", "table", "rows"), rows, numbers=(2,), long=True)


def _in_order(plans: Sequence[ReadPlan]) -> list[str]:
    names = list(dict.fromkeys(plan.variant for plan in plans))
    order = in_order(map(design_of, names))
    return sorted(names, key=lambda name: (order.index(design_of(name)), "[" not in name))
