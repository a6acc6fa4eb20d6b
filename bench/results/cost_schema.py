"""The records of the cost trial: raw blocks, and what is derived from them. All figures of a derived row are per operation."""

from __future__ import annotations

from pydantic import Field

from bench.results.record import Record


class CostBlock(Record):
    """Operations of one kind, performed one after another by one design on one connection.

    `round` counts the repetitions; `observed` says that waits were sampled meanwhile, so that its times are not compared.
    `position` is the design's place in the repetition. `backend_cpu_ns` is None where the backend's process cannot be
    seen, `queued_ns` (ready to run, and no CPU free) where the system does not tell; `cpu_tick_ns` is the resolution of the clock
    that `backend_cpu_ns` was read from. `fsyncs` and `fsync_ns` are None where the server does not time them. `waits` are how often
    each wait event was seen, as `type/event`, or `CPU`.
    """

    round: int
    observed: bool
    position: int
    design: str
    exchange: str
    kind: str
    operations: int
    wall_ns: int
    client_cpu_ns: int
    backend_cpu_ns: int | None
    queued_ns: int | None
    cpu_tick_ns: int | None
    fsyncs: int | None
    fsync_ns: int | None
    waits: dict[str, int] = Field(default_factory=dict)


class ObserverBlock(Record):
    """A few operations of one kind with an observer on or off; `pair` holds one of each, `block` neighbouring pairs."""

    observer: str
    design: str
    exchange: str
    kind: str
    pair: int
    block: int
    on: bool
    operations: int
    wall_ns: int
    client_cpu_ns: int


class RecordingLoop(Record):
    """What recording an operation takes by itself, with no operation performed: `cpu_ns` of the client for so many operations."""

    operations: int
    cpu_ns: int


class Lacking(Record):
    """Something that could not be measured on this server, and why."""

    what: str
    why: str


class DiskFlush(Record):
    """A write of a page and its fdatasync, beside the server's data and without the server."""

    took_ns: int


class Estimate(Record):
    """A mean with its bounds at 95 % confidence over `n` repetitions; no bounds for one repetition."""

    mean: float
    low: float | None
    high: float | None
    n: int


class CostRow(Record):
    """Where the time of one kind of operation goes. Times in microseconds; None is what could not be measured.

    `wait_us` is what is left of `wall_us` beside the CPU of both and the fsyncs: waking up, the network, queues for a CPU.
    """

    design: str
    exchange: str
    kind: str
    operations: int
    wall_us: Estimate
    client_cpu_us: Estimate
    backend_cpu_us: Estimate | None
    queued_us: Estimate | None
    fsync_us: Estimate | None
    fsyncs: float | None
    wait_us: Estimate | None
    waits: dict[str, int]


class ObserverRow(Record):
    """What an observer costs: blocks of operations with it against blocks without, in pairs.

    `ratio` is exp(mean of the middle half of the log ratios of the pairs' times); `separated` is whether its 95 % interval leaves
    out 1.
    `cpu_us` is the median difference of the client's CPU per operation.
    """

    observer: str
    design: str
    exchange: str
    kind: str
    pairs: int
    operations: int
    ratio: float
    low: float
    high: float
    separated: bool
    off_us: float
    on_us: float
    cpu_us: float


class CostSummary(Record):
    """`recording_us` is what recording takes by itself, per operation; `cpu_tick_us` the resolution of the backend's CPU times.

    `disk_us` is the median time of `disk_flushes` writes of a page with fdatasync, without the server; None where nobody looked.
    """

    agents: int
    rows: list[CostRow]
    observers: list[ObserverRow]
    recording_us: float | None
    cpu_tick_us: float | None
    lacking: list[Lacking]
    disk_us: float | None = None
    disk_flushes: int = 0
