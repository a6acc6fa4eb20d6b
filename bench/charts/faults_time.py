"""Faults in time: operations with the stretches in which a fault was under way, and how long violations lasted. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bench.charts.chart import Table
from bench.charts.palette import in_order
from bench.results.faults_schema import MomentRecord, RegionRecord
from bench.results.faults_summary_schema import Survival

TOLD = ("ok", "fail", "info")


@dataclass(frozen=True, slots=True)
class Timeline:
    """Operations of one design in one cell, by process, and the faults that they met; times in seconds from the first one."""

    design: str
    cell: str
    processes: tuple[str, ...]
    moments: tuple[MomentRecord, ...]
    regions: tuple[RegionRecord, ...]

    @property
    def end_s(self) -> float:
        """When the last operation or fault ended."""
        ends = [moment.end_s if moment.end_s is not None else moment.begin_s for moment in self.moments]
        return max([*ends, *(region.end_s for region in self.regions), 1e-6])


def timelines(moments: Sequence[MomentRecord], regions: Sequence[RegionRecord]) -> Iterator[Timeline]:
    """One for each design and cell that has operations in time."""
    cells = dict.fromkeys(moment.cell for moment in moments)
    for cell in cells:
        for design in in_order(moment.design for moment in moments if moment.cell == cell):
            own = tuple(moment for moment in moments if (moment.design, moment.cell) == (design, cell))
            met = tuple(region for region in regions if (region.design, region.cell) == (design, cell))
            yield Timeline(design, cell, tuple(dict.fromkeys(moment.process for moment in own)), own, met)


def timeline_table(timeline: Timeline) -> Table:
    """One row for each operation and fault."""
    heading = ("what", "process", "name", "begin_s", "end_s", "told", "evidence")
    operations = [("operation", one.process, one.f, one.begin_s, one.end_s, one.told, "") for one in timeline.moments]
    faults = [("fault", "", one.fault, one.begin_s, one.end_s, "", one.evidence) for one in timeline.regions]
    return Table(heading, (*operations, *faults))


@dataclass(frozen=True, slots=True)
class Curves:
    """How long violations of one invariant lasted under one fault, a curve for each design."""

    cell: str
    invariant: str
    fault: str
    curves: tuple[Survival, ...]


def curves(survival: Iterable[Survival]) -> Iterator[Curves]:
    """One for each cell, invariant and fault."""
    groups: dict[tuple[str, str, str], list[Survival]] = {}
    for one in survival:
        groups.setdefault((one.cell, one.invariant, one.fault), []).append(one)
    for (cell, invariant, fault), own in groups.items():
        order = in_order(one.design for one in own)
        yield Curves(cell, invariant, fault, tuple(sorted(own, key=lambda one: order.index(one.design))))


def curves_table(found: Curves) -> Table:
    """One row for each step of each curve."""
    heading = ("design", "cell", "invariant", "fault", "n", "never", "time_s", "share", "low", "high")
    return Table(
        heading,
        tuple(
            (one.design, one.cell, one.invariant, one.fault, one.n, one.never, *step)
            for one in found.curves
            for step in zip(one.times_s, one.share, one.low, one.high, strict=True)
        ),
    )
