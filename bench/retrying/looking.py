"""What there is of an operation, judged by the reference model alone: for a repair, where no rehearsal is at hand. Pure."""

from __future__ import annotations

from copy import deepcopy

from bench.crash.judge import Outcome
from bench.proof.compare import facts_differ
from bench.proof.masks import Kind, expected_of
from workloads.model import Model
from workloads.operations import Context, Join, Leave, Write
from workloads.projection import Projection


def seen_of(model: Model, operation: Write, context: Context, shortfalls: frozenset[Kind], observed: Projection) -> Outcome:
    """What there is of an operation that is not applied to the model yet, by all facts of the store.

    Raises `Refused` when the model refuses it. The model leaves it to a design when an agent learns of members, so a join or a
    leave is never seen to be whole here: it is told as partial unless nothing of it is there.
    """
    if not facts_differ(expected_of(model, shortfalls), observed):
        return Outcome.LOST
    after = deepcopy(model)
    after.apply(operation, context)
    if isinstance(operation, (Join, Leave)) or facts_differ(expected_of(after, shortfalls), observed):
        return Outcome.PARTIAL
    return Outcome.WHOLE
