"""What a run found of its own measuring, in sentences for the end of the command and for `storebench show RUN`. Pure."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from bench.faults.figures.telling import failures, proof_told
from bench.report.costs import recording_sentences
from bench.report.relations import is_equal
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.schema import CheckpointCell, Summary

SHOWN_REPLAYS = 12
"""Broken invariants that the end of a command names; the report has all of them."""


def findings(summary: Summary) -> list[str]:
    """What recording costs, what checkpoints changed but images, and what faults broke; nothing of what was not measured."""
    return [*recording_sentences(summary.costs), *_checkpoints(summary.checkpoints), *_faults(summary.faults)]


def _checkpoints(cells: Sequence[CheckpointCell]) -> list[str]:
    if not cells:
        return []
    judged = [is_equal(cell) for cell in cells]
    equal, known = judged.count(True), len(judged) - judged.count(None)
    if not known:
        return ["Across a forced checkpoint: not available, this server does not show its WAL or takes no checkpoint from us."]
    plain = sum(cell.plain.wal_images or 0 for cell in cells)
    across = sum(cell.across.wal_images or 0 for cell in cells if cell.across is not None)
    told = (
        f"Across a forced checkpoint {equal} of {known} cells have the same records and the same bytes without images; images of"
        f" all cells, an operation each: {plain:,.0f} bytes without it, {across:,.0f} across it."
    )
    return [told]


def _faults(faults: FaultsSummary | None) -> list[str]:
    """The proofs of the checker and what failed of them, then the replay of every invariant that was broken."""
    if faults is None:
        return []
    replays = [
        f"{one.invariant} broken by {one.design} in {one.cell}, {one.violated:,} of {one.exposures:,} exposures:"
        f" storebench replay {shlex.quote(one.schedule)}"
        for one in faults.verdicts
        if one.verdict == "violated" and one.schedule is not None
    ]
    replays += [
        f"{one.invariant} broken by {one.design} in {one.cell}, {one.fault}, {one.violated:,} of {one.exposures:,} exposures:"
        f" storebench replay {shlex.quote(one.schedule)}"
        for one in faults.broken
        if one.schedule is not None
    ]
    more = len(replays) - SHOWN_REPLAYS
    rest = [f"and {more} more, each with its replay in the report"] if more > 0 else []
    return [*proof_told(faults), *failures(faults), *replays[:SHOWN_REPLAYS], *rest]
