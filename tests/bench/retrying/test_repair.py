"""What a death leaves in part is healed by a repeated attempt that minds no row, or by a repair, which may die itself."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bench.crash.client import Attempt, Death, die, die_in
from bench.crash.exposure import Cell, Rehearsal, rehearse
from bench.crash.judge import Outcome, judged
from bench.crash.rig import Rig
from bench.crash.states import states_of
from bench.drive.conflict import Conflict
from bench.drive.drivers import Links, Told, run
from bench.drive.flights import Atomicity, Exchange, Flights
from bench.factors import Levels
from bench.proof.masks import shortfalls_of
from bench.registry import build, known, load
from bench.retrying.repair import ROUNDS_MAX, repair
from bench.scenes import KINDS, WITHOUT_AGENTS, Scene
from bench.stores import Store
from bench.write_path import WritePath
from variants.contract import Design, Options
from workloads.operations import Context

FreshStore = Callable[[Design], Store]
ON_CONFLICT = Levels(conflict=Conflict.ON_CONFLICT)


def designed(name: str) -> Design:
    return build(load([name]), Options())[name]


class Broken:
    """One scene on which a client died, and what can be done about it."""

    def __init__(self, rig: Rig, rehearsal: Rehearsal, answered: int) -> None:
        self.rig = rig
        self.made: Scene
        self.made, model = rig.new_scene(rehearsal.cell.kind, rehearsal.cell.k)
        (self.operation,) = self.made.target
        self.context: Context = model.context(self.operation)
        self.again: Context = model.context(self.operation, attempt=2)
        self.path = WritePath(rig.store.design, Levels(), Exchange.PLAIN)
        self.states = states_of(self.made, self.context, shortfalls_of(rig.store.design), rehearsal.footprint)
        self.gone(die(Attempt(rig.store, self.operation, self.context), answered))

    def gone(self, death: Death) -> None:
        assert death.signal == signal.SIGKILL, death.note
        assert self.rig.wait_until_gone(death.backends)

    def look(self) -> Outcome:
        return judged(self.states, self.rig.observe(self.made)).outcome

    def write_again(self) -> None:
        assert run(self.rig.retrying, self.path.repeated(self.operation, self.context)).told is Told.OK

    def repair_dies(self, answered: int) -> None:
        """A repairing process dies once so many of its commands are answered."""

        @contextmanager
        def life() -> Iterator[tuple[Links, Flights]]:
            with self.rig.store.links(Exchange.PLAIN) as links:
                yield links, self.path.repeated(self.operation, self.context)

        self.gone(die_in(life, answered))


@pytest.mark.parametrize("name", ["dual", "hybrid"])
@pytest.mark.parametrize("kind", ["send", "reply"])
def test_a_retry_with_the_same_id_heals_a_message_in_part_when_it_minds_no_row(
    name: str, kind: str, fresh_store: FreshStore
) -> None:
    with Rig.opened(fresh_store(designed(name))) as rig:
        rehearsal = rehearse(rig, Cell(kind, 2, Atomicity.PER_SIDE))
        retrying = WritePath(rig.store.design, ON_CONFLICT, Exchange.PLAIN)
        left = []
        for point, answered in rehearsal.points.items():
            broken = Broken(rig, rehearsal, answered)
            left.append(broken.look())
            plain = run(rig.retrying, broken.path.flights(broken.operation, broken.again))
            assert (plain.told, broken.look()) == {
                Outcome.LOST: (Told.OK, Outcome.WHOLE),
                Outcome.PARTIAL: (Told.FAIL, Outcome.PARTIAL),
                Outcome.WHOLE: (Told.FAIL, Outcome.WHOLE),
            }[left[-1]]
            assert run(rig.retrying, retrying.flights(broken.operation, broken.again)).told is Told.OK
            assert broken.look() is Outcome.WHOLE, point
        assert left.count(Outcome.PARTIAL) == 4


def test_a_repair_makes_every_operation_whole_that_was_left_in_part(fresh_store: FreshStore) -> None:
    with Rig.opened(fresh_store(designed("hybrid"))) as rig:
        mended = 0
        for kind in KINDS:
            rehearsal = rehearse(rig, Cell(kind, 0 if kind in WITHOUT_AGENTS else 2, Atomicity.PER_SIDE))
            for answered in rehearsal.points.values():
                broken = Broken(rig, rehearsal, answered)
                repaired = repair(broken.look, broken.write_again)
                assert repaired.ended is (Outcome.LOST if repaired.found is Outcome.LOST else Outcome.WHOLE)
                assert repaired.rounds == (repaired.found is Outcome.PARTIAL)
                mended += repaired.rounds
        # As many as the hybrid has partial points at two agents.
        assert mended == 26


@pytest.mark.full
@pytest.mark.parametrize("name", sorted(set(known()) - {"hybrid"}))
def test_a_repair_makes_every_operation_of_every_design_whole(name: str, fresh_store: FreshStore) -> None:
    with Rig.opened(fresh_store(designed(name))) as rig:
        for kind in KINDS:
            rehearsal = rehearse(rig, Cell(kind, 0 if kind in WITHOUT_AGENTS else 2, Atomicity.PER_SIDE))
            for answered in rehearsal.points.values():
                broken = Broken(rig, rehearsal, answered)
                repaired = repair(broken.look, broken.write_again)
                assert repaired.ended is (Outcome.LOST if repaired.found is Outcome.LOST else Outcome.WHOLE)


@pytest.mark.parametrize("name", ["dual", "hybrid"])
def test_a_repair_may_die_at_any_point_and_be_run_again(name: str, fresh_store: FreshStore) -> None:
    with Rig.opened(fresh_store(designed(name))) as rig:
        rehearsal = rehearse(rig, Cell("send", 2, Atomicity.PER_SIDE))
        after_central = 3
        for answered in range(len(rehearsal.sent) + 1):
            broken = Broken(rig, rehearsal, after_central)
            assert broken.look() is Outcome.PARTIAL
            broken.repair_dies(answered)
            assert broken.look() in {Outcome.PARTIAL, Outcome.WHOLE}
            assert repair(broken.look, broken.write_again).ended is Outcome.WHOLE


@pytest.mark.parametrize("kind", ["send", "join_agent", "leave", "edit", "delete"])
def test_writing_a_whole_operation_again_changes_nothing(kind: str, fresh_store: FreshStore) -> None:
    with Rig.opened(fresh_store(designed("hybrid"))) as rig:
        rehearsal = rehearse(rig, Cell(kind, 2, Atomicity.PER_SIDE))
        broken = Broken(rig, rehearsal, len(rehearsal.sent))
        assert broken.look() is Outcome.WHOLE
        whole = rig.observe(broken.made)
        for _ in range(2):
            broken.write_again()
            assert rig.observe(broken.made) == whole


def test_a_repair_that_does_not_help_ends() -> None:
    rounds: list[int] = []
    repaired = repair(lambda: Outcome.PARTIAL, lambda: rounds.append(1))
    assert (repaired.found, repaired.ended, repaired.rounds) == (Outcome.PARTIAL, Outcome.PARTIAL, ROUNDS_MAX)
    assert len(rounds) == ROUNDS_MAX


@pytest.mark.parametrize("outcome", [Outcome.WHOLE, Outcome.LOST, Outcome.DUPLICATED])
def test_only_what_is_there_in_part_is_written_again(outcome: Outcome) -> None:
    repaired = repair(lambda: outcome, lambda: pytest.fail("it was written again"))
    assert (repaired.found, repaired.ended, repaired.rounds) == (outcome, outcome, 0)
