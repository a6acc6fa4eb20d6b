"""Everything a run counted, one figure each. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bench.compare.side import Side
from bench.results.complexity_schema import DesignComplexity
from bench.results.faults_summary_schema import SiteStrip
from bench.results.schema import AnatomyCell, CrashPoint, PlanScan, ReadPlan, RowsChanged, WorkloadTotal

Value = float | str | None

WRITES, TOTALS, CRASH, PROOFS, PATHS, PLANS, FAULTS = (
    "write anatomy",
    "whole sessions",
    "crash points",
    "same-work proofs",
    "code paths",
    "reads on large stores",
    "faults",
)

PLAIN, ACROSS = "forced checkpoint, plain", "forced checkpoint, across"

SPLIT_BYTES, SPLITS = 72, 2
"""An index page that splits writes so many bytes of WAL beside the page itself, and equal runs were up to so many splits apart in
the operations of one cell; docs/comparing.md has the measurement.
"""

_DIGEST_SHOWN = 16
_CELL = ("transactions", "statements_read", "statements_write", "round_trips", "flights", "wal_records")
_BYTES = ("wal_bytes", "wal_images")
"""Not `wal_page_bytes`: whether an index page splits within the few operations of a cell is chance."""
_TOTAL = (
    "operations",
    "messages",
    "transactions",
    "statements_read",
    "statements_write",
    "round_trips",
    "relay_transactions",
    "relay_statements",
)
_CRASH = ("left", "parts", "retry_same", "told_same", "retry_fresh", "told_fresh")
_CODE = ("functions", "decisions", "worst", "lines")


@dataclass(frozen=True, slots=True)
class Name:
    """Which figure: the part of the run, what it is of, and its name. Runs of the same work have figures of the same names.

    `slack` is by how much it may differ between equal runs whatever its size; None for what is exact.
    """

    part: str
    of: str
    figure: str
    slack: float | None = None


def figures(side: Side) -> dict[Name, Value]:
    """All of them, in the order of the report. None is what the run could not measure."""
    return {name: value for found in _parts(side) for name, value in found}


def _parts(side: Side) -> Iterator[Iterator[tuple[Name, Value]]]:
    summary = side.summary
    for cell in summary.anatomy:
        yield _cell(cell)
    for twice in summary.checkpoints:
        yield _cell(twice.plain, PLAIN)
        if twice.across is not None:
            yield _cell(twice.across, ACROSS)
    for trial, totals in side.totals.items():
        for total in totals:
            yield _total(trial, total)
    for point in summary.crash:
        yield _point(point)
    if summary.faults is not None:
        yield from map(_strip, summary.faults.strips)
    for proof in summary.proofs:
        of = f"{proof.trial}, {proof.design}"
        yield iter([(Name(PROOFS, of, "digest of the facts"), proof.observed_digest[:_DIGEST_SHOWN])])
        yield iter([(Name(PROOFS, of, f"rows of gap {kind}"), float(rows)) for kind, rows in proof.gaps.items()])
        yield iter([(Name(PROOFS, of, f"rows of defect {kind}"), float(rows)) for kind, rows in proof.defects.items()])
    for design in summary.complexity:
        yield _design(design)
    if summary.reads is not None:
        for plan in summary.reads.plans:
            yield _plan(plan)
        for table in summary.reads.tables:
            yield iter([(Name(PLANS, f"{table.variant}, table {table.table}", "rows"), float(table.rows))])
        for index in summary.reads.indexes:
            of = f"{index.variant}, index {index.index}"
            yield iter([(Name(PLANS, of, "needed by"), ", ".join(index.needed_by) or "nothing")])


def _cell(cell: AnatomyCell, part: str = WRITES) -> Iterator[tuple[Name, Value]]:
    of = f"{cell.design} {cell.atomicity}, {cell.kind} {cell.state}, k = {cell.k}"
    for field in _CELL:
        yield Name(part, of, _words(field)), getattr(cell, field)
    yield from _rows(part, of, cell.rows)
    for field in _BYTES:
        yield Name(part, of, _words(field), SPLITS * SPLIT_BYTES / cell.operations), getattr(cell, field)


def _total(trial: str, total: WorkloadTotal) -> Iterator[tuple[Name, Value]]:
    of = f"{trial}, {total.variant}"
    for field in _TOTAL:
        if (value := getattr(total, field)) is not None:
            yield Name(TOTALS, of, _words(field)), float(value)
    yield from _rows(TOTALS, of, total.rows)


def _rows(part: str, of: str, changed: Mapping[str, RowsChanged]) -> Iterator[tuple[Name, Value]]:
    for table, rows in changed.items():
        for how, count in (("inserted", rows.inserted), ("updated", rows.updated), ("deleted", rows.deleted)):
            if count:
                yield Name(part, of, f"rows {how} in {table}"), count


def _point(point: CrashPoint) -> Iterator[tuple[Name, Value]]:
    for field in _CRASH:
        value = getattr(point, field)
        told = ", ".join(value) or "nobody" if isinstance(value, list) else value
        yield Name(CRASH, point.schedule, _words(field)), told or "not tried"


def _strip(strip: SiteStrip) -> Iterator[tuple[Name, Value]]:
    """What was left at every message, a letter each: equal runs have equal ones."""
    for side, letters in strip.sides.items():
        yield Name(FAULTS, f"{strip.design} {strip.cell}, {strip.kind}, k = {strip.k}", f"left by {side}"), letters


def _design(design: DesignComplexity) -> Iterator[tuple[Name, Value]]:
    for path in design.paths:
        of = f"{design.design}, {path.path} path"
        yield Name(PATHS, of, "statements"), float(path.statements)
        for owner, code in (("own", path.own), ("shared", path.shared)):
            for field in _CODE:
                yield Name(PATHS, of, f"{owner} {field}"), float(getattr(code, field))
    for operation in design.operations:
        yield Name(PATHS, f"{design.design}, {operation.kind}", "statements"), float(operation.statements)


def _plan(plan: ReadPlan) -> Iterator[tuple[Name, Value]]:
    of = f"{plan.variant}, {plan.kind}, statement {plan.statement}, {plan.target}, {plan.mode} plan"
    yield Name(PLANS, of, "scans"), "; ".join(map(_scan, plan.scans))
    yield Name(PLANS, of, "times"), float(plan.times)


def _scan(scan: PlanScan) -> str:
    return f"{scan.how} of {scan.relation}" + ("" if scan.index is None else f" by {scan.index}")


def _words(field: str) -> str:
    return field.replace("_", " ").replace("wal", "WAL")
