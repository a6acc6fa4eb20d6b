"""A generator is measured without a design: every operation is begun, and nothing is sent."""

from __future__ import annotations

import pytest

from bench.load import ceiling
from bench.load.recorder import Recorder
from bench.workload_registry import Asked, workloads

(WORKLOAD,) = workloads(Asked("chat", None, 60, 2), [3])


def test_every_operation_is_performed_and_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    recorders: list[Recorder] = []

    class Watched(Recorder):
        def __init__(self) -> None:
            super().__init__()
            recorders.append(self)

    monkeypatch.setattr(ceiling, "Recorder", Watched)
    assert ceiling.ceiling_per_s(WORKLOAD, 4, peer_delivery=True) > 0
    table = recorders[0].table(0, 0)
    assert table.num_rows == min(ceiling.STEPS, sum(1 for _ in WORKLOAD.operations()))
    assert set(table["outcome"].to_pylist()) == {"ok"}
