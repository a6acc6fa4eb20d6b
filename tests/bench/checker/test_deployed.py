"""The real server's reply: stored by its agent first, under an id that nobody finds again, and told all the same."""

from __future__ import annotations

from collections.abc import Callable

from bench.faults.names import LaneName
from bench.faults.sweeps.sweep import SweepPlan, sweep
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual_deployed import DualDeployed


def test_a_reply_that_its_agent_alone_has_is_seen_though_it_does_not_tell_its_message(
    fresh_store: Callable[[Design], Store],
) -> None:
    store = fresh_store(DualDeployed(Options()))
    plan = SweepPlan(cells=("per_side",), kinds=(("reply", 1),), lanes=(LaneName.FAST,))
    ((record, rows),) = sweep(store, plan, lambda _done, _total: None)
    assert record.absent is None
    assert (record.looked_at_twice or 0) > 0
    assert record.disagreements == 0
    partial = [row for row in rows if row.left == "partial" and row.happened]
    assert len(partial) > 10
    assert all({"I4", "I19"} <= set(row.violations) for row in partial)
    assert all("I4 agent-only" in row.broken for row in partial)
    assert all(not row.violations for row in rows if row.left == "whole" and row.happened)
