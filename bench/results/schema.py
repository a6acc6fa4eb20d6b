"""What a run stores and what is derived from it: the schema of `run.json`, `summary.json` and the rows of the trials.

All times are integers in nanoseconds unless the name says `_s`, all sizes in bytes. A thing that could not be measured is None,
never 0.
"""

from __future__ import annotations

from pydantic import Field

from bench.results.complexity_schema import DesignComplexity
from bench.results.cost_schema import CostSummary
from bench.results.faults_summary_schema import FaultsSummary
from bench.results.growth_schema import GrowthSummary
from bench.results.isolated_schema import IsolatedSummary, PairOrder
from bench.results.ladder_schema import LadderSummary
from bench.results.load_schema import LoadSummary
from bench.results.paired_schema import BlockMedian
from bench.results.pgbench_schema import PgbenchSummary
from bench.results.record import Record

SCHEMA_VERSION = 2
"""What this version writes. 1: one trial for all designs, `run.json` written at the end, no digests of files."""


class RowsChanged(Record):
    """Rows of one table that one operation changed, as the server counted them; whole numbers unless it is a mean."""

    inserted: float
    updated: float
    deleted: float


class RelationCost(Record):
    """What one operation writes to one relation, or to the transaction log alone. All figures are per operation.

    `relation` is a table, an index or a table's TOAST; `table` is the table that it belongs to, empty for the records of
    transactions. `locks` are row locks (Heap/LOCK): on a table that others reference, the lookups of their foreign keys. `entries`
    are index entries. `hot_updates` are updates that needed no new index entry, as the server counted them; None for what is no
    table.
    """

    relation: str
    table: str
    wal_records: float
    wal_bytes: float | None
    wal_page_bytes: float
    wal_images: float | None
    locks: float
    entries: float
    hot_updates: float | None


class AnatomyCell(Record):
    """What one operation of a kind costs a variant with `k` agents in the channel. All figures are per operation.

    `state` is `first` for a first contact (a user joins and sends, nothing was ever said in the channel; join and message
    together) and `warm` otherwise. `operations` were measured, and all of them cost the same unless `uniform` is false; then the
    figures are means. `round_trips` is with the plain exchange, `flights` with the shared one. WAL is without the server's
    background records. `wal_bytes` is of rows, index entries and transactions; apart from it stand, as means over the cell,
    `wal_page_bytes`, of records that reorganise full pages (index page splits, pruning), and `wal_images`, by which full-page
    images made the WAL longer. `wal_image_records` carry an image, `wal_hint_images` of them nothing else. `relations` is the same
    by table and index.
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
    wal_image_records: float | None = None
    wal_hint_images: float | None = None
    relations: list[RelationCost] = Field(default_factory=list)


class CheckpointCell(Record):
    """The same operations twice, on two fresh stores: `plain`, and `across` a checkpoint that is forced halfway.

    `across` is None where no checkpoint may be asked for.
    """

    plain: AnatomyCell
    across: AnatomyCell | None


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
    defects: dict[str, int] = Field(default_factory=dict)


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
    """A variant against its baseline on the same messages: `ratio` is exp(mean of the middle half of the per-message log ratios).

    `low` and `high` bound it with 95 % confidence, for this row alone. `detectable` and `found_in_4_of_5` are shares, as
    `bench.stats.ratio` says, the first at least what the A/A pair of its kind hides. `p_value` is corrected for the row's family:
    primary rows of a family are one, all its other rows another. `separated`, `equivalent` and `verdict` are those of
    `bench.stats.verdicts`.
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
    primary: bool = False
    detectable: float = 0.0
    p_value: float = 1.0
    equivalent: bool = False
    verdict: str = "~"
    found_in_4_of_5: float | None = None


class LatencyQuantiles(Record):
    """Latency of one variant and kind of operation over all messages; a quantile the sample cannot carry is None.

    The bounds hold it with 95 % confidence; None with fewer than two sessions or blocks.
    """

    family: str
    variant: str
    kind: str
    n: int
    p50_ns: int
    p90_ns: int | None
    p99_ns: int | None
    p50_bounds_ns: tuple[int, int] | None = None
    p90_bounds_ns: tuple[int, int] | None = None
    p99_bounds_ns: tuple[int, int] | None = None


class TailRatio(Record):
    """How many times a variant's p99 its baseline's is, with bounds at 95 % confidence. Told, and never ranked."""

    family: str
    variant: str
    baseline: str
    kind: str
    n: int
    ratio: float
    low: float
    high: float


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
    `relay_transactions` and `relay_statements`; they are None without one. `rows` are of both. `autovacuums` is how often
    autovacuum vacuumed or analysed a table of the store meanwhile, None where nobody asked.
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
    autovacuums: int | None = None


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
    complexity: list[DesignComplexity] = Field(default_factory=list)
    left_out: list[LeftOut] = Field(default_factory=list)
    missing: list[str] = Field(default_factory=list)
    stopped_early: list[str] = Field(default_factory=list)
    checkpoints: list[CheckpointCell] = Field(default_factory=list)
    costs: CostSummary | None = None
    placement: str = ""
    load: LoadSummary | None = None
    growth: GrowthSummary | None = None
    ladder: LadderSummary | None = None
    pgbench: PgbenchSummary | None = None
    isolated: IsolatedSummary | None = None
    orders: list[PairOrder] = Field(default_factory=list)
    tails: list[TailRatio] = Field(default_factory=list)
    blocks: list[BlockMedian] = Field(default_factory=list)
    faults: FaultsSummary | None = None
