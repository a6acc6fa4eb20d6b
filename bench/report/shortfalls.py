"""What designs cannot represent, or do not do, how often that happened in this run, and what is not compared for it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bench.charts.palette import design_of, in_order
from bench.contrasts import ANATOMY, LATENCY
from bench.report.grid import Grid, figure, grid
from bench.results.run_record import RunRecord
from bench.results.schema import DesignRecord, LeftOut, ProofRecord, Shortfall, Summary

_COUNTED = ("in the paired workload", "in the write scenes")
_GAPS = ("design", "what", "why", "the note's words", *_COUNTED, "so not compared by")
_DEFECTS = ("design", "what", "why", "seen in", *_COUNTED, "so not compared by")
_LEFT_OUT = ("variant", "what it does otherwise", "so not compared by")
_PARTS = {LATENCY: "paired workload", ANATOMY: "write scenes"}


def shortfall_grids(summary: Summary, run: RunRecord) -> list[Grid]:
    """Gaps and defects with the rows they touch, in the paired workload (all sessions) and in the scenes of the write anatomy.

    Beside each stands what the design is not compared by for it; variants with shortfalls that their design has not follow.
    """
    designs = in_order(run.designs)

    def rows(declared: Callable[[DesignRecord], Sequence[Shortfall]]) -> list[tuple[str, ...]]:
        return [
            (design, _spoken(item.kind), item.reason, item.citation, *_counts(summary, design, item.kind))
            for design in designs
            for item in declared(run.designs[design])
        ]

    gaps, defects = rows(lambda record: record.gaps), rows(lambda record: record.defects)
    declared = {(name, item.kind) for name, record in run.designs.items() for item in (*record.gaps, *record.defects)}
    absent = _own_of_variants([row for row in summary.left_out if (row.design, row.shortfall) not in declared])
    found = []
    if gaps:
        found.append(
            grid("Gaps: facts that a design cannot represent, and rows they touch", _GAPS, gaps, numbers=(4, 5), prose=(2, 3, 6))
        )
    if defects:
        title = "Defects: what a design's deployed code leaves undone, and rows it touches"
        found.append(grid(title, _DEFECTS, defects, numbers=(4, 5), prose=(2, 3, 6)))
    if absent:
        found.append(grid("Variants left out of comparisons between designs", _LEFT_OUT, absent, prose=(1, 2)))
    return found


def _own_of_variants(found: Sequence[LeftOut]) -> list[tuple[str, ...]]:
    """One row for each variant and shortfall."""
    order = in_order(design_of(row.design) for row in found)
    keys = dict.fromkeys((row.design, row.shortfall) for row in found)
    return [
        (variant, _spoken(shortfall), _kinds([row for row in found if (row.design, row.shortfall) == (variant, shortfall)]))
        for variant, shortfall in sorted(keys, key=lambda key: (order.index(design_of(key[0])), key))
    ]


def _kinds(found: Sequence[LeftOut]) -> str:
    """Kinds of operation that are not compared: those of both parts once, or by part where parts differ."""
    by_part = {part: tuple(sorted({row.kind for row in found if row.part == part})) for part in _PARTS}
    if len(set(by_part.values())) == 1:
        return ", ".join(by_part[LATENCY]) or "–"
    return "; ".join(f"{_PARTS[part]}: {', '.join(kinds)}" for part, kinds in by_part.items() if kinds)


def without_shortfalls(run: RunRecord) -> list[str]:
    """The designs that declare neither gap nor defect."""
    return [name for name in in_order(run.designs) if not run.designs[name].gaps and not run.designs[name].defects]


def _counts(summary: Summary, design: str, kind: str) -> tuple[str, str, str]:
    absent = [row for row in summary.left_out if (row.design, row.shortfall) == (design, kind)]
    return *_touched(summary.proofs, design, kind), _kinds(absent)


def _touched(proofs: Sequence[ProofRecord], design: str, kind: str) -> tuple[str, str]:
    own = [(proof.trial, {**proof.gaps, **proof.defects}) for proof in proofs if proof.design == design]
    counts = ([counted[kind] for trial, counted in own if trial.startswith(part) and kind in counted] for part in _PARTS)
    paired, scenes = (figure(sum(found)) if found else "–" for found in counts)
    return paired, scenes


def _spoken(kind: str) -> str:
    return kind.replace("_", " ")
