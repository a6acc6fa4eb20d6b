"""The shortest story that shows a fault."""

from __future__ import annotations

from collections.abc import Sequence

from bench.verify.holding import Holding
from bench.verify.properties import Fault, Property
from bench.verify.rehearsal import rehearse, shortened
from bench.verify.shortest import shortest
from bench.verify.stage import Stage, Way
from workloads.operations import Write


def shortened_fault(stage: Stage, fault: Fault, way: Way) -> Fault:
    """The same fault in a part of its story of which nothing can be left out; one that takes for ever stays as it is."""
    if fault.endless:
        return fault
    told = rehearse(fault.writes, () if fault.read is None else (fault.read,))
    look = fault.promise in {Property.VIEWS, Property.FACTS}

    def again(writes: Sequence[Write]) -> Fault | None:
        candidate = shortened(told, writes)
        if candidate is None:
            return None
        found = stage.tell(Holding(candidate), way, look=look)
        return next((other for other in found if other.promise is fault.promise), None)

    return again(shortest(fault.writes, lambda writes: again(writes) is not None)) or fault
