"""The two lanes behind one interface, and whether they tell the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager

from bench.drive.flights import Exchange
from bench.errors import UserError
from bench.faults.names import LaneName
from bench.faults.schedule import SIDES as SCHEDULED
from bench.faults.sweeps.ground import LOCK_TIMEOUT_MS
from bench.results.faults_schema import SweepRow
from bench.stores import Store
from bench.suggesting import unknown
from bench.wire.cut import CUTS, Side
from bench.wire.emulated import EmulatedLane
from bench.wire.gated import GatedLane
from bench.wire.lane import Lane

SIDES: Mapping[LaneName, tuple[Side, ...]] = {LaneName.PROXY: SCHEDULED, LaneName.FAST: CUTS}
"""On which sides a message is cut in a lane: there is no zombie without a connection that is left open."""


def lane_named(name: str) -> LaneName:
    """The lane of this name; `UserError` for any other."""
    if name not in tuple(LaneName):
        raise UserError(unknown("lane", name, LaneName))
    return LaneName(name)


def opened(name: LaneName, store: Store) -> AbstractContextManager[Lane]:
    """A lane to a store, which knows no statement yet."""
    if name is LaneName.FAST:
        return EmulatedLane.opened(store, Exchange.PLAIN)
    return GatedLane.opened(store, Exchange.PLAIN, lock_timeout_ms=LOCK_TIMEOUT_MS)


def differing(rows: Sequence[SweepRow], others: Sequence[SweepRow]) -> list[tuple[SweepRow, SweepRow]]:
    """Rows of one schedule in two lanes whose outcomes are not the same; what one lane alone ran is not compared."""
    by_schedule = {row.schedule: row for row in others}
    pairs = [(row, by_schedule[row.schedule]) for row in rows if row.schedule in by_schedule]
    return [(row, other) for row, other in pairs if _outcome(row) != _outcome(other)]


def _outcome(row: SweepRow) -> tuple[object, ...]:
    return row.happened, row.told, row.truth, row.left, tuple(row.parts), tuple(row.violations)
