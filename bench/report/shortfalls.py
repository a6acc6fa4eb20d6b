"""What designs cannot represent, or do not do, and how often that happened in this run. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from bench.charts.palette import in_order
from bench.report.grid import Grid, figure, grid
from bench.results.schema import ProofRecord, RunRecord, Summary

_HEADING = ("design", "what", "why", "the note's words")
_COUNTED = (*_HEADING, "in the paired workload", "in the write scenes")


def shortfall_grids(summary: Summary, run: RunRecord) -> list[Grid]:
    """Gaps with the rows they touch, in the paired workload (all sessions) and in the scenes of the write anatomy; defects."""
    designs = in_order(run.designs)
    gaps = [
        (design, _spoken(gap.kind), gap.reason, gap.citation, *_touched(summary.proofs, design, gap.kind))
        for design in designs
        for gap in run.designs[design].gaps
    ]
    defects = [
        (design, _spoken(defect.kind), defect.reason, defect.citation)
        for design in designs
        for defect in run.designs[design].defects
    ]
    found = []
    if gaps:
        found.append(
            grid("Gaps: facts that a design cannot represent, and rows they touch", _COUNTED, gaps, numbers=(4, 5), prose=(2, 3))
        )
    if defects:
        found.append(grid("Defects: what a design's deployed code leaves undone", _HEADING, defects, prose=(2, 3)))
    return found


def without_shortfalls(run: RunRecord) -> list[str]:
    """The designs that declare neither gap nor defect."""
    return [name for name in in_order(run.designs) if not run.designs[name].gaps and not run.designs[name].defects]


def _touched(proofs: Sequence[ProofRecord], design: str, kind: str) -> tuple[str, str]:
    own = [proof for proof in proofs if proof.design == design and kind in proof.gaps]
    counts = ([p.gaps[kind] for p in own if p.trial.startswith(trial)] for trial in ("latency", "anatomy"))
    paired, scenes = (figure(sum(found)) if found else "–" for found in counts)
    return paired, scenes


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
