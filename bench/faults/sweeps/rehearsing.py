"""An operation that ran undisturbed, message by message: what a sweep enumerates, and what its outcomes are judged by."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass

from bench.bus.path import BusPath
from bench.crash.states import Footprint
from bench.drive.drivers import Completion, Told
from bench.errors import InvalidMeasurement
from bench.faults.sweeps.ground import Ground
from bench.faults.sweeps.passages import Passage, Sent
from bench.faults.sweeps.staging import Stage, Staged
from bench.proof.compare import facts_differ
from bench.proof.masks import expected_of, shortfalls_of
from bench.proof.observation import Observation
from bench.server.failing import check
from bench.wire.lane import Lane
from workloads.projection import Projection


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """An operation on the scene `like`: its flights, those of the client and, behind a bus, those of the agents.

    `commits` transactions were committed by them all. The views said `before` and `after`.
    """

    like: Staged
    passages: tuple[Passage, ...]
    commits: int
    before: Observation
    after: Observation

    @property
    def footprint(self) -> Footprint:
        """What a judge needs of it."""
        return Footprint(self.like.scene, self.before.projection, self.after.projection)

    @property
    def messages(self) -> int:
        """How many frontend messages the whole operation takes."""
        return self.passages[-1].last if self.passages else 0

    def flight_of(self, message: int) -> int:
        """The number, from 1, of the flight in which a message travels; that of the last one for a message that there is not."""
        found = (number for number, passage in enumerate(self.passages, start=1) if message <= passage.last)
        return next(found, len(self.passages))

    def labels(self) -> list[str]:
        """Every message in a few words, such as `1 Bind INSERT central`."""
        return [label for passage in self.passages for label in passage.labels()]


def rehearse(ground: Ground, path: BusPath, wanted: Stage, lane: Lane, settle: Callable[[], object]) -> Rehearsal:
    """Run the operation on a scene of its own, over one connection of the lane, whose messages are counted.

    It ran once before, so that the lane knows every statement of it. `settle` lets apply what waits behind it. Raises
    `InvalidMeasurement` when the design does other work than the model says.
    """
    name = f"{ground.store.design.name}: {wanted.kind}, k={wanted.k}"
    learnt, like = ground.stage(wanted, 2)
    with lane.open() as links:
        _perform(name, path, learnt, Sent(links, lambda: 0))
    settle()
    (before,) = ground.seen([like], like)
    with lane.open() as links:
        lane.arm(links, None)
        sent = Sent(links, lambda: lane.count(links))
        _perform(name, path, like, sent)
        commits = lane.evidence(links).commits
    settle()
    (after,) = ground.seen([like], like)
    lines = _differences(ground, like, before.projection, after.projection)
    if lines:
        raise InvalidMeasurement(f"{name}: the undisturbed operation did other work than the reference model", lines)
    return Rehearsal(like, sent.passages(), commits, before, after)


def _perform(name: str, path: BusPath, staged: Staged, sent: Sent) -> None:
    context = staged.contexts[0]
    _check(name, sent.performed(path.client(staged.operation, context)))
    for delivery in path.deliveries(staged.operation, context):
        _check(name, sent.performed(path.delivered(delivery)))


def _check(name: str, completion: Completion) -> None:
    check(f"{name} was rehearsed", completion)
    if completion.told is not Told.OK:
        raise InvalidMeasurement(f"{name}: the undisturbed operation ended {completion.told}: {completion.reason}")


def _differences(ground: Ground, like: Staged, before: Projection, after: Projection) -> list[str]:
    """What the store says otherwise than the model, without the operation and with it."""
    shortfalls = shortfalls_of(ground.store.design)
    model = deepcopy(like.model)
    lines = list(map(str, facts_differ(expected_of(model, shortfalls), before)))
    model.apply(like.operation, like.contexts[0])
    return lines + list(map(str, facts_differ(expected_of(model, shortfalls), after)))
