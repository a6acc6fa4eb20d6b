"""What a run stores and what is derived from it: the schema of `run.json`, `summary.json` and the rows of the trials.

All times are integers in nanoseconds, all sizes in bytes. A thing that could not be measured is None, never 0.
"""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

SCHEMA_VERSION = 1


class Record(BaseModel):
    """Immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


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
    """The same-work proof of one store: `differences` are the lines to show, shortened to the first hundred."""

    trial: str
    design: str
    holds: bool
    expected_digest: str
    observed_digest: str
    differences: list[str]
    difference_count: int
    gaps: dict[str, int]


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


class DesignRecord(Record):
    """What a run must know of a design: its tables by side, and what it declares that it cannot or does not do."""

    tables: dict[str, list[str]]
    gaps: list[Shortfall]
    defects: list[Shortfall]


class WorkloadTotal(Record):
    """What a whole workload, its set-up included, cost a store: rows as the server counted them, the rest as it was sent.

    `messages` were sent by users and agents; reads are among the operations.
    """

    variant: str
    operations: int
    messages: int
    transactions: int
    statements_read: int
    statements_write: int
    round_trips: int
    rows: dict[str, RowsChanged]


class RunRecord(Record):
    """`run.json`: how the run came about. `workloads` gives the digest of each; `placement` says which CPUs were used."""

    schema_version: int
    storebench_version: str
    commit: str | None
    dirty: bool | None
    started_at: str
    arguments: list[str]
    configuration: dict[str, object]
    seed: int
    workloads: dict[str, str]
    machine: dict[str, object]
    server: dict[str, object]
    designs: dict[str, DesignRecord]
    placement: str
    workload_parameters: dict[str, object]
    phases: list[Phase]


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
    """`summary.json`: everything the charts and the report are made of, derived from the trials alone."""

    schema_version: int
    anatomy: list[AnatomyCell]
    latency: list[LatencyRatio]
    quantiles: list[LatencyQuantiles]
    crash: list[CrashPoint]
    proofs: list[ProofRecord]
    claims: list[ClaimRow]
    totals: list[WorkloadTotal]
    workload: dict[str, object]
