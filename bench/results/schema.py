"""What a run stores and what is derived from it: the schema of `run.json`, `summary.json` and the rows of the trials.

All times are integers in nanoseconds unless the name says `_s`, all sizes in bytes. A thing that could not be measured is None,
never 0.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

SCHEMA_VERSION = 2
"""What this version writes. 1: one trial for all designs, `run.json` written at the end, no digests of files."""

FileName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,99}$")]
"""A name that can be no path."""


class Record(BaseModel):
    """Immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class RowsChanged(Record):
    """Rows of one table that one operation changed, as the server counted them; whole numbers unless it is a mean."""

    inserted: float
    updated: float
    deleted: float


class AnatomyCell(Record):
    """What one operation of a kind costs a variant with `k` agents in the channel. All figures are per operation.

    `state` is `first` for a first contact (a user joins and sends, nothing was ever said in the channel; join and message
    together) and `warm` otherwise. `operations` were measured, and all of them cost the same unless `uniform` is false; then the
    figures are means. `round_trips` is with the plain exchange, `flights` with the shared one. WAL is without the server's
    background records. `wal_bytes` is of rows, index entries and transactions; apart from it stand, as means over the cell,
    `wal_page_bytes`, of records that reorganise full pages (index page splits, pruning), and `wal_images`, full-page images.
    """

    design: str
    atomicity: str
    kind: str
    k: int
    state: str
    operations: int
    uniform: bool
    transactions: float
    statements_read: float
    statements_write: float
    round_trips: float
    flights: float
    rows: dict[str, RowsChanged]
    wal_records: float | None
    wal_bytes: float | None
    wal_images: float | None
    wal_page_bytes: float | None = None


class ProofRecord(Record):
    """The same-work proof of one store: `differences` are the lines to show, shortened to the first hundred.

    `gaps` and `defects` say how many rows of the expected facts each declared one touches.
    """

    trial: str
    design: str
    holds: bool
    expected_digest: str
    observed_digest: str
    differences: list[str]
    difference_count: int
    gaps: dict[str, int]
    defects: dict[str, int] = {}


class LeftOut(Record):
    """Why a design takes no part in comparisons of one kind of operation: `rows` that a declared gap or defect touched.

    `part` is the part of the run whose workload was counted, `latency` or `anatomy`.
    """

    part: str
    design: str
    kind: str
    shortfall: str
    rows: int


class LatencyRatio(Record):
    """A variant against its baseline on the same messages: `ratio` is exp(median of the per-message log ratios).

    `low` and `high` bound it with 95 % confidence; `separated` is whether that interval leaves out 1 and the difference is
    larger than the run's A/A pair shows. `k` is agents in the channel.
    """

    family: str
    variant: str
    baseline: str
    kind: str
    n: int
    ratio: float
    low: float
    high: float
    separated: bool
    p50_ns: int
    baseline_p50_ns: int


class LatencyQuantiles(Record):
    """Latency of one variant and kind of operation over all messages; a quantile the sample cannot carry is None."""

    family: str
    variant: str
    kind: str
    n: int
    p50_ns: int
    p90_ns: int | None
    p99_ns: int | None


class CrashPoint(Record):
    """What a client killed at one point of an operation leaves behind.

    `point` is such as `before-step-1`, `before-commit-2`, `after-commit-2`. `left` is one of `whole`, `partial`, `lost`
    (`duplicated` for a design that stores a message twice in one attempt); `parts` names who has something of what is left in
    part: `central` for the central facts, `agent 1 of 2` for those of one of the agents that the operation concerns, in the
    order in which they were added to the server. `retry_same` and `retry_fresh` say what one retry with the same and with a
    fresh message id ends in (`whole`, that is healed; `partial`, `lost`, `duplicated`), `told_same` and `told_fresh` what the
    retrying client was told (`ok`, `fail`, `info`); the fresh ones are None where no message is written. `schedule` is the
    argument of `storebench replay`.
    """

    design: str
    atomicity: str
    kind: str
    k: int
    point: str
    left: str
    parts: list[str]
    retry_same: str
    told_same: str
    retry_fresh: str | None
    told_fresh: str | None
    schedule: str


class Phase(Record):
    """One phase of a run, with the seconds it was given and took."""

    name: str
    budget_s: float
    took_s: float


class Shortfall(Record):
    """A gap or a defect that a design declares: its kind, why, and the words of the design note."""

    kind: str
    reason: str
    citation: str


class CodeCounts(Record):
    """Code that a path runs: functions, their decisions (cyclomatic complexity less 1 each), the cyclomatic complexity of the worst
    of them, and source lines without docstrings and comments.
    """

    functions: int
    decisions: int
    worst: int
    lines: int


class PathComplexity(Record):
    """One path of a design, `write` or `read`: its own code, code it shares with other designs, and its distinct statements."""

    path: str
    own: CodeCounts
    shared: CodeCounts
    statements: int


class OperationStatements(Record):
    """Statements of one operation with two agents in the channel, warm unless `kind` says that it is a first contact."""

    kind: str
    statements: int


class DesignComplexity(Record):
    """Both paths of a design, and the statements of its operations."""

    design: str
    paths: list[PathComplexity]
    operations: list[OperationStatements]


class DesignRecord(Record):
    """What a run must know of a design: its tables by side, and what it declares that it cannot or does not do.

    `origin` is what registers it, `code` the SHA-256 of the source of its module.
    """

    tables: dict[str, list[str]]
    gaps: list[Shortfall]
    defects: list[Shortfall]
    origin: str | None = None
    code: str | None = None


