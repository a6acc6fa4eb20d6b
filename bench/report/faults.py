"""Tables of faults, with the command that replays each violation. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bench.checker.catalogue import HARM, INVARIANTS, harm
from bench.faults.figures.answers import TOPICS, said
from bench.faults.figures.orders import cell_order
from bench.faults.figures.telling import bounds_told, proof_told
from bench.report.faults_clients import client_grids
from bench.report.faults_proof import proof_grids
from bench.report.faults_verdicts import VIOLATED, verdict_grids
from bench.report.grid import Grid, figure, grid
from bench.results.faults_schema import SweepRecord, VerdictRecord
from bench.results.faults_summary_schema import (
    BrokenRecord,
    CellRecord,
    FaultsSummary,
    MatrixCell,
    Survival,
)

_HOW = (
    "Connections were cut at every message of an operation, before the server had it and behind its answer. The schedule of each"
    " exposure is told, so that it can be replayed. An exposure without evidence of its fault is void and counts for nothing."
)


def lead(faults: FaultsSummary | None) -> str:
    """What was done, what the proofs of the checker say, and what a run of this size left out."""
    if faults is None:
        return ""
    told = [_HOW, *proof_told(faults)]
    if faults.left_out:
        told.append(f"Left out by a run of this size: {'; '.join(faults.left_out)}.")
    return " ".join(told)


def fault_grids(faults: FaultsSummary | None) -> list[Grid]:
    """Cells, verdicts, counts, and the proof of the instrument; tables that would be empty are left out."""
    if faults is None:
        return []
    found = (
        _cells(faults.cells),
        _violations(faults.verdicts),
        _broken(faults.broken),
        *verdict_grids(faults.verdicts),
        _invariants(faults.verdicts),
        _matrix(faults.matrix),
        _sweeps(faults.sweeps),
        _windows(faults.survival),
        *client_grids(faults),
        *proof_grids(faults),
    )
    return [one for one in found if one.rows]


def answer_grids(faults: FaultsSummary | None) -> list[Grid]:
    """A table for each question, with one sentence for each design."""
    if faults is None:
        return []
    by_question = {
        question: [(answer.design, said(answer)) for answer in faults.answers if answer.topic == topic]
        for topic, question in TOPICS.items()
    }
    return [grid(question, ("design", "answer"), rows, prose=(1,)) for question, rows in by_question.items() if rows]


def _cells(cells: Sequence[CellRecord]) -> Grid:
    rows = [(cell.name, cell.levels, cell.bus, cell.question) for cell in cells]
    return grid(
        "Cells, and the question of the note that each answers", ("cell", "levels", "bus", "question"), rows, codes=(1,), prose=(3,)
    )


def _violations(verdicts: Sequence[VerdictRecord]) -> Grid:
    broken = [verdict for verdict in verdicts if verdict.verdict == VIOLATED]
    broken.sort(key=lambda one: (_harm(one), one.invariant, cell_order(one.cell), one.design))
    rows = [
        (
            one.invariant,
            one.design,
            one.cell,
            ", ".join(f"{direction} {count:,}" for direction, count in one.directions.items()) or "–",
            ", ".join(f"{count} {what.removesuffix('s') if count == 1 else what}" for what, count in one.hit_at_most.items())
            or "–",
            f"{one.violated:,} of {one.exposures:,}",
            figure(one.silent),
            "–" if one.schedule is None else f"storebench replay {shlex.quote(one.schedule)}",
        )
        for one in broken
    ]
    heading = (
        *(
            "invariant",
            "design",
            "cell",
            "keys by direction",
            "one exposure hits at most",
            "exposures that break it",
            "caller told ok",
        ),
        "this replays the shortest",
    )
    return grid(
        "Every invariant that was broken, the worst first", heading, rows, numbers=(6,), codes=(7,), prose=(3, 4), long=True
    )


def _broken(broken: Sequence[BrokenRecord]) -> Grid:
    rows = [
        (
            one.invariant,
            one.design,
            one.cell,
            one.fault,
            f"{one.violated:,} of {one.exposures:,}",
            "–" if one.schedule is None else f"storebench replay {shlex.quote(one.schedule)}",
        )
        for one in broken
    ]
    heading = ("invariant", "design", "cell", "fault", "exposures that break it", "this replays the first")
    return grid("What interruptions and a failing bus broke", heading, rows, codes=(5,), long=True)


def _harm(verdict: VerdictRecord) -> int:
    """The worst direction of its violations; without any, after all that have one."""
    return min(map(harm, verdict.directions), default=len(HARM))


def _invariants(verdicts: Sequence[VerdictRecord]) -> Grid:
    """What each invariant says, where the run has verdicts."""
    known = INVARIANTS.values() if verdicts else ()
    rows = [(one.name, one.title, one.formal, one.key, one.decided_by) for one in known]
    return grid("What each invariant says", ("invariant", "", "says", "told of", "decided by"), rows, prose=(2,), long=True)


def _matrix(matrix: Sequence[MatrixCell]) -> Grid:
    rows = [
        (
            one.cell,
            one.fault,
            one.design,
            one.denominator,
            figure(one.n),
            figure(one.void),
            figure(one.partial),
            figure(one.lost),
            figure(one.duplicated),
            figure(one.silent),
            bounds_told(one),
        )
        for one in matrix
    ]
    heading = (
        "cell",
        "fault",
        "design",
        "per",
        "n",
        "void",
        "split",
        "lost, told ok",
        "duplicated",
        "silent",
        "share not clean [95 %]",
    )
    return grid("Faults and designs", heading, rows, numbers=range(4, 10), long=True)


def _sweeps(sweeps: Sequence[SweepRecord]) -> Grid:
    rows = [
        (
            one.design,
            one.cell,
            f"{one.kind}, k = {one.k}",
            one.lane,
            str(one.faults),
            figure(len(one.labels)),
            figure(one.flights),
            figure(one.schedules),
            figure(one.void),
            figure(one.left_out),
            "–" if not one.took_s else f"{one.schedules / one.took_s:,.0f}",
            _agreed(one),
        )
        for one in sweeps
    ]
    heading = (
        *("design", "cell", "operation", "lane", "faults", "messages", "flights", "schedules", "void", "left out", "per second"),
        "against the other lane",
    )
    return grid("Sweeps", heading, rows, numbers=range(4, 11), long=True)


def _agreed(sweep: SweepRecord) -> str:
    if sweep.absent is not None:
        return f"there is none: {sweep.absent}"
    if sweep.differences is None:
        return "–"
    return "every outcome the same" if not sweep.differences else f"{sweep.differences} DIFFER"


def _windows(survival: Sequence[Survival]) -> Grid:
    rows = [
        (
            one.cell,
            one.invariant,
            one.fault,
            one.design,
            figure(one.n),
            figure(one.never),
            _between(one.median_shortest_s, one.median_s),
        )
        for one in survival
    ]
    heading = ("cell", "invariant", "fault", "design", "violations", "never healed", "median window, shortest to longest")
    return grid("How long violations lasted", heading, rows, numbers=(4, 5))


def _between(shortest_s: float | None, longest_s: float | None) -> str:
    if shortest_s is None or longest_s is None:
        return "more than half never ended"
    return f"{shortest_s:.3g} to {longest_s:.3g} s"
