"""Plans, sizes and indexes as lines that a person reads. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bench.reads.asked import KINDS
from bench.reads.plans import Shape, in_words, sequential_scans, shape, work
from bench.results.schema import IndexUse, ReadPlan, TableRows


def plan_lines(plans: Sequence[ReadPlan], kind: str) -> list[str]:
    """The plans of one kind of read of one variant; those of one shape are told once, with the larger figures and when each is
    chosen.
    """
    own = [plan for plan in plans if plan.kind == kind]
    found: dict[tuple[int, Shape], list[ReadPlan]] = {}
    for plan in own:
        found.setdefault((plan.statement, shape(plan)), []).append(plan)
    several = any(plan.statement > 1 for plan in own)
    lines = []
    for (number, _), same in found.items():
        times = max(plan.times for plan in same)
        prefix = f"{number}. " if several else ""
        prefix += f"{times:,} times " if times > 1 else ""
        always = len(same) == sum(plan.statement == number for plan in own)
        when = "" if always else f" [{', '.join(f'{plan.mode} {plan.target}' for plan in same)}]"
        lines.append(f"{prefix}{in_words(max(same, key=work))}{when}")
    return lines


def variant_lines(
    variant: str, plans: Sequence[ReadPlan], indexes: Sequence[IndexUse], tables: Sequence[TableRows], large: int
) -> Iterator[str]:
    """Everything that is known of one variant."""
    own = [plan for plan in plans if plan.variant == variant]
    sizes = {(row.variant, row.table): row.rows for row in tables}
    yield variant
    yield f"  rows: {', '.join(f'{row.table} {row.rows:,}' for row in tables if row.variant == variant)}"
    for kind in KINDS:
        for number, line in enumerate(plan_lines(own, kind)):
            yield f"  {kind if number == 0 else '':<18} {line}"
    for index in (index for index in indexes if index.variant == variant):
        needs = ", ".join(index.needed_by) or "UNUSED: no read, key or foreign key needs it"
        yield f"  index {index.index} on {index.table} ({', '.join(index.columns)}): {needs}"
    found = sequential_scans(own, sizes, large)
    told = dict.fromkeys(f"{plan.kind} reads all of {scan.relation}" for plan, scan in found)
    yield f"  sequential scans of tables of more than {large:,} rows: {'; '.join(told) or 'none'}"
