"""The states that an operation leads from and to on a scene, as one design's views show them. Pure.

The facts come from the reference model. Rows that the model leaves to the design (`a_server`, `a_channel`, `a_member`) come from
a rehearsal: the same operation, run undisturbed on a scene that differs in its ids alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from bench.crash.judge import States
from bench.proof.compare import facts_differ
from bench.proof.masks import Kind, expected_of
from bench.scenes import Scene
from workloads.model import Model
from workloads.operations import AddAgent, Context, Join, Write
from workloads.projection import Difference, Projection, Row, ordered

R = TypeVar("R", bound=Row)


@dataclass(frozen=True, slots=True)
class Footprint:
    """What a design's views said of a rehearsal's scene before and after the operation, undisturbed."""

    scene: Scene
    before: Projection
    after: Projection


def model_of(operations: Iterable[Write], *, peer_delivery: bool = True) -> Model:
    """A world in which these operations happened."""
    model = Model(peer_delivery=peer_delivery)
    for operation in operations:
        model.apply(operation, model.context(operation))
    return model


def states_of(
    scene: Scene, context: Context, shortfalls: frozenset[Kind], footprint: Footprint, *, peer_delivery: bool = True
) -> States:
    """The states of a scene around its operation, which is attempted under this context."""
    (operation,) = scene.target
    model = model_of(scene.setup, peer_delivery=peer_delivery)
    before = expected_of(model, shortfalls)
    model.apply(operation, context)
    names = dict(zip(_ids(footprint.scene), _ids(scene), strict=True))
    return States(
        before=_with_own_rows(before.projection, footprint.before, names),
        after=_with_own_rows(expected_of(model, shortfalls).projection, footprint.after, names),
        allowed_before=before,
        agents=tuple(item.agent_id for item in (*scene.setup, operation) if isinstance(item, AddAgent)),
        message=context.message_id,
    )


def differences(
    operations: Iterable[Write], shortfalls: frozenset[Kind], observed: Projection, *, peer_delivery: bool = True
) -> list[Difference]:
    """What differs between a store's facts and those of the model after these operations, less the shortfalls."""
    return facts_differ(expected_of(model_of(operations, peer_delivery=peer_delivery), shortfalls), observed)


def _with_own_rows(facts: Projection, rehearsed: Projection, names: Mapping[str, str]) -> Projection:
    return replace(
        facts,
        a_server=_renamed(rehearsed.a_server, names),
        a_channel=_renamed(rehearsed.a_channel, names),
        a_member=_renamed(rehearsed.a_member, names),
    )


def _renamed(rows: Iterable[R], names: Mapping[str, str]) -> tuple[R, ...]:
    def rename(row: R) -> R:
        values: Any = [names.get(value, value) if isinstance(value, str) else value for value in row]
        return type(row)(*values)

    return ordered(map(rename, rows))


def _ids(scene: Scene) -> list[str]:
    """The ids that a scene's operations name, in an order that all scenes of a kind share."""
    ids = [scene.server_id, scene.channel_id]
    for operation in (*scene.setup, *scene.target):
        match operation:
            case AddAgent():
                ids.append(operation.agent_id)
            case Join():
                ids.append(operation.member.id)
    return ids
