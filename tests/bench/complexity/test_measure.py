"""The paths of a design as they run on a server."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import variants
from bench.complexity.measure import complexity, own_places
from bench.scenes import KINDS
from bench.stores import Store
from variants.contract import Design, Options
from variants.dual_deployed import DualDeployed
from variants.floor import Floor
from workloads.operations import KIND, READS


@pytest.mark.parametrize("design", [Floor(Options()), DualDeployed(Options())], ids=lambda design: str(design.name))
def test_every_operation_is_walked_and_both_paths_are_counted_the_same_twice(
    design: Design, fresh_store: Callable[[Design], Store]
) -> None:
    found = complexity(fresh_store(design))
    kinds = {operation.kind for operation in found.operations}
    assert kinds == {*KINDS, "send, first contact", *(KIND[read] for read in READS)}
    assert [path.path for path in found.paths] == ["write", "read"]
    for path in found.paths:
        assert path.own.functions > 0
        assert path.own.lines > path.own.functions
        assert path.statements >= len(READS)
    assert complexity(fresh_store(design)) == found


def test_statements_of_single_operations_are_those_of_a_warm_channel(fresh_store: Callable[[Design], Store]) -> None:
    counts = {operation.kind: operation.statements for operation in complexity(fresh_store(Floor(Options()))).operations}
    assert (counts["send"], counts["send, first contact"], counts["latest_page"]) == (1, 2, 1)


def test_a_design_of_ours_has_its_module_and_a_stranger_s_its_whole_package() -> None:
    root = Path(str(variants.__file__)).parent
    assert own_places("variants.floor") == [root / "floor.py"]
    assert own_places("pytest") == [Path(pytest.__file__).parent]
    assert own_places("workloads.model") == [root.parent / "workloads"]
