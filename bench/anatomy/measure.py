"""The exact write anatomy of one store: every cell of a plan in a window of its own, harness and server agreeing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial

from sqlalchemy import text

from bench.anatomy.cells import agree, anatomy_cell
from bench.anatomy.counters import Counters, counters
from bench.anatomy.plan import AnatomyPlan, Cell, scenes_of, warm_up_scene
from bench.anatomy.preparing import set_up
from bench.anatomy.unit import Record, UnitCounts, counts, recorded, shared_flights
from bench.anatomy.wal import Sizes
from bench.drive.drivers import Links, run, wait
from bench.drive.flights import Atomicity, Command, Exchange, Verb, operation_flights
from bench.drive.link import Link
from bench.errors import InvalidMeasurement
from bench.perform import check_outcome
from bench.progress import Advance
from bench.progress.parts import part
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe
from bench.results.schema import AnatomyCell, CheckpointCell
from bench.scenes import Scene
from bench.server.databases import checkpoint
from bench.stores import Store
from variants.contract import Design, Query, Side
from workloads.model import Model, Refused
from workloads.operations import Context, Write

__all__ = ["AnatomyPlan", "measure"]

_TRIES = 3
"""On a server that is not ours, an autovacuum worker may commit in the database that is counted. A design's fault stays."""


@dataclass(frozen=True, slots=True)
class _Bench:
    """What all cells of a store share: `hands` set scenes up, `worker` is the connection that is counted."""

    design: Design
    model: Model
    hands: Links
    worker: Links
    counters: Counters


@dataclass(frozen=True, slots=True)
class _Halfway:
    """A checkpoint to be forced before the scene at this place, and the sizes of the cell's records without one."""

    place: int
    twins: Sizes
    force: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Counted:
    """A cell, the sizes of its records without images, and whether a checkpoint was forced amid it."""

    cell: AnatomyCell
    sizes: Sizes
    was_forced: bool


def measure(store: Store, plan: AnatomyPlan, advance: Advance) -> tuple[list[AnatomyCell], Proof]:
    """Count all cells of the plan on an empty store of a design; then the same-work proof over everything that was done.

    Raises `InvalidMeasurement` when the server counted something else than the harness sent, or an operation did not end as the
    model says. The proof is for the caller to judge. Autovacuum should be off; what is written in other databases does no harm.
    """
    found, proof = _count(store, plan, advance)
    return [one.cell for one in found], proof


def measure_across(
    plain: Store, across: Store, plan: AnatomyPlan, advance: Advance
) -> tuple[list[CheckpointCell], tuple[Proof, Proof]]:
    """Count the cells of the plan on two empty stores of a design; on the second one with a CHECKPOINT halfway through each cell.

    Both stores hold the same rows at the same places, so what differs is the checkpoint's doing. Raises as `measure` does.
    """
    first, proof = _count(plain, plan, part(advance, 0, 2))
    second, again = _count(across, plan, part(advance, 1, 2), [one.sizes for one in first])
    cells = [
        CheckpointCell(plain=one.cell, across=other.cell if other.was_forced else None)
        for one, other in zip(first, second, strict=True)
    ]
    return cells, (proof, again)


def _count(store: Store, plan: AnatomyPlan, advance: Advance, twins: Sequence[Sizes] | None = None) -> tuple[list[_Counted], Proof]:
    """Count the cells; with `twins`, the sizes of each cell's records on another store, across a checkpoint."""
    with ExitStack() as stack:
        hands = stack.enter_context(store.links(Exchange.SHARED))
        worker = stack.enter_context(store.links(Exchange.PLAIN))
        found = stack.enter_context(counters(store, worker[Side.CENTRAL]))
        bench = _Bench(store.design, Model(peer_delivery=plan.peer_delivery), hands, worker, found)
        _do_not_wait_for_the_disk(hands[Side.CENTRAL])
        checkpoint(store.endpoint)
        for number, shape in enumerate(plan.warm_ups()):
            scene = warm_up_scene(number, shape)
            set_up(bench.design, hands, bench.model, scene.setup)
            _unit(bench, scene, Atomicity.PER_SIDE)
        cells = []
        todo = plan.cells()
        for number, cell in enumerate(todo):
            tries = (scenes_of(number + again * len(todo), cell, plan.scenes) for again in range(_TRIES))
            halfway = None if twins is None else _Halfway(plan.scenes // 2, twins[number], partial(checkpoint, store.endpoint))
            cells.append(_cell(bench, cell, tries, halfway))
            advance(number + 1, len(todo))
    return cells, prove(store.design.name, store.design, bench.model, observe(store))


def _cell(bench: _Bench, cell: Cell, tries: Iterable[Sequence[Scene]], halfway: _Halfway | None) -> _Counted:
    """Count one cell; again, on scenes of its own, where something of the server's own fell into the window."""
    disagreement: InvalidMeasurement | None = None
    for scenes in tries:
        for scene in scenes:
            set_up(bench.design, bench.hands, bench.model, scene.setup)
        bench.counters.hand_in(bench.hands[Side.CENTRAL])
        was_forced = False
        opening = bench.counters.open()
        units, begun = [], []
        for place, scene in enumerate(scenes):
            if halfway is not None and place == halfway.place:
                was_forced = halfway.force()
            begun.append(bench.counters.position())
            units.append(_unit(bench, scene, cell.atomicity))
        window = bench.counters.close(opening, begun, None if halfway is None else halfway.twins)
        try:
            agree(bench.design.name, cell, units, window)
        except InvalidMeasurement as error:
            disagreement = error
            continue
        sizes = {} if window.wal is None else window.wal.sizes
        return _Counted(anatomy_cell(bench.design.name, cell, units, window), sizes, was_forced)
    raise disagreement or AssertionError("a cell is tried at least once")


def _unit(bench: _Bench, scene: Scene, atomicity: Atomicity) -> UnitCounts:
    """Perform what a scene is about, on the store and on the model."""
    design, plain, shared = bench.design, [], []
    for operation in scene.target:
        context = bench.model.context(operation)
        record = Record()
        flights = operation_flights(design.write(operation, context), atomicity, Exchange.PLAIN)
        completion = run(bench.worker, recorded(flights, record))
        check_outcome(design.name, operation, completion, _refusal(bench.model, operation, context))
        plain += [flight for flight, _ in record.flights]
        shared += shared_flights(design.write(operation, context), atomicity, record.executed())
    return counts(plain, shared)


def _refusal(model: Model, operation: Write, context: Context) -> str | None:
    try:
        model.apply(operation, context)
    except Refused as refused:
        return refused.reason
    return None


def _do_not_wait_for_the_disk(link: Link) -> None:
    """Scenes that are set up need not survive a crash; what is counted waits as ever."""
    query = Query(Side.CENTRAL, text("SELECT set_config('synchronous_commit', 'off', false)"))
    wait(link, (Command(Verb.EXECUTE, Side.CENTRAL, query(), True),))
