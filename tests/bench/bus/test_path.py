"""The parts of an operation on a bus: together they are the very tasks that the client runs without one."""

from __future__ import annotations

import pytest

from bench.bus.bus import Bus, without_bus
from bench.bus.path import BusPath
from bench.drive.errors import ContractError
from bench.drive.flights import Atomicity, Exchange
from bench.factors import Levels
from bench.registry import OURS, build, load
from bench.scenes import KINDS, WARM, exists, scene
from bench.traits import traits_of
from variants.contract import CENTRAL_ACTOR, Design, Options, Task
from variants.dual import Dual
from variants.floor import Floor
from workloads.model import Model
from workloads.operations import Context, Write

DESIGNS = build(load(OURS), Options())


def target(kind: str, k: int) -> tuple[Write, Context]:
    made, model = scene(kind, k, WARM, "bus"), Model()
    for operation in made.setup:
        model.apply(operation, model.context(operation))
    (operation,) = made.target
    return operation, model.context(operation)


@pytest.mark.parametrize("design", DESIGNS.values(), ids=DESIGNS)
def test_the_client_keeps_the_tasks_up_to_the_central_one_and_the_others_are_delivered(design: Design) -> None:
    path = BusPath(design, Levels(), Exchange.PLAIN, Bus.RESTARTED)
    for kind in KINDS:
        for k in (0, 2):
            if not exists(kind, k, WARM):
                continue
            operation, context = target(kind, k)
            actors = [task.actor for task in design.write(operation, context)]
            delivered = path.deliveries(operation, context)
            kept = actors[: len(actors) - len(delivered)]
            assert [delivery.actor for delivery in delivered] == actors[len(kept) :]
            assert [delivery.place for delivery in delivered] == list(range(len(kept), len(actors)))
            assert CENTRAL_ACTOR not in actors[len(kept) :]
            assert not delivered or not kept or kept[-1] == CENTRAL_ACTOR


def test_a_send_waits_for_no_agent_and_a_new_agent_for_everything() -> None:
    path = BusPath(Dual(Options()), Levels(), Exchange.PLAIN, Bus.RESTARTED)
    assert len(path.deliveries(*target("send", 2))) == 2
    # The author has stored its reply before it is posted.
    assert len(path.deliveries(*target("reply", 2))) == 1
    assert path.deliveries(*target("add_agent", 0)) == ()


def test_without_a_queue_nothing_is_delivered() -> None:
    path = BusPath(Dual(Options()), Levels(), Exchange.PLAIN, Bus.SYNC)
    assert path.deliveries(*target("send", 2)) == ()


def test_one_transaction_for_all_sides_leaves_no_task_for_a_bus() -> None:
    with pytest.raises(ValueError, match="joined leaves no task for a bus"):
        BusPath(Dual(Options()), Levels(atomicity=Atomicity.JOINED), Exchange.PLAIN, Bus.REDELIVERED)
    BusPath(Dual(Options()), Levels(atomicity=Atomicity.JOINED), Exchange.PLAIN, Bus.SYNC)


def test_a_design_without_tasks_of_agents_has_nothing_to_put_on_a_bus() -> None:
    traits = traits_of(Floor(Options()))
    assert without_bus(traits, Bus.RESTARTED) == "no agent has a task of its own that could wait on a bus"
    assert without_bus(traits, Bus.SYNC) is None
    assert without_bus(traits_of(Dual(Options())), Bus.RESTARTED) is None


class Forgetful(Dual):
    """`dual`, but it forgets its agents when it is asked a second time."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        inner, asked = self.write, list[str]()

        def write(operation: Write, context: Context) -> list[Task]:
            asked.append(operation.key)
            return list(inner(operation, context))[: 1 if asked.count(operation.key) > 1 else None]

        self.write = write  # type: ignore[method-assign]  # for this test alone


def test_a_design_that_gives_other_tasks_when_it_is_asked_again_breaks_the_contract() -> None:
    path = BusPath(Forgetful(Options()), Levels(), Exchange.PLAIN, Bus.RESTARTED)
    first, _ = path.deliveries(*target("send", 2))
    with pytest.raises(ContractError, match=r"dual: write\(\) gives other tasks when it is asked again for 'bus/"):
        path.delivered(first)
