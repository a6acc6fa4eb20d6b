"""What is derived of a run's faults: strips, the matrix, curves, answers, and the summary that holds all of it."""

from __future__ import annotations

from pydantic import Field

from bench.results.faults_schema import (
    CheckerRecord,
    ConstraintRecord,
    ControlRecord,
    EpisodeRecord,
    LabelCount,
    LookRecord,
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


class TakeoverRecord(Record):
    """What was left where a client was stopped past a takeover: `n` of `exposures` of one design and cell ended so.

    `silent` of them while one of both clients heard ok. `schedule` replays the first.
    """

    design: str
    cell: str
    left: str
    exposures: int
    n: int
    silent: int
    schedule: str | None


class KillContrast(Record):
    """The share of a design's random kills that left a part in the cell `per_side`, less that in the cell `joined`.

    `low` and `high` are Newcombe's bounds (95 %) of the difference; the two samples are independent.
    """

    design: str
    per_side: int
    per_side_n: int
    joined: int
    joined_n: int
    difference: float
    low: float
    high: float


class KillSpread(Record):
    """Where the random kills of one design and cell found their clients; `void` ones are not among `kills`.

    `phases` counts kills by what the client was doing, such as `open`, `commit after 1` or `between operations`; `split` those of
    them that left a part. `at_ms` are the least, the quartiles and the greatest of their instants, from when the client's first
    operation began; empty without a kill.
    """

    design: str
    cell: str
    kills: int
    void: int
    phases: dict[str, int]
    split: dict[str, int]
    at_ms: list[float]


class Survival(Record):
    """How long violations of one invariant lasted: Kaplan-Meier steps at `times_s` with the share that still lasts and its band.

    `n` episodes, `never` of them had not ended when nobody looked any more. The curve is of the longest that they may have lasted
    between looks; `median_shortest_s` is the median of the shortest, `median_s` that of the longest, None when more than half never
    ended.
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
    median_shortest_s: float | None
    median_s: float | None


class BrokenRecord(Record):
    """An invariant that interruptions of operations, or streams over a failing bus, broke in `violated` of `exposures`.

    `schedule` replays the first of them.
    """

    design: str
    cell: str
    fault: str
    invariant: str
    exposures: int
    violated: int
    schedule: str | None


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
    broken: list[BrokenRecord] = Field(default_factory=list)
    rates: list[RateRecord] = Field(default_factory=list)
    labels: list[LabelCount] = Field(default_factory=list)
    resolutions: list[ResolutionRecord] = Field(default_factory=list)
    episodes: list[EpisodeRecord] = Field(default_factory=list)
    survival: list[Survival] = Field(default_factory=list)
    kill_spreads: list[KillSpread] = Field(default_factory=list)
    kill_contrasts: list[KillContrast] = Field(default_factory=list)
    takeovers: list[TakeoverRecord] = Field(default_factory=list)
    moments: list[MomentRecord] = Field(default_factory=list)
    regions: list[RegionRecord] = Field(default_factory=list)
    mutants: list[MutantRecord] = Field(default_factory=list)
    controls: list[ControlRecord] = Field(default_factory=list)
    checkers: list[CheckerRecord] = Field(default_factory=list)
    looks: list[LookRecord] = Field(default_factory=list)
    constraints: list[ConstraintRecord] = Field(default_factory=list)
    unavailable: list[Unavailable] = Field(default_factory=list)
    left_out: list[str] = Field(default_factory=list)
