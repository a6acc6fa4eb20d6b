"""What load stores of its points, and what is derived from them. Rates are operations a second."""

from __future__ import annotations

from bench.results.record import Record


class LoadPoint(Record):
    """One point as it was measured: its raw rows are those of the trial with the same `point`.

    `purpose` is `search`, `share` (of the own capacity, `percent`), `rate` (the same for all variants) or `series`. Of `due` times
    the SHA-256 is stored. `warm_from_ns` and `window_end_ns` bound what is analysed. `busy_share` is the share of the point in
    which the busiest generator neither slept nor waited for an answer, and a wait for a CPU is no rest; `preempted` is how often
    the system took the CPU from generators; `prepared` counts statements that a connection met for the first time in it. `late` and
    `achieved` are shares, `kept` whether the objective was. `cut` operations were never begun, because the limit of the point was
    over. `channel_share` is the share of all responses that was waiting for earlier operations on the same channel, server or
    member.
    """

    point: int
    variant: str
    repeat: int
    purpose: str
    percent: int | None
    rate_per_s: float
    due: int
    due_digest: str
    warm_from_ns: int
    window_end_ns: int
    wall_ns: int
    busy_share: float
    preempted: int = 0
    prepared: int
    late: float
    achieved: float
    kept: bool
    invalid: str | None
    cut: int = 0
    channel_share: float = 0.0


class Checkpoint(Record):
    """A checkpoint that was asked for, and when: nanoseconds after the beginning of the point."""

    point: int
    begin_ns: int
    end_ns: int


class LoadCapacity(Record):
    """The highest rate of a variant that kept the objective: the median of its searches, within what any of them left open.

    `high_per_s` is None where a search met no limit. `bound_by` is `design`, or `generator` where that was at its end first: then
    the capacity is at least this; or `channel` where operations mostly waited for earlier ones on their own channel: then it is the
    rate at which the hottest channels go. `apart` says, in words, why no share of it is measured: its searches do not agree.
    """

    variant: str
    searches: int
    rate_per_s: float
    low_per_s: float
    high_per_s: float | None
    bound_by: str
    apart: str | None = None


class LoadFigure(Record):
    """One quantile of all rows of a point, pooled over its repeats; None where they cannot carry it, or where the point was cut."""

    q: float
    response_ns: int | None
    service_ns: int | None
    lag_ns: int | None


class CurvePoint(Record):
    """A response and the share of all operations that took at most so long."""

    share: float
    response_ns: int


class LoadLevel(Record):
    """What a variant did at one rate, all repeats pooled; `valid` unless the generator was the bottleneck in any of them.

    `n` operations were due; `outcomes` and `sqlstates` count how they ended. `lag_p99_ns` and `response_p99_ns` are those that
    `valid` is judged by, nearest rank, however few the rows are. `cut` operations, warm-up or not, were never begun because the
    limit of a point was over: then there is no quantile at all, since those that were begun are the ones that went well. Means are
    of what was begun.
    """

    variant: str
    purpose: str
    percent: int | None
    rate_per_s: float
    repeats: int
    n: int
    achieved_per_s: float
    late: float
    kept: bool
    quantiles: list[LoadFigure]
    curve: list[CurvePoint]
    response_p99_ns: int | None
    lag_p99_ns: int | None
    channel_mean_ns: float
    lane_mean_ns: float
    busy_share: float
    preempted: int = 0
    prepared: int
    outcomes: dict[str, int]
    sqlstates: dict[str, int]
    retried: int
    due_digests: list[str]
    valid: bool
    why: list[str]
    cut: int = 0


class SeriesPart(Record):
    """A second of a series: operations that were due in it."""

    second: int
    n: int
    response_p50_ns: int
    response_max_ns: int


class LoadSeries(Record):
    """A variant at a steady rate over checkpoints; seconds of which operations were cut have no part."""

    variant: str
    rate_per_s: float
    parts: list[SeriesPart]
    checkpoints: list[Checkpoint]
    valid: bool
    cut: int = 0


class LoadSummary(Record):
    """Everything of load, and under which terms: the objective of the response p99, connections, exchange, arrivals.

    `ceiling_per_s` is the least that one generator did of operations for which nothing is sent; None where nobody looked.
    """

    objective_ms: float
    connections: int
    processes: int
    exchange: str
    arrivals: str
    capacities: list[LoadCapacity]
    levels: list[LoadLevel]
    series: list[LoadSeries]
    placement: str
    ceiling_per_s: float | None = None


class LoadTerms(Record):
    """Under which terms a trial was measured, the same for all of a run; `workload_digest` is the SHA-256 of its operations.

    `ceiling_per_s` was measured with the trial: what one generator does of operations for which nothing is sent.
    """

    variant: str
    repeat: int
    objective_ms: float
    warm_s: float
    window_s: float
    connections: int
    processes: int
    exchange: str
    arrivals: str
    workload: str
    workload_digest: str
    ceiling_per_s: float | None = None
