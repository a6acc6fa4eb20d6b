"""What a plan does: which relations it scans, how, and how many rows it gives and throws away. Pure.

The input is what PostgreSQL answers to EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON); without ANALYZE the figures are None.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from bench.results.schema import PlanScan, ReadPlan

Node = Mapping[str, Any]

Shape = tuple[tuple[tuple[str, str | None, str], ...], bool]
"""Kind, index and table of each scan, and whether rows are sorted."""

SEQUENTIAL = frozenset({"Seq Scan", "Parallel Seq Scan", "Sample Scan"})
_REMOVED = ("Rows Removed by Filter", "Rows Removed by Index Recheck")


def scans(node: Node) -> list[PlanScan]:
    """Every scan of a relation in a plan, sub-plans included, in the plan's order."""
    return [_scan(found) for found in _walk(node) if "Relation Name" in found]


def sorted_rows(node: Node) -> float | None:
    """How many rows are sorted in all: what an index in the right order saves. None for a plan that was not run."""
    given = [
        _all_loops(inner, "Actual Rows")
        for found in _walk(node)
        if "Sort" in found["Node Type"]
        for inner in found.get("Plans", ())
    ]
    if any(rows is None for rows in given):
        return None
    return sum(rows for rows in given if rows is not None)


def pages(node: Node) -> int | None:
    """Pages of tables and indexes that the plan touched, from memory or not; None for a plan that was not run."""
    if "Shared Hit Blocks" not in node:
        return None
    return int(node["Shared Hit Blocks"]) + int(node["Shared Read Blocks"])


def sequential_scans(plans: Iterable[ReadPlan], rows: Mapping[tuple[str, str], int], large: int) -> list[tuple[ReadPlan, PlanScan]]:
    """The scans that read a whole table of more than `large` rows; `rows` by variant and table."""
    return [
        (plan, scan)
        for plan in plans
        for scan in plan.scans
        if scan.how in SEQUENTIAL and rows.get((plan.variant, scan.relation), 0) > large
    ]


def shape(plan: ReadPlan) -> Shape:
    """What a plan does, without its figures: each scan, and whether rows are sorted."""
    return tuple((scan.how, scan.index, scan.relation) for scan in plan.scans), bool(plan.sorted_rows)


def work(plan: ReadPlan) -> float:
    """Rows that a plan reads or sorts: which of two plans of one shape has more to do."""
    return sum((scan.rows or 0) + (scan.removed or 0) for scan in plan.scans) + (plan.sorted_rows or 0)


def in_words(plan: ReadPlan) -> str:
    """A plan as a person would tell it: each scan with its index, and what is sorted."""
    parts = [_told(scan) for scan in plan.scans]
    if plan.sorted_rows:
        parts.append(f"sorts {plan.sorted_rows:,.0f}")
    return "; ".join(dict.fromkeys(parts)) or "no table"


def _told(scan: PlanScan) -> str:
    if scan.index is not None:
        removed = f" ({scan.removed:,.0f} rows for nothing)" if scan.removed else ""
        return f"{scan.how} using {scan.index} on {scan.relation}{removed}"
    read = None if scan.rows is None else scan.rows + (scan.removed or 0)
    return f"{scan.how} on {scan.relation}" + ("" if read is None else f" ({read:,.0f} rows)")


def indexes_used(plans: Sequence[ReadPlan]) -> dict[str, list[str]]:
    """The kinds of reads whose plans use each index."""
    used: dict[str, list[str]] = {}
    for plan in plans:
        for scan in plan.scans:
            for index in scan.index.split(" and ") if scan.index is not None else ():
                kinds = used.setdefault(index, [])
                if plan.kind not in kinds:
                    kinds.append(plan.kind)
    return used


def _walk(node: Node) -> Iterator[Node]:
    yield node
    for inner in node.get("Plans", ()):
        yield from _walk(inner)


def _scan(node: Node) -> PlanScan:
    how = f"Parallel {node['Node Type']}" if node.get("Parallel Aware") else str(node["Node Type"])
    index = node.get("Index Name")
    if index is None:
        # A bitmap heap scan gets its rows from the bitmap index scans beneath it.
        names = [inner["Index Name"] for inner in _walk(node) if inner["Node Type"] == "Bitmap Index Scan"]
        index = " and ".join(dict.fromkeys(names)) or None
    rows = _all_loops(node, "Actual Rows")
    removed = None if rows is None else sum(_all_loops(node, name) or 0 for name in _REMOVED)
    return PlanScan(relation=node["Relation Name"], how=how, index=index, rows=rows, removed=removed)


def _all_loops(node: Node, name: str) -> float | None:
    """Figures of a node are means over its loops."""
    loops = node.get("Actual Loops")
    return None if loops is None else float(node.get(name, 0)) * float(loops)
