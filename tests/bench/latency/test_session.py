"""A session performs its workload to the end, the same for the same seed; a safety limit that strikes is told."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pytest

from bench.latency.planting import Planted
from bench.latency.session import Limits, SessionResult, Variant, feeding, play
from bench.registry import build, load
from bench.server.checkpoints import checkpoints_begun
from bench.server.databases import checkpoint
from bench.stores import Store
from variants.contract import Design, Options
from workloads import catalogue

pytestmark = pytest.mark.database

WORKLOAD = catalogue.made(catalogue.load("chat"), 1, name="chat", messages=6, agents_per_channel=1)
OPERATIONS = sum(1 for _ in WORKLOAD.operations())


def _silent(done: float, total: float) -> None:
    del done, total


@pytest.fixture
def played(template_of: Callable[[Design], Store]) -> Callable[[float | None], SessionResult]:
    """Plays a small workload with one design twice, up to a limit in seconds."""
    (design,) = build(load(["floor"]), Options()).values()
    variants = [Variant("floor", template_of(design)), Variant("floor[again]", template_of(design))]
    return lambda seconds: play(variants, WORKLOAD, Limits(seconds, 0), np.random.default_rng(1), 0, _silent)


def _asked(result: SessionResult) -> list[dict[str, object]]:
    """All that was done, without how long it took."""
    table: pa.Table = result.recorder.table(0)
    rows: list[dict[str, object]] = table.drop_columns(["latency_ns"]).to_pylist()
    return rows


def test_two_sessions_of_a_seed_perform_the_same_in_the_same_order_and_blocks(
    played: Callable[[float | None], SessionResult],
) -> None:
    first, second = played(None), played(1000.0)
    assert first.operations == OPERATIONS
    assert first.stopped_early == second.stopped_early == ()
    assert _asked(first) == _asked(second)


def test_a_session_that_its_safety_limit_ends_says_so(played: Callable[[float | None], SessionResult]) -> None:
    result = played(1e-9)
    assert result.operations == 0
    assert result.stopped_early == (f"the limit of 1e-09 s ended it after 0 of {OPERATIONS} operations",)


def test_a_checkpoint_within_a_session_is_counted_and_none_is_where_there_was_none(template_of: Callable[[Design], Store]) -> None:
    (design,) = build(load(["floor"]), Options()).values()
    template = template_of(design)

    def disturb(done: float, total: float) -> None:
        """Ask for a checkpoint within the session, and wait until the server counts it."""
        if done < total:
            return
        before, deadline_s = checkpoints_begun(template.endpoint), time.monotonic() + 10
        checkpoint(template.endpoint)
        while checkpoints_begun(template.endpoint) == before and time.monotonic() < deadline_s:
            time.sleep(0.01)

    found = [
        play([Variant("floor", template)], WORKLOAD, Limits(None, 0), np.random.default_rng(1), 0, advance)
        for advance in (_silent, disturb)
    ]
    assert [result.checkpoints > 0 for result in found] == [False, True]
    # The tests' own server has autovacuum on, so it may have come: tests/bench/test_totals.py plants it.
    assert all(total.autovacuums is not None for result in found for total in result.totals)


def test_a_copy_with_a_planted_cost_does_the_same_work_and_takes_longer(template_of: Callable[[Design], Store]) -> None:
    (design,) = build(load(["floor"]), Options()).values()
    costs = {"floor": None, "floor[+100%]": Planted(share=1.0), "floor[+statement]": Planted(statement=True)}
    variants = [Variant(name, template_of(design), planted=cost) for name, cost in costs.items()]
    result = play(variants, WORKLOAD, Limits(None, 0), np.random.default_rng(1), 0, _silent)
    assert all(proof.holds for proof in result.proofs)
    asked = {total.variant: total.statements_read for total in result.totals}
    assert asked["floor[+statement]"] == asked["floor"] + result.operations + sum(1 for _ in WORKLOAD.setup())
    assert asked["floor[+100%]"] == asked["floor"]
    # Twice as long in the middle: no noise of a machine hides that.
    rows = result.recorder.table(0).to_pylist()
    middle = {name: float(np.median([row["latency_ns"] for row in rows if row["variant"] == name])) for name in costs}
    assert middle["floor[+100%]"] > middle["floor"]


def test_a_planted_share_is_of_the_baseline_alone_and_not_of_its_copies(template_of: Callable[[Design], Store]) -> None:
    designs = build(load(["floor", "dual"]), Options())
    floor, dual = (template_of(designs[name]) for name in ("floor", "dual"))
    first, other = Variant("floor", floor), Variant("dual", dual)
    copies = [Variant("floor[again]", floor), Variant("floor[+1%]", floor, planted=Planted(share=0.01))]
    assert feeding([first, *copies, other]) == [first, other]
