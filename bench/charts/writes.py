"""Rows changed by a message, stacked by what the tables are for: the data of the bars. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import OTHER, ROLES, Role, design_of, in_order, levels_of, role_of
from bench.results.schema import AnatomyCell, RowsChanged, WorkloadTotal
from bench.scenes import HEADLINE

PER_SIDE = "per_side"
FLOOR = "floor"
"""The design that stores everything once: whoever changes fewer rows leaves something out."""


@dataclass(frozen=True, slots=True)
class Segment:
    """Rows that one table contributes to a bar."""

    table: str
    role: Role
    rows: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One design in one group."""

    design: str
    segments: tuple[Segment, ...]

    @property
    def total(self) -> float:
        """Rows of all tables together."""
        return sum(segment.rows for segment in self.segments)


@dataclass(frozen=True, slots=True)
class Group:
    """The bars of all designs under one condition, the floor first."""

    name: str
    bars: tuple[Bar, ...]


def message_groups(anatomy: Iterable[AnatomyCell], state: str) -> list[Group]:
    """Rows inserted, updated and deleted by one send, a group for each number k of agents in the channel."""
    cells = [cell for cell in anatomy if (cell.kind, cell.atomicity, cell.state) == (HEADLINE, PER_SIDE, state)]
    by_k: dict[int, dict[str, AnatomyCell]] = {}
    for cell in cells:
        by_k.setdefault(cell.k, {})[cell.design] = cell
    return [
        Group(
            f"k = {k} {'agent' if k == 1 else 'agents'}",
            tuple(Bar(design, segments(of_k[design].rows, 1)) for design in in_order(of_k)),
        )
        for k, of_k in sorted(by_k.items())
    ]


def workload_groups(totals: Iterable[WorkloadTotal]) -> list[Group]:
    """Rows changed by whole workloads for each of their messages; designs per side, each once, all sessions together."""
    sums: dict[str, list[WorkloadTotal]] = {}
    for total in totals:
        if not levels_of(total.variant):
            sums.setdefault(design_of(total.variant), []).append(total)
    groups = []
    for design in in_order(sums):
        messages = sum(total.messages for total in sums[design])
        if messages:
            groups.append(Bar(design, segments(added_up([total.rows for total in sums[design]]), messages)))
    return [Group("whole workload", tuple(groups))] if groups else []


def segments(rows: Mapping[str, RowsChanged], per: int) -> tuple[Segment, ...]:
    """The tables that changed, in the order of their roles; `per` divides."""
    order = (*ROLES, OTHER)
    found = [
        Segment(table, role_of(table), (changed.inserted + changed.updated + changed.deleted) / per)
        for table, changed in rows.items()
    ]
    return tuple(sorted((s for s in found if s.rows), key=lambda s: (order.index(s.role), s.table)))


def added_up(parts: Sequence[Mapping[str, RowsChanged]]) -> dict[str, RowsChanged]:
    """Rows of several sessions as one."""
    names = sorted({name for part in parts for name in part})
    return {
        name: RowsChanged(
            inserted=sum(part[name].inserted for part in parts if name in part),
            updated=sum(part[name].updated for part in parts if name in part),
            deleted=sum(part[name].deleted for part in parts if name in part),
        )
        for name in names
    }


def as_table(groups: Sequence[Group]) -> Table:
    """One row for each group, design and table."""
    return Table(
        ("group", "design", "table", "role", "rows"),
        tuple(
            (group.name, bar.design, segment.table, segment.role.name, round(segment.rows, 6))
            for group in groups
            for bar in group.bars
            for segment in bar.segments
        ),
    )
