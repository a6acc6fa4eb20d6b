"""One operation, rehearsed undisturbed to find its points, then exposed: a client dies at a point, and another one retries."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass

from bench.crash.client import Attempt, described, die
from bench.crash.judge import Judgement, judged, judged_fresh
from bench.crash.points import Point, Retry, Schedule, points_of
from bench.crash.rig import Rig
from bench.crash.states import Footprint, differences, states_of
from bench.drive.drivers import Completion, Told, run, stepping
from bench.drive.flights import Atomicity, Command
from bench.errors import InvalidMeasurement
from bench.factors import Levels
from bench.proof.masks import shortfalls_of
from bench.server.failing import check, failed


@dataclass(frozen=True, slots=True)
class Cell:
    """An operation kind with `k` agents in the channel, told of each other's replies or not, under one atomicity."""

    kind: str
    k: int
    atomicity: Atomicity
    peer_delivery: bool = True


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An operation that ran undisturbed: `sent` describes its commands, `points` gives those answered at each point."""

    cell: Cell
    sent: tuple[str, ...]
    points: Mapping[Point, int]
    footprint: Footprint


@dataclass(frozen=True, slots=True)
class Exposure:
    """A death and a retry: what the client sent, what it left, how the retry was answered, what there was then."""

    retry: Retry
    sent: tuple[str, ...]
    left: Judgement
    retried: Completion
    ended: Judgement


def rehearse(rig: Rig, cell: Cell) -> Rehearsal:
    """Run the operation once on a scene of its own. Raises `InvalidMeasurement` when it does other work than the model says."""
    made, model = rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
    (operation,) = made.target
    design = rig.store.design
    before = rig.observe(made)
    commands: list[Command] = []
    steps = stepping(rig.retrying, rig.path(cell.atomicity).flights(operation, model.context(operation)))
    while True:
        try:
            commands += next(steps)
        except StopIteration as stop:
            completion: Completion = stop.value
            break
    rig.settle(cell.atomicity)
    after = rig.observe(made)
    name = f"{design.name}/{cell.atomicity}/{cell.kind}/k={cell.k}"
    check(f"{name} was rehearsed", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{name}: the undisturbed operation ended {completion.told}: {completion.reason}")
    lines = [
        *map(str, differences(made.setup, shortfalls_of(design), before, peer_delivery=cell.peer_delivery)),
        *map(str, differences((*made.setup, operation), shortfalls_of(design), after, peer_delivery=cell.peer_delivery)),
    ]
    if lines:
        raise InvalidMeasurement(f"{name}: the undisturbed operation did not do the work of the reference model", lines)
    return Rehearsal(cell, tuple(map(described, commands)), points_of(commands), Footprint(made, before, after))


def expose(rig: Rig, rehearsal: Rehearsal, schedule: Schedule, retry: Retry) -> Exposure:
    """A client dies at the schedule's point on a fresh scene; then one retry, in the same way, on another connection.

    With an outbox, a relay applies all that waits before anybody looks. The retry ends at its first error. Raises
    `InvalidMeasurement` when the death did not happen as planned.
    """
    cell, design = rehearsal.cell, rig.store.design
    answered = rehearsal.points[schedule.point]
    made, model = rig.new_scene(cell.kind, cell.k, peer_delivery=cell.peer_delivery)
    (operation,) = made.target
    context = model.context(operation)
    death = die(Attempt(rig.store, operation, context, Levels(atomicity=cell.atomicity)), answered)
    if death.failure is not None:
        raise failed(f"a client was to die ({schedule})", death.failure)
    if death.signal != signal.SIGKILL:
        end = f"by signal {death.signal}" if death.signal is not None else "by itself"
        raise InvalidMeasurement(f"{schedule}: the exposure is void: its client ended {end}, not by signal 9", [death.note])
    if death.sent != rehearsal.sent[:answered]:
        raise InvalidMeasurement(f"{schedule}: the exposure is void: its client sent other commands than rehearsed", death.sent)
    if not rig.wait_until_gone(death.backends):
        raise InvalidMeasurement(f"{schedule}: the exposure is void: the server did not end the dead client's backend")
    rig.settle(cell.atomicity)
    states = states_of(made, context, shortfalls_of(design), rehearsal.footprint, peer_delivery=cell.peer_delivery)
    left = judged(states, rig.observe(made))
    again = model.context(operation, attempt=2, fresh_ids=retry is Retry.FRESH)
    retried = run(rig.retrying, rig.path(cell.atomicity).flights(operation, again))
    check(f"an operation was retried ({schedule})", retried)
    rig.settle(cell.atomicity)
    observed = rig.observe(made)
    if retry is Retry.SAME:
        return Exposure(retry, death.sent, left, retried, judged(states, observed))
    fresh_states = states_of(made, again, shortfalls_of(design), rehearsal.footprint, peer_delivery=cell.peer_delivery)
    return Exposure(retry, death.sent, left, retried, judged_fresh(states, fresh_states, observed))
