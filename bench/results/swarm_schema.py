"""What a load run by users stores of itself, and what is derived from it."""

from __future__ import annotations

from bench.results.record import Record


class SwarmWorker(Record):
    """A process that had users: which part of the stream it drew, and what it did of that.

    `operations` and `digest` are of the part (`bench.swarm.digests`); `rows` came from it in `batches`. `ended` is false for one
    that was gone before the end.
    """

    process: int
    operations: int
    digest: str
    rows: int
    batches: int
    wall_ns: int
    busy_share: float
    preempted: int
    ended: bool


class SwarmSample(Record):
    """What a process held at a moment of a run, `at_ms` after its beginning: -1 is the one that leads. `connections` are those of
    the store, which that one counts.
    """

    process: int
    at_ms: int
    rss_bytes: int
    descriptors: int
    connections: int | None = None


class SwarmPhase(Record):
    """A part of the run: when it ended, how many operations were due in it, and how many users there were for them."""

    end_s: float
    operations: int
    users: int


class SwarmRecord(Record):
    """A run of one variant.

    `operations` and `digest` are of the whole stream: those of the workers' parts add up to them. `rows` is how many operations
    were due before the run ended, `acknowledged` how many of them ended as they should, `unknown` of how many nobody knows. `why`
    says what makes the run unfit to be compared; none when it is fit. `stopped` is true where somebody stopped it before its end,
    `steady` where autovacuum and checkpoints were left to PostgreSQL's defaults.
    """

    variant: str
    workload: str
    workload_digest: str
    exchange: str
    seed: int
    shape: str
    rate_per_s: float
    run_s: float
    warm_s: float
    users: int
    spawn_rate: float
    steady: bool
    operations: int
    digest: str
    rows: int
    acknowledged: int
    unknown: int
    stopped: bool
    why: list[str]
    phases: list[SwarmPhase]
    workers: list[SwarmWorker]
    proof_holds: bool

    @property
    def is_whole(self) -> bool:
        """Whether every worker was there to the end, and the store is what was acknowledged."""
        return self.proof_holds and all(worker.ended for worker in self.workers)


class SwarmAgreement(Record):
    """How Locust's users and the open-loop instrument agree on a quantile of the response; see `bench.swarm.agreement`.

    All are ratios, by variant where they are of one.
    """

    q: float
    ratios: dict[str, float]
    noise: dict[str, float]
    bound: float
    beyond: list[str]
    mean: float
    mean_bound: float


class LoadRun(Record):
    """`load.json`: what all runs of a folder share, written when the last of them has ended."""

    started_at: str
    storebench_version: str
    commit: str | None
    dirty: bool | None
    arguments: list[str]
    locust_version: str
    machine: dict[str, object]
    server: dict[str, object]
    runs: list[str]
    agreement: list[SwarmAgreement]
