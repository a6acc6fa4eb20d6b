"""What clients make of their last error against what the server did."""

from __future__ import annotations

from bench.history.confusion import confusion
from bench.results.faults_schema import SweepRow


def row(cell: str, naive: str, truth: str, *, happened: bool = True) -> SweepRow:
    return SweepRow.model_validate(
        {
            "design": "dual",
            "cell": cell,
            "kind": "send",
            "k": 1,
            "schedule": "s",
            "lane": "fast",
            "faults": 1,
            "attempt": 1,
            "message": 1,
            "flight": 1,
            "side": "reply-lost",
            "second": None,
            "happened": happened,
            "told": "info",
            "truth": truth,
            "left": "whole",
            "naive": naive,
        }
    )


def test_rows_of_sweeps_are_counted_by_design_cell_and_label_and_void_ones_are_not() -> None:
    rows = [row("joined", "fail", "committed"), row("joined", "fail", "committed"), row("per_side", "ok", "partial")]
    counts = confusion([*rows, row("joined", "fail", "committed", happened=False)])
    assert [(item.cell, item.naive, item.resolved, item.n) for item in counts] == [
        ("joined", "fail", "committed", 2),
        ("per_side", "ok", "partial", 1),
    ]
