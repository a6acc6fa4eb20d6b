"""Reads the trials of faults from a run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from bench.faults import trials as at
from bench.faults.figures.raw import FILES, KINDS, Raw
from bench.faults.figures.rows import read_rows
from bench.faults.figures.summary import summarise
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.files import read_lines
from bench.results.folder import RunFolder


def faults_of(folder: RunFolder, designs: Sequence[str]) -> FaultsSummary | None:
    """The faults of a run, or None when it has no finished trial of them."""
    trials = folder.trials(at.PREFIX)
    return summarise(raw_of(trials), designs) if trials else None


def raw_of(trials: Sequence[Path]) -> Raw:
    """All records of these trials, by kind, and their raw exposures."""
    lines = {
        field: [record for trial in trials for record in read_lines(trial / FILES[kind], kind)] for field, kind in KINDS.items()
    }
    return Raw(rows=[row for trial in trials for row in read_rows(trial / at.OUTCOMES)], **cast(Any, lines))
