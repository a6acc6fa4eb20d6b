"""Reads the trials of faults from a run's folder."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from bench.faults import trials as at
from bench.faults.figures.rows import read_rows
from bench.faults.figures.summary import Raw, summarise
from bench.results.faults_schema import (
    BusRow,
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    InterruptionRow,
    KillRow,
    LabelCount,
    MomentRecord,
    MutantRecord,
    PauseRow,
    RateRecord,
    RegionRecord,
    ResolutionRecord,
    SweepRecord,
    TableRecord,
    Unavailable,
    VerdictRecord,
)
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.files import read_lines
from bench.results.folder import RunFolder
from bench.results.record import Record

R = TypeVar("R", bound=Record)


def faults_of(folder: RunFolder, designs: Sequence[str]) -> FaultsSummary | None:
    """The faults of a run, or None when it has no finished trial of them."""
    trials = folder.trials(at.PREFIX)
    return summarise(_raw(trials), designs) if trials else None


def _raw(trials: Sequence[Path]) -> Raw:
    def lines(name: str, kind: type[R]) -> list[R]:
        return [record for trial in trials for record in read_lines(trial / name, kind)]

    return Raw(
        sweeps=lines(at.SWEEPS, SweepRecord),
        rows=[row for trial in trials for row in read_rows(trial / at.OUTCOMES)],
        rates=lines(at.RATES, RateRecord),
        verdicts=lines(at.VERDICTS, VerdictRecord),
        constraints=lines(at.CONSTRAINTS, ConstraintRecord),
        tables=lines(at.TABLES, TableRecord),
        interruptions=lines(at.INTERRUPTIONS, InterruptionRow),
        labels=lines(at.LABELS, LabelCount),
        resolutions=lines(at.RESOLUTIONS, ResolutionRecord),
        kills=lines(at.KILLS, KillRow),
        pauses=lines(at.PAUSES, PauseRow),
        streams=lines(at.STREAMS, BusRow),
        episodes=lines(at.EPISODES, EpisodeRecord),
        moments=lines(at.MOMENTS, MomentRecord),
        regions=lines(at.REGIONS, RegionRecord),
        mutants=lines(at.MUTANTS, MutantRecord),
        controls=lines(at.CONTROLS, ControlRecord),
        checkers=lines(at.CHECKERS, CheckerRecord),
        unavailable=lines(at.UNAVAILABLE, Unavailable),
    )
