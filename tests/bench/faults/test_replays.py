"""What a run says that breaks an invariant breaks it again when its schedule is replayed: cuts, interruptions and streams."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest

from bench.bus.replaying import replay as replay_stream
from bench.bus.streams import bus_rows
from bench.faults.cells import NAMES
from bench.faults.clients.interrupted import interruptions
from bench.faults.clients.replaying import replay as replay_interruption
from bench.faults.other_schedules import Interrupted, Streamed, parse
from bench.faults.schedule import Schedule
from bench.faults.sweeps.replaying import replay as replay_cuts
from bench.faults.sweeps.sweep import SweepPlan, sweep
from bench.registry import OURS, build, load
from bench.results.faults_schema import BusRow, InterruptionRow, SweepRow
from bench.stores import Store
from variants.contract import Design, Options

FreshStore = Callable[[Design], Store]
LIMIT = 16
EACH = [name if name == "dual" else pytest.param(name, marks=pytest.mark.full) for name in OURS]


def designed(name: str) -> Design:
    return build(load([name]), Options())[name]


def swept(store: Store, **plan: Any) -> list[SweepRow]:
    return [row for _, rows in sweep(store, SweepPlan(lanes=("fast",), **plan), lambda _done, _total: None) for row in rows]


def sample(rows: Sequence[SweepRow]) -> list[SweepRow]:
    """The first and the last of each sort of violation."""
    sorts: dict[tuple[object, ...], list[SweepRow]] = {}
    for row in rows:
        if row.violations:
            sorts.setdefault((row.cell, row.kind, row.faults, row.left, *row.violations), []).append(row)
    return [row for own in sorts.values() for row in (own[0], own[-1])[: len(own)]]


@pytest.mark.parametrize("name", EACH)
def test_every_sort_of_violation_by_cuts_is_reproduced(name: str, fresh_store: FreshStore) -> None:
    store, short = fresh_store(designed(name)), name == "dual"
    kinds = (("send", 1),) if short else (("send", 1), ("reply", 2), ("delete", 1), ("join", 1))
    rows = swept(store, cells=NAMES, kinds=kinds, limit=LIMIT)
    rows += swept(store, cells=("per_side_fresh", "per_side_derived"), kinds=(("send", 1),), faults=2, limit=2 * LIMIT)
    chosen = sample(rows)
    assert chosen or name == "floor"
    for row in chosen:
        schedule = parse(row.schedule)
        assert isinstance(schedule, Schedule)
        lines = replay_cuts(store, schedule)
        assert lines[0] == row.schedule
        assert f"left: {row.left}" in lines
        assert lines[-1] == f"breaks {', '.join(row.violations)}", row.schedule


@pytest.mark.parametrize("name", EACH)
def test_every_violation_on_a_bus_that_fails_is_reproduced(name: str, fresh_store: FreshStore) -> None:
    design, cells = designed(name), ("async_restart", "async_redelivery")
    rows = [row for row in bus_rows(fresh_store(design), cells, [11], lambda *_: None) if isinstance(row, BusRow)]
    broken = [row for row in rows if row.violations]
    assert broken or not rows
    again = fresh_store(design)
    for row in broken if name != "dual" else broken[:3]:
        schedule = parse(str(row.schedule))
        assert isinstance(schedule, Streamed)
        lines = replay_stream(again, schedule)
        assert lines[0] == row.schedule
        assert lines[-1] == "breaks " + ", ".join(f"{invariant} ({count})" for invariant, count in row.violations.items())


@pytest.mark.full
def test_every_violation_by_an_interruption_is_reproduced(fresh_store: FreshStore) -> None:
    store = fresh_store(designed("dual"))
    rows = [row for row in interruptions(store, ["per_side"], ["send"], lambda *_: None) if isinstance(row, InterruptionRow)]
    broken = {row.fault: row for row in rows if row.violations}
    assert len(broken) > 3
    for row in broken.values():
        schedule = parse(str(row.schedule))
        assert isinstance(schedule, Interrupted)
        lines = replay_interruption(store, schedule)
        assert lines[0] == row.schedule
        assert lines[-1] == f"breaks {', '.join(row.violations)}"
