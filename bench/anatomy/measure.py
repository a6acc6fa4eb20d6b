"""The exact write anatomy of one store: every cell of a plan in a window of its own, harness and server agreeing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from sqlalchemy import text

from bench.anatomy.cells import agree, anatomy_cell
from bench.anatomy.counters import Counters, counters
from bench.anatomy.plan import AnatomyPlan, Cell, scenes_of, warm_up_scene
from bench.anatomy.preparing import set_up
from bench.anatomy.unit import Record, UnitCounts, counts, recorded, shared_flights
from bench.drive.drivers import Links, run, wait
from bench.drive.flights import Atomicity, Command, Exchange, Verb, operation_flights
from bench.drive.link import Link
from bench.errors import InvalidMeasurement
from bench.perform import check_outcome
from bench.progress import Advance
from bench.proof.compare import Proof, prove
from bench.proof.observe import observe
from bench.results.schema import AnatomyCell
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


def measure(store: Store, plan: AnatomyPlan, advance: Advance) -> tuple[list[AnatomyCell], Proof]:
    """Count all cells of the plan on an empty store of a design; then the same-work proof over everything that was done.

    Raises `InvalidMeasurement` when the server counted something else than the harness sent, or an operation did not end as the
    model says. The proof is for the caller to judge. Autovacuum should be off; what is written in other databases does no harm.
    """
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
            cells.append(_cell(bench, cell, tries))
            advance(number + 1, len(todo))
    return cells, prove(store.design.name, store.design, bench.model, observe(store))


def _cell(bench: _Bench, cell: Cell, tries: Iterable[Sequence[Scene]]) -> AnatomyCell:
    """Count one cell; again, on scenes of its own, where something of the server's own fell into the window."""
    disagreement: InvalidMeasurement | None = None
    for scenes in tries:
        for scene in scenes:
            set_up(bench.design, bench.hands, bench.model, scene.setup)
        bench.counters.hand_in(bench.hands[Side.CENTRAL])
        opening = bench.counters.open()
        units = [_unit(bench, scene, cell.atomicity) for scene in scenes]
        window = bench.counters.close(opening)
        try:
            agree(bench.design.name, cell, units, window)
        except InvalidMeasurement as error:
            disagreement = error
            continue
        return anatomy_cell(bench.design.name, cell, units, window)
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
