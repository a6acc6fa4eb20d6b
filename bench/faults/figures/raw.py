"""What a run's trials of faults hold: every kind of record, and the file of each. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import get_args, get_type_hints

from bench.results.faults_schema import (
    BusRow,
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    InterruptionRow,
    KillRow,
    LabelCount,
    LookRecord,
    MomentRecord,
    MutantRecord,
    PauseRow,
    RateRecord,
    RegionRecord,
    ResolutionRecord,
    SweepRecord,
    SweepRow,
    TableRecord,
    Unavailable,
    VerdictRecord,
)
from bench.results.record import Record

ROWS = "rows"
"""The field of the raw exposures, whose file has columns (`bench.faults.figures.rows`)."""


@dataclass(frozen=True, slots=True)
class Raw:
    """All records of a run's trials of faults, in their order; those of a field but `rows` are in the file of its name."""

    sweeps: Sequence[SweepRecord] = ()
    rows: Sequence[SweepRow] = ()
    rates: Sequence[RateRecord] = ()
    verdicts: Sequence[VerdictRecord] = ()
    constraints: Sequence[ConstraintRecord] = ()
    tables: Sequence[TableRecord] = ()
    interruptions: Sequence[InterruptionRow] = ()
    labels: Sequence[LabelCount] = ()
    resolutions: Sequence[ResolutionRecord] = ()
    kills: Sequence[KillRow] = ()
    pauses: Sequence[PauseRow] = ()
    streams: Sequence[BusRow] = ()
    episodes: Sequence[EpisodeRecord] = ()
    moments: Sequence[MomentRecord] = ()
    regions: Sequence[RegionRecord] = ()
    mutants: Sequence[MutantRecord] = ()
    controls: Sequence[ControlRecord] = ()
    checkers: Sequence[CheckerRecord] = ()
    looks: Sequence[LookRecord] = ()
    unavailable: Sequence[Unavailable] = ()


KINDS: Mapping[str, type[Record]] = MappingProxyType(
    {field: get_args(held)[0] for field, held in get_type_hints(Raw).items() if field != ROWS}
)
"""The kind of record that each field holds."""

FILES: Mapping[type[Record], str] = MappingProxyType({kind: f"{field}.jsonl" for field, kind in KINDS.items()})
"""The file of each kind of record."""
