"""The second look at what a sweep judged: the checker in SQL over the views of the store itself, the id mapping too."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest

from bench.checker.in_sql.check import check_store_in_sql
from bench.checker.verdict import HELD, VIOLATED, verdicts
from bench.checker.violation import Violation
from bench.faults.cells import cell_named
from bench.faults.names import LaneName
from bench.faults.schedule import parse_schedule
from bench.faults.sweeps import second_look as module
from bench.faults.sweeps.batch import Asked, Exposure, Trial
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.lanes import opened
from bench.faults.sweeps.replaying import replay
from bench.faults.sweeps.space import one_fault
from bench.faults.sweeps.sweep import SweepPlan, sweep
from bench.stores import Store
from variants.contract import Design, Options, View
from variants.dual import Dual

FreshStore = Callable[[Design], Store]


@contextmanager
def exposed(store: Store, cell: str = "per_side") -> Iterator[tuple[Trial, list[Exposure]]]:
    """A send that met one fault at every message."""
    with Ground.opened(store) as ground, opened(LaneName.FAST, store) as lane:
        trial = Trial(ground, Asked(cell_named(cell), "send", 1), lane)
        found = [each for batch in trial.expose(one_fault(trial.schedule, trial.rehearsal.messages)) for each in batch]
        yield trial, found


def test_in_sql_the_store_itself_shows_what_was_judged_of_every_outcome(fresh_store: FreshStore) -> None:
    with exposed(fresh_store(Dual(Options()))) as (trial, found):
        outcomes = {(each.left.outcome, each.left.parts, each.played.told, each.played.truth) for each in found}
        looked = trial.look_again()
    assert looked.outcomes == len(outcomes) + 1
    assert (looked.disagreements, looked.linked) == (0, {})
    assert looked.links == len(outcomes)


def test_what_the_store_says_otherwise_than_was_judged_is_a_disagreement(fresh_store: FreshStore) -> None:
    store = fresh_store(Dual(Options()))
    with exposed(store) as (trial, _):
        with psycopg.connect(store.conninfo, autocommit=True) as connection:
            connection.execute("DELETE FROM memories")
        looked = trial.look_again()
    # No outcome is without a copy of what was said before.
    assert looked.disagreements == looked.outcomes


def test_what_one_checker_does_not_see_is_counted_by_outcome(fresh_store: FreshStore, monkeypatch: pytest.MonkeyPatch) -> None:
    def blind(*given: Any) -> list[Violation]:
        return [violation for violation in check_store_in_sql(*given) if violation.invariant != "I4"]

    monkeypatch.setattr(module, "check_store_in_sql", blind)
    with exposed(fresh_store(Dual(Options()))) as (trial, found):
        split = {(each.played.told, each.played.truth) for each in found if "I4" in each.violations}
        assert trial.look_again().disagreements == len(split) > 0


class Unlinked(Dual):
    """`dual`, but its id mapping knows messages of those rooms alone in which three of them are."""

    name = "unlinked"

    def views(self) -> Mapping[str, View]:
        views = super().views()
        full = """SELECT m.id::text FROM memories m WHERE 3 = (SELECT count(*) FROM memories o WHERE o."roomId" = m."roomId")"""
        links = f"SELECT * FROM ({views['id_map']}) l WHERE l.kind <> 'message' OR l.local_id IN ({full})"
        return {**views, "id_map": links}


def test_what_the_id_mapping_of_an_outcome_breaks_is_told_with_its_replay_and_by_the_verdict(fresh_store: FreshStore) -> None:
    store, cell = fresh_store(Unlinked(Options())), cell_named("per_side")
    (shown, rows), (fast, others) = sweep(store, SweepPlan(cells=(cell.name,), limit=16), lambda _done, _total: None)
    assert (shown.disagreements, fast.differences) == (0, 0)
    broken = [row for row in rows if "I11" in row.violations]
    assert broken
    assert {row.left for row in broken} <= {"lost", "partial"}
    assert all("I11 missing" in row.broken for row in broken)
    assert not [row for row in others if "I11" in row.violations]
    assert "I11" in replay(store, parse_schedule(broken[0].schedule))[-1]
    found = {one.invariant: one for one in verdicts(store.design, cell, [*rows, *others], (), [shown, fast])}["I11"]
    assert (found.verdict, found.exposures, found.violated) == (VIOLATED, shown.links_looked_at, len(broken))


def test_an_id_mapping_that_is_whole_in_every_outcome_holds_over_as_many_exposures(fresh_store: FreshStore) -> None:
    store, cell = fresh_store(Dual(Options())), cell_named("per_side")
    ((record, rows),) = sweep(store, SweepPlan(cells=(cell.name,), lanes=("fast",), limit=16), lambda _done, _total: None)
    found = {one.invariant: one for one in verdicts(store.design, cell, rows, (), [record])}["I11"]
    assert (found.verdict, found.why) == (HELD, f"0 of {record.links_looked_at}")
    assert record.links_looked_at == record.looked_at_twice - 1 > 1
