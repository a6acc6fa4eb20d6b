"""Records of several kinds as files of a trial: each kind has one, whatever the order in which they come."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from bench.faults import trials as at
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
from bench.results.files import write_lines
from bench.results.record import Record

FILES: Mapping[type[Record], str] = MappingProxyType(
    {
        SweepRecord: at.SWEEPS,
        RateRecord: at.RATES,
        VerdictRecord: at.VERDICTS,
        ConstraintRecord: at.CONSTRAINTS,
        TableRecord: at.TABLES,
        InterruptionRow: at.INTERRUPTIONS,
        KillRow: at.KILLS,
        LabelCount: at.LABELS,
        ResolutionRecord: at.RESOLUTIONS,
        PauseRow: at.PAUSES,
        BusRow: at.STREAMS,
        EpisodeRecord: at.EPISODES,
        MomentRecord: at.MOMENTS,
        RegionRecord: at.REGIONS,
        MutantRecord: at.MUTANTS,
        ControlRecord: at.CONTROLS,
        CheckerRecord: at.CHECKERS,
        Unavailable: at.UNAVAILABLE,
    }
)
"""The file of each kind of record."""


def write_sorted(folder: Path, records: Iterable[Record]) -> None:
    """Write every record to the file of its kind, in the order in which they come; a kind of which there is none has no file.

    Raises `KeyError` for a kind that no file is for.
    """
    by_kind: dict[type[Record], list[Record]] = {}
    for record in records:
        by_kind.setdefault(type(record), []).append(record)
    for kind, own in by_kind.items():
        write_lines(folder / FILES[kind], own)
