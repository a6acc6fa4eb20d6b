"""What designs cannot represent, or do not do, how often that happened in this run, and what is not compared for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.charts.palette import in_order
from bench.contrasts import ANATOMY, LATENCY
from bench.report.grid import Grid, figure, grid
from bench.results.schema import DesignRecord, LeftOut, ProofRecord, RunRecord, Shortfall, Summary

_COUNTED = ("in the paired workload", "in the write scenes")
_GAPS = ("design", "what", "why", "the note's words", *_COUNTED)
_DEFECTS = ("design", "what", "why", "seen in", *_COUNTED)
_LEFT_OUT = ("design", "not compared by", "what it does otherwise", "rows", "counted in")
_PARTS = {LATENCY: "the paired workload", ANATOMY: "the write scenes"}


def shortfall_grids(summary: Summary, run: RunRecord) -> list[Grid]:
    """Gaps and defects with the rows they touch, in the paired workload (all sessions) and in the scenes of the write anatomy.

    Then who takes no part in which comparisons for it.
    """
    designs = in_order(run.designs)

    def rows(declared: Callable[[DesignRecord], Sequence[Shortfall]]) -> list[tuple[str, ...]]:
        return [
            (design, _spoken(item.kind), item.reason, item.citation, *_touched(summary.proofs, design, item.kind))
            for design in designs
            for item in declared(run.designs[design])
        ]

    gaps, defects = rows(lambda record: record.gaps), rows(lambda record: record.defects)
    absent = _left_out(summary.left_out, designs)
    found = []
    if gaps:
        found.append(
            grid("Gaps: facts that a design cannot represent, and rows they touch", _GAPS, gaps, numbers=(4, 5), prose=(2, 3))
        )
    if defects:
        title = "Defects: what a design's deployed code leaves undone, and rows it touches"
        found.append(grid(title, _DEFECTS, defects, numbers=(4, 5), prose=(2, 3)))
    if absent:
        found.append(grid("Left out of comparisons between designs", _LEFT_OUT, absent, numbers=(3,), prose=(1, 2)))
    return found


def _left_out(found: Sequence[LeftOut], designs: Sequence[str]) -> list[tuple[str, ...]]:
    """One row for each part, design and shortfall, its kinds of operation together."""
    kinds: dict[tuple[str, str, str, int], list[str]] = {}
    for row in sorted(found, key=lambda row: (list(_PARTS).index(row.part), designs.index(row.design))):
        kinds.setdefault((row.part, row.design, row.shortfall, row.rows), []).append(row.kind)
    return [
        (design, ", ".join(of_kind), _spoken(shortfall), figure(rows), _PARTS[part])
        for (part, design, shortfall, rows), of_kind in kinds.items()
    ]


def without_shortfalls(run: RunRecord) -> list[str]:
    """The designs that declare neither gap nor defect."""
    return [name for name in in_order(run.designs) if not run.designs[name].gaps and not run.designs[name].defects]


def _touched(proofs: Sequence[ProofRecord], design: str, kind: str) -> tuple[str, str]:
    own = [(proof.trial, {**proof.gaps, **proof.defects}) for proof in proofs if proof.design == design]
    counts = ([counted[kind] for trial, counted in own if trial.startswith(part) and kind in counted] for part in _PARTS)
    paired, scenes = (figure(sum(found)) if found else "–" for found in counts)
    return paired, scenes


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
