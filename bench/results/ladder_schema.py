"""What a run stores of a ladder of designs, and what is derived from it. Times are in nanoseconds."""

from __future__ import annotations

from bench.results.record import Record


class RungRecord(Record):
    """One rung: the variant, its design, its atomicity, what is otherwise than on the rung before, and its declared gaps."""

    ladder: str
    question: str
    place: int
    variant: str
    design: str
    atomicity: str
    change: str
    gaps: list[str]


class RungCount(Record):
    """The exact cost of one operation of a kind on a rung, with k agents in the channel; WAL is None where it is not counted."""

    variant: str
    kind: str
    k: int
    state: str
    transactions: float
    statements: float
    round_trips: float
    rows: float
    wal_records: float | None
    wal_bytes: float | None


class RungRatio(Record):
    """The latency of a rung against another one on the same operations, with bounds at 95 % confidence.

    `family` is `a/a` for the first rung against itself, `step` against the rung before, `from the first` against the first one.
    `separated` and `detectable` are those of every paired comparison of a run.
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
    detectable: float
    p50_ns: int
    baseline_p50_ns: int


class LadderSummary(Record):
    """All of a run's ladder. `left_out` says in words which rungs are not compared by which kind of operation, and why."""

    name: str
    question: str
    rungs: list[RungRecord]
    counts: list[RungCount]
    ratios: list[RungRatio]
    left_out: list[str]
