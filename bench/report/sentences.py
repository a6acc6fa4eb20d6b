"""What the figures say, in a few sentences that are made of them. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from bench.charts.palette import in_order
from bench.charts.writes import PER_SIDE, message_groups, workload_groups
from bench.claims.verdict import Word, counted, listed
from bench.contrasts import LATENCY
from bench.faults.figures.orders import SIDES
from bench.latency.pooling import kinds_of
from bench.latency.primary import one_of, primary_kind
from bench.latency.summary import NEEDED
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.schema import AnatomyCell, CrashPoint, LatencyRatio, Summary
from bench.scenes import HEADLINE, WARM
from bench.stats.ratio import Interval
from bench.stats.words import interval_in_words, milliseconds

ABSENT = "not part of this run"

_ATOMICITIES = {
    PER_SIDE: "with its own transactions",
    "joined": "joined into one transaction",
    "outbox": "with an outbox and once a relay is through",
}


_CELLS = {
    "per_side": "with its own transactions",
    "joined": "joined into one transaction",
    "per_side_derived": "with its own transactions and an idempotent retry",
    "outbox": "with an outbox and once a relay is through",
}


def sentences(summary: Summary) -> list[str]:
    """Rows, statements, latency, crash points, claims; each says so when the run did not measure it. Faults where it has them."""
    return [
        _rows(summary),
        _statements(summary.anatomy),
        _latency(summary),
        _crash(summary.crash),
        *_faults(summary.faults),
        _claims(summary),
    ]


def _rows(summary: Summary) -> str:
    groups = message_groups(summary.anatomy, WARM)
    if groups:
        told = _by_value("rows", {bar.design: bar.total for bar in groups[-1].bars})
        return f"Rows: with {groups[-1].name} a warm message changes {told}."
    whole = workload_groups(summary.totals)
    if whole:
        told = _by_value("rows", {bar.design: bar.total for bar in whole[0].bars})
        return f"Rows: over the whole workload, its set-up included, each message changes {told}."
    return f"Rows: counts of writes are {ABSENT}."


def _statements(anatomy: Sequence[AnatomyCell]) -> str:
    cells = [c for c in anatomy if (c.kind, c.atomicity, c.state) == (HEADLINE, PER_SIDE, WARM)]
    if not cells:
        return f"Transactions and statements: counts for single operations are {ABSENT}."
    k = max(cell.k for cell in cells)
    own = {cell.design: cell for cell in cells if cell.k == k}

    transactions = _by_value("transactions", {design: cell.transactions for design, cell in own.items()})
    statements = _by_value("statements", {design: cell.statements_read + cell.statements_write for design, cell in own.items()})
    return f"Transactions and statements: the same message takes {transactions}. It takes {statements}."


def _latency(summary: Summary) -> str:
    kind = primary_kind(summary.latency)
    rows = [row for row in summary.latency if (row.family, row.kind) == (PER_SIDE, kind)]
    if not rows and _left_out(summary, kind):
        return f"Latency: no two designs are compared by {one_of(kind)}.{_left_out(summary, kind)}"
    if not rows and any(row.kind == HEADLINE for row in summary.quantiles):
        return f"Latency: the run was too short for an interval: it takes {NEEDED}."
    if not rows:
        return f"Latency: paired latency of {one_of(kind)} is {ABSENT}."
    order = in_order(row.variant for row in rows)
    told = "; ".join(_told(row) for row in sorted(rows, key=lambda row: order.index(row.variant)))
    baseline = rows[0].baseline
    return (
        f"Latency: {one_of(kind)} takes {milliseconds(rows[0].baseline_p50_ns)} in {baseline} (p50); against it, with"
        f" 95 % intervals: {told} (n = {rows[0].n:,}).{_left_out(summary, kind)}"
    )


def _left_out(summary: Summary, kind: str) -> str:
    kinds = kinds_of(kind)
    names = in_order({row.design for row in summary.left_out if row.part == LATENCY and row.kind in kinds})
    return f" Not compared, for unequal work: {listed(names)}." if names else ""


def _told(row: LatencyRatio) -> str:
    sign = "" if row.separated else "~ "
    end = "" if row.separated else ", not separated"
    return f"{row.variant} {sign}{interval_in_words(Interval(row.ratio, row.low, row.high))}{end}"


def _crash(crash: Sequence[CrashPoint]) -> str:
    if not crash:
        return f"Broken operations: crash points are {ABSENT}."
    parts = []
    for atomicity, spoken in _ATOMICITIES.items():
        points = [point for point in crash if point.atomicity == atomicity]
        if points:
            partial = Counter(point.design for point in points if point.left == "partial")
            total = Counter(point.design for point in points)
            told = listed(f"{name} {partial[name]} of {total[name]}" for name in in_order(total))
            clean = f"none of {counted(len(points), 'point')} in any design"
            parts.append(f"{spoken}, {told if partial.total() else clean}")
    return f"Broken operations: killed at every point, an operation is left partial {'; '.join(parts)}."


def _faults(faults: FaultsSummary | None) -> list[str]:
    if faults is None or not faults.matrix:
        return []
    parts = []
    for cell, spoken in _CELLS.items():
        cut = [one for one in faults.matrix if one.cell == cell and one.fault in SIDES]
        if cut:
            bad = Counter[str]()
            total = Counter[str]()
            for one in cut:
                bad[one.design] += one.partial + one.lost + one.duplicated
                total[one.design] += one.n
            told = listed(f"{name} {bad[name]} of {total[name]}" for name in in_order(total))
            clean = f"none of {counted(total.total(), 'schedule')} in any design"
            parts.append(f"{spoken}, {told if bad.total() else clean}")
    if not parts:
        return []
    return [f"Faults: cut at any message, an operation ends split, doubled, or lost though told ok {'; '.join(parts)}."]


def _claims(summary: Summary) -> str:
    if not summary.claims:
        return f"Claims: the note's claims are {ABSENT}."
    found = Counter(row.verdict for row in summary.claims)
    told = listed(f"{found[word]} {word}" for word in map(str, Word) if found[word])
    return f"Claims: of {counted(len(summary.claims), 'claim')} and questions of the note, {told}."


def _by_value(unit: str, values: Mapping[str, float]) -> str:
    """Designs with the same figure together, the highest first: 5 rows in dual and option_b, 1 in floor."""
    groups: dict[float, list[str]] = {}
    for design in in_order(values):
        groups.setdefault(values[design], []).append(design)
    told = [f"{value:.3g} in {listed(groups[value])}" for value in sorted(groups, reverse=True)]
    return ", ".join([told[0].replace(" in ", f" {unit} in ", 1), *told[1:]])
