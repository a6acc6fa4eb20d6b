"""What there is of an operation after one attempt, or several, on a scene of its own: the judgement of a rig's rehearsed kinds."""

from __future__ import annotations

from bench.crash.exposure import Rehearsal
from bench.crash.judge import Judgement, judged, judged_fresh
from bench.crash.rig import Rig
from bench.crash.states import states_of
from bench.proof.masks import shortfalls_of
from bench.scenes import Scene
from workloads.operations import Context


def remains(rig: Rig, rehearsal: Rehearsal, made: Scene, first: Context, last: Context | None = None) -> Judgement:
    """What is left of the scene's operation, once what waits in an outbox is applied.

    `first` and `last` are the contexts of the first and the last attempt, which may have written under another message id.
    """
    cell = rehearsal.cell
    rig.settle(cell.atomicity)
    shortfalls, observed = shortfalls_of(rig.store.design), rig.observe(made)
    states = states_of(made, first, shortfalls, rehearsal.footprint, peer_delivery=cell.peer_delivery)
    if last is None or last.message_id == first.message_id:
        return judged(states, observed)
    fresh = states_of(made, last, shortfalls, rehearsal.footprint, peer_delivery=cell.peer_delivery)
    return judged_fresh(states, fresh, observed)
