"""A workload lived by the reference model."""

from __future__ import annotations

from workloads.model import Model
from workloads.operations import READS, WRITES
from workloads.validate import check
from workloads.workload import Workload


def lived(workload: Workload, *, peer_delivery: bool = True) -> Model:
    """The model after the whole workload; every operation is checked, none may be refused, and every read is answered."""
    model = Model(peer_delivery=peer_delivery)
    for part in (workload.setup, workload.operations):
        for operation in part():
            check(operation)
            if isinstance(operation, WRITES):
                model.apply(operation, model.context(operation))
            elif isinstance(operation, READS):
                assert part == workload.operations
                model.answer(operation)
    return model
