"""Designs that a kept connection could give away: by what lasts for a session, and by what is prepared late."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
from sqlalchemy import Text, bindparam, func, select, text

from bench.drive.flights import Command, Exchange, Verb
from bench.drive.waiting import blocking
from bench.faults.sweeps.sweep import SweepPlan, sweep
from bench.stores import Store
from bench.wire.emulated import EmulatedLane
from variants.contract import CENTRAL_ACTOR, Design, Options, Query, Rejected, Side, Task, Writing
from variants.dual import Dual
from workloads.operations import Context, Write


class Locking(Dual):
    """`dual`, but an operation takes a lock that only the end of its session gives back, and gives up without it."""

    name = "locking"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._lock = Query(Side.CENTRAL, select(func.pg_try_advisory_lock(func.hashtext(bindparam("key", type_=Text)))))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        return [replace(task, body=self._locked(operation, task.body)) if task.actor == CENTRAL_ACTOR else task for task in tasks]

    def _locked(self, operation: Write, body: Writing) -> Writing:
        ((is_ours,),) = yield self._lock(key=operation.key)
        if not is_ours:
            return Rejected("somebody else is at it")
        return (yield from body)


def test_a_retry_gets_the_lock_of_a_session_that_was_cut_in_both_lanes(fresh_store: Callable[[Design], Store]) -> None:
    plan = SweepPlan(cells=("per_side_derived",), kinds=(("send", 1),), limit=12)
    (_, proxied), (record, kept) = sweep(fresh_store(Locking(Options())), plan, lambda _done, _total: None)
    assert record.differences == 0
    for rows in (proxied, kept):
        assert {(row.told, row.left) for row in rows if row.side != "zombie"} == {("ok", "whole")}
        assert all(row.happened for row in rows)


class Looking(Dual):
    """`dual`, but an operation that is tried again looks first, by a statement that no first attempt has."""

    name = "looking"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._look = Query(Side.CENTRAL, select(func.count()).select_from(self.tables[Side.CENTRAL].sorted_tables[0]))

    def write(self, operation: Write, context: Context) -> Sequence[Task]:
        tasks = super().write(operation, context)
        return [replace(task, body=self._first(task.body)) if context.attempt > 1 else task for task in tasks]

    def _first(self, body: Writing) -> Writing:
        yield self._look()
        return (yield from body)


def test_what_a_retry_alone_prepares_counts_in_every_retry_and_in_both_lanes(fresh_store: Callable[[Design], Store]) -> None:
    plan = SweepPlan(cells=("per_side_derived",), kinds=(("send", 1),), faults=2, limit=60)
    (proxied, there), (record, here) = sweep(fresh_store(Looking(Options())), plan, lambda _done, _total: None)
    assert [row.schedule for row in there] == [row.schedule for row in here]
    assert (proxied.void, record.void, record.differences) == (0, 0, 0)


COUNT = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()"


@pytest.mark.parametrize("exchange", Exchange)
@pytest.mark.parametrize(
    ("leaves", "asks"),
    [
        ("SELECT set_config('lock_timeout', '77s', false)", "SELECT current_setting('lock_timeout')"),
        ("SELECT pg_try_advisory_lock_shared(7)", COUNT),
    ],
)
def test_a_kept_connection_begins_its_next_life_as_a_new_one(
    fresh_store: Callable[[Design], Store], exchange: Exchange, leaves: str, asks: str
) -> None:
    answers = []
    with EmulatedLane.opened(fresh_store(Dual(Options())), exchange) as lane:
        for sql in (asks, leaves, asks):
            with lane.open() as links:
                link, statement = links[Side.CENTRAL], Query(Side.CENTRAL, text(sql))()
                command = Command(Verb.EXECUTE, Side.CENTRAL, statement, alone=True)
                answers.append((link.backend_pid, blocking(link.exchange((command,)))))
    assert answers[0] == answers[2]
