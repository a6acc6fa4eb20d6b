"""What is derived of a run's faults: strips, the matrix, curves, answers, and the summary that holds all of it."""

from __future__ import annotations

from pydantic import Field

from bench.results.faults_schema import (
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    LabelCount,
    MomentRecord,
    MutantRecord,
    RateRecord,
    RegionRecord,
    ResolutionRecord,
    SweepRecord,
    Unavailable,
    VerdictRecord,
)
from bench.results.record import Record


class SiteStrip(Record):
    """All one-fault exposures of one design, cell, kind and k: by side, a letter for each message, in order.

    `w` whole, `p` partial, `l` lost, `d` duplicated, `v` void, `.` not run. `labels` are those of the messages.
    """

    design: str
    cell: str
    kind: str
    k: int
    attempt: int
    labels: list[str]
    flights: list[int]
    sides: dict[str, str]
    schedules: int
    flights_split: int


class MatrixCell(Record):
    """One fault met by one design in one cell: `n` judged exposures, by what was left; bounds (Wilson, 95 %) of the share that is
    not clean. They are None for a census, which has no sampling error, and for fewer than one exposure.

    `denominator` is what is counted: `schedule`, `flight`, `kill`, `operation`, `message`.
    """

    design: str
    cell: str
    fault: str
    denominator: str
    n: int
    void: int
    partial: int
    lost: int
    duplicated: int
    silent: int
    low: float | None
    high: float | None


class Survival(Record):
    """How long violations of one invariant lasted: Kaplan-Meier steps at `times_s` with the share that still lasts and its band.

    `n` episodes, `never` of them had not ended when nobody looked any more. `median_s` is None when more than half never ended.
    """

    design: str
    cell: str
    invariant: str
    fault: str
    n: int
    never: int
    times_s: list[float]
    share: list[float]
    low: list[float]
    high: list[float]
    median_s: float | None


class CellRecord(Record):
    """One named cell of the factors: its variant's levels and the question of the design note that it answers."""

    name: str
    levels: str
    bus: str
    question: str


class Answer(Record):
    """A generated sentence about one design; `topic` is `split`, `retry` or `foreign key`."""

    design: str
    topic: str
    sentence: str


class FaultsSummary(Record):
    """Everything of a run's faults that charts and report are made of, derived from its trials alone.

    `strips` are the exposures to one fault; `matrix` counts all of them. `left_out` says what a run of this size did not do.
    """

    cells: list[CellRecord]
    strips: list[SiteStrip]
    sweeps: list[SweepRecord]
    matrix: list[MatrixCell]
    verdicts: list[VerdictRecord]
    answers: list[Answer]
    rates: list[RateRecord] = Field(default_factory=list)
    labels: list[LabelCount] = Field(default_factory=list)
    resolutions: list[ResolutionRecord] = Field(default_factory=list)
    episodes: list[EpisodeRecord] = Field(default_factory=list)
    survival: list[Survival] = Field(default_factory=list)
    moments: list[MomentRecord] = Field(default_factory=list)
    regions: list[RegionRecord] = Field(default_factory=list)
    mutants: list[MutantRecord] = Field(default_factory=list)
    controls: list[ControlRecord] = Field(default_factory=list)
    checkers: list[CheckerRecord] = Field(default_factory=list)
    constraints: list[ConstraintRecord] = Field(default_factory=list)
    unavailable: list[Unavailable] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
