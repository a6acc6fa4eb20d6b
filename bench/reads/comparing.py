"""What each read makes the server do, design beside design. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bench.results.schema import ReadPlan

GENERIC, CUSTOM = "generic", "custom"


@dataclass(frozen=True, slots=True)
class ReadWork:
    """One read of one variant under one mode of planning; a statement that is sent often counts as often.

    `scans` are by their kind. `rows` were given by scans, `for_nothing` read and thrown away, `sorted_rows` sorted; None when a
    plan was not run. `pages` were touched, in memory or not.
    """

    kind: str
    target: str
    mode: str
    variant: str
    statements: int
    scans: Counter[str]
    rows: float | None
    for_nothing: float | None
    sorted_rows: float | None
    pages: int | None


def work_of_reads(plans: Iterable[ReadPlan]) -> list[ReadWork]:
    """The work of every read, in the order of the plans."""
    found: dict[tuple[str, str, str, str], list[ReadPlan]] = {}
    for plan in plans:
        found.setdefault((plan.kind, plan.target, plan.mode, plan.variant), []).append(plan)
    return [_work(same) for same in found.values()]


def _work(plans: Sequence[ReadPlan]) -> ReadWork:
    first = plans[0]
    scans: Counter[str] = Counter()
    for plan in plans:
        for scan in plan.scans:
            scans[scan.how] += plan.times
    pages = _sum((plan.pages, plan.times) for plan in plans)
    return ReadWork(
        kind=first.kind,
        target=first.target,
        mode=first.mode,
        variant=first.variant,
        statements=sum(plan.times for plan in plans),
        scans=scans,
        rows=_sum((scan.rows, plan.times) for plan in plans for scan in plan.scans),
        for_nothing=_sum((scan.removed, plan.times) for plan in plans for scan in plan.scans),
        sorted_rows=_sum((plan.sorted_rows, plan.times) for plan in plans),
        pages=None if pages is None else round(pages),
    )


def _sum(values: Iterable[tuple[float | None, int]]) -> float | None:
    total = 0.0
    for value, times in values:
        if value is None:
            return None
        total += value * times
    return total
