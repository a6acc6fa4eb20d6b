"""What broke beside the cuts of messages: by interruptions of operations, and on a bus that fails, each with its replay. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from bench.faults.figures.matrix import UNDISTURBED
from bench.faults.figures.orders import invariant_order
from bench.results.faults_schema import BusRow, InterruptionRow
from bench.results.faults_summary_schema import BrokenRecord


class _Exposure(NamedTuple):
    """What met a fault: the operation or the stream, what it broke, and its replay."""

    design: str
    cell: str
    fault: str
    violations: frozenset[str]
    schedule: str | None


def broken(interruptions: Iterable[InterruptionRow], streams: Iterable[BusRow]) -> list[BrokenRecord]:
    """One record for each design, cell, fault and invariant that it broke, with the first exposure that did.

    Void exposures count for nothing. A stream without a fault is judged too: what it breaks is nobody's fault but the design's.
    """
    exposures = [
        *(
            _Exposure(row.design, row.cell, row.fault, frozenset(row.violations), row.schedule)
            for row in interruptions
            if row.happened
        ),
        *(
            _Exposure(row.design, row.cell, f"bus: {row.fault}", frozenset(row.violations), row.schedule)
            for row in streams
            if row.exposures or row.fault == UNDISTURBED
        ),
    ]
    groups: dict[tuple[str, str, str], list[_Exposure]] = {}
    for one in exposures:
        groups.setdefault(one[:3], []).append(one)
    return [record for own in groups.values() for record in _of_one(own)]


def _of_one(own: Sequence[_Exposure]) -> Iterator[BrokenRecord]:
    for invariant in sorted({name for one in own for name in one.violations}, key=invariant_order):
        broke = [one for one in own if invariant in one.violations]
        yield BrokenRecord(
            design=own[0].design,
            cell=own[0].cell,
            fault=own[0].fault,
            invariant=invariant,
            exposures=len(own),
            violated=len(broke),
            schedule=broke[0].schedule,
        )