class WorkloadTotal(Record):
    """What a whole workload, its set-up included, cost a store: rows as the server counted them, the rest as it was sent.

    `messages` were sent by users and agents; reads are among the operations. With an outbox the relay's part stands apart in
    `relay_transactions` and `relay_statements`; they are None without one. `rows` are of both.
    """

    variant: str
    operations: int
    messages: int
    transactions: int
    statements_read: int
    statements_write: int
    round_trips: int
    rows: dict[str, RowsChanged]
    relay_transactions: int | None = None
    relay_statements: int | None = None


class PlanScan(Record):
    """One scan of a relation in a plan: `how` as the server calls it, such as `Index Scan` or `Seq Scan`.

    `rows` were given and `removed` read for nothing, in all loops; None for a plan that was not run.
    """

    relation: str
    how: str
    index: str | None
    rows: float | None
    removed: float | None


class ReadPlan(Record):
    """The plan of one statement of a read on a large store.

    `mode` is `generic` (one plan for all parameters) or `custom`; `target` is `busiest` or `usual`, the channel, server or agent
    that is asked about; `statement` counts the distinct statements of the read from 1, which it sends so many `times`; the plan is
    that of the first time. `pages` were touched, in memory or not.
    """

    variant: str
    kind: str
    target: str
    statement: int
    times: int
    mode: str
    scans: list[PlanScan]
    sorted_rows: float | None
    pages: int | None


class IndexUse(Record):
    """An index of a variant and what needs it: kinds of reads, keys; empty when nothing does."""

    variant: str
    table: str
    index: str
    columns: list[str]
    needed_by: list[str]


class TableRows(Record):
    """How many rows a table of a large store has."""

    variant: str
    table: str
    rows: int


class ReadsSummary(Record):
    """The reads on large stores: `rows` messages each; a table of more than `large` rows is large."""

    rows: int
    large: int
    ratios: list[LatencyRatio]
    quantiles: list[LatencyQuantiles]
    plans: list[ReadPlan]
    indexes: list[IndexUse]
    tables: list[TableRows]


class Attempt(Record):
    """One process that worked on a run. `ended` is None when it was killed: it could not say so any more.

    `error` is the line that it ended with, `trial` what it was measuring then.
    """

    started_at: str
    ended_at: str | None = None
    ended: Literal["finished", "interrupted", "failed"] | None = None
    error: str | None = None
    trial: FileName | None = None
    phases: list[Phase] = []


class StoredFile(Record):
    """A file of a trial: its size and its SHA-256."""

    bytes: int
    sha256: str


class TrialRecord(Record):
    """`trial.json`: what a trial is and which files hold its raw data; written with them, last of all.

    `attempt` counts from 0 the processes that worked on the run. `placement` says which CPUs were used, where that was chosen.
    `stopped_early` are the safety limits that ended it before its declared end. `digest` is that of the rest of the record.
    """

    name: FileName
    phase: str
    attempt: int
    started_at: str
    took_s: float | None
    files: dict[FileName, StoredFile]
    placement: str | None = None
    stopped_early: list[str] = []
    digest: str = ""


class RunRecord(Record):
    """`run.json`: how the run came about, written before the first trial; at each end of a process `attempts` is made to say so.

    `code` is the SHA-256 of the sources, `workloads` gives the digest of each, `trials` the names of all that are to be measured,
    in order. `digest` is that of the rest of the record.
    """

    schema_version: int
    storebench_version: str
    commit: str | None
    dirty: bool | None
    code: str | None
    started_at: str
    arguments: list[str]
    configuration: dict[str, object]
    seed: int
    workloads: dict[str, str]
    machine: dict[str, object]
    server: dict[str, object]
    designs: dict[str, DesignRecord]
    workload_parameters: dict[str, object]
    trials: list[FileName]
    attempts: list[Attempt]
    digest: str = ""

    @property
    def phases(self) -> list[Phase]:
        """The phases of all attempts that could tell, those of one name as one."""
        found: dict[str, Phase] = {}
        for phase in (phase for attempt in self.attempts for phase in attempt.phases):
            before = found.get(phase.name)
            took_s = phase.took_s + (before.took_s if before is not None else 0)
            found[phase.name] = Phase(name=phase.name, budget_s=phase.budget_s, took_s=round(took_s, 3))
        return list(found.values())


class Withheld(Record):
    """`withheld.json`: why a run has no results."""

    reason: str
    lines: list[str]


class ClaimRow(Record):
    """One bullet of the design note with its verdict: `supported`, `refuted`, `not separated`, `not measurable here` or
    `not measured yet`; `evidence` is the sentence with the figures, `line` the line of the note.
    """

    id: str
    section: str
    quote: str
    line: int
    verdict: str
    evidence: str


class Summary(Record):
    """`summary.json`: everything the charts and the report are made of, derived from the trials alone.

    `missing` are trials that were not measured, `stopped_early` those that a safety limit ended, with the limit; `placement` says
    on which CPUs latencies were taken.
    """

    schema_version: int
    anatomy: list[AnatomyCell]
    latency: list[LatencyRatio]
    quantiles: list[LatencyQuantiles]
    crash: list[CrashPoint]
    proofs: list[ProofRecord]
    claims: list[ClaimRow]
    totals: list[WorkloadTotal]
    workload: dict[str, object]
    reads: ReadsSummary | None = None
    complexity: list[DesignComplexity] = []
    left_out: list[LeftOut] = []
    missing: list[str] = []
    stopped_early: list[str] = []
    placement: str = ""
