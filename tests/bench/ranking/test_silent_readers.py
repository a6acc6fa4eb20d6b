"""What docs/workloads.md says of the order of two designs: it depends on how many members never speak."""

from __future__ import annotations

from collections.abc import Callable
from itertools import chain

import pytest

from bench.drive.flights import Exchange
from bench.registry import build, load
from bench.stores import Store
from bench.totals import rows_changed
from tests.performing import apply_all
from variants.contract import Design, Options
from workloads import catalogue
from workloads.generation.spec import WorkloadSpec
from workloads.model import Model
from workloads.operations import Write

MESSAGES = 80


def rows_written(design: Design, store: Store, silent_readers: float) -> float:
    """Rows that a design writes for the default workload, with so many silent readers for each person who speaks."""
    spec = catalogue.load("chat")
    assert isinstance(spec, WorkloadSpec)
    workload = catalogue.made(spec.model_copy(update={"silent_readers": silent_readers}), 1, name="chat", messages=MESSAGES)
    writes = (operation for operation in chain(workload.setup(), workload.operations()) if isinstance(operation, Write))
    with store.links(Exchange.SHARED) as links:
        apply_all(design, links, Model(), writes, exchange=Exchange.SHARED)
    return sum(rows.inserted + rows.updated + rows.deleted for rows in rows_changed(store).values())


@pytest.mark.parametrize(("silent_readers", "hybrid_writes_less"), [(0.0, True), (3.0, False)])
def test_hybrid_writes_less_than_dual_while_most_members_speak(
    silent_readers: float, hybrid_writes_less: bool, fresh_store: Callable[[Design], Store]
) -> None:
    designs = build(load(["dual", "hybrid"]), Options())
    rows = {name: rows_written(design, fresh_store(design), silent_readers) for name, design in designs.items()}
    assert (rows["hybrid"] < rows["dual"]) is hybrid_writes_less
