"""What designs cannot represent, or do not do, and how often that happened in this run. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.report.grid import Grid, figure, grid
from bench.results.schema import ProofRecord, RunRecord, Summary

_HEADING = ("design", "what", "why", "the note's words", "rows touched")


def shortfall_grids(summary: Summary, run: RunRecord) -> list[Grid]:
    """Gaps with the rows they touch in the paired workload (all sessions; else in the write anatomy), and defects."""
    designs = in_order(run.designs)
    gaps = [
        (design, _spoken(gap.kind), gap.reason, gap.citation, _touched(summary.proofs, design, gap.kind))
        for design in designs
        for gap in run.designs[design].gaps
    ]
    defects = [
        (design, _spoken(defect.kind), defect.reason, defect.citation, "–")
        for design in designs
        for defect in run.designs[design].defects
    ]
    found = []
    if gaps:
        found.append(grid("Gaps: facts that a design cannot represent", _HEADING, gaps, numbers=(4,)))
    if defects:
        found.append(grid("Defects: what a design's deployed code leaves undone", _HEADING, defects, numbers=(4,)))
    return found


def without_shortfalls(run: RunRecord) -> list[str]:
    """The designs that declare neither gap nor defect."""
    return [name for name in in_order(run.designs) if not run.designs[name].gaps and not run.designs[name].defects]


def _touched(proofs: Sequence[ProofRecord], design: str, kind: str) -> str:
    own = [proof for proof in proofs if proof.design == design and kind in proof.gaps]
    paired = [proof.gaps[kind] for proof in own if proof.trial.startswith("latency")]
    counted = paired or [proof.gaps[kind] for proof in own]
    return figure(sum(counted)) if counted else "–"


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
