"""What a run stores of growth, and what is derived from it. Times are in nanoseconds unless the name says `_s`."""

from __future__ import annotations

from bench.results.record import Record


class GrowthPoint(Record):
    """Latency of one kind of operation of a design at one size of an axis (`agents`, `rows`, `channels`).

    `latency_ns` is the mean of the medians of all repetitions, with its bounds at 95 % confidence (None: one repetition); along
    `rows` and `channels` it is their geometric mean. `residual` is the share of it that lies above the fitted line, negative
    where it lies below. `measured` is false for a point that the line was extended to; then `n`, the operations behind it, is
    0, with no residual.
    """

    axis: str
    kind: str
    design: str
    size: int
    measured: bool
    latency_ns: float
    low_ns: float | None
    high_ns: float | None
    residual: float | None
    n: int


class GrowthSlope(Record):
    """How the latency of a kind of operation of a design grows along an axis, with bounds at 95 % confidence.

    Along `agents` the slope is nanoseconds for one agent more; along `rows` and `channels` it is the factor for ten times as many.
    `separated`: the interval leaves out no growth. `repetitions` gave a line each; one alone has no bounds (None).
    """

    axis: str
    kind: str
    design: str
    slope: float
    low: float | None
    high: float | None
    separated: bool
    repetitions: int
    sizes: int


class CountSlope(Record):
    """An exact count of one warm send against the agents of its channel: `each` for one agent more, `alone` without any.

    `residual` is the largest distance of a count from that line: 0 when the count is exactly linear.
    """

    design: str
    what: str
    each: float
    alone: float
    residual: float


class CountPoint(Record):
    """An exact count of one warm send at k agents; `value` None where the server does not count it."""

    design: str
    what: str
    k: int
    value: float | None


class WallRow(Record):
    """A stream of messages of users, driven to its end: what it took the whole harness, and what it held in memory.

    `wall_s` is from before connections are opened to the last operation ended, models and recording included; `tenths_s` are
    the seconds of each tenth of the messages. `cpu_s` is of this process. Memory is of this process, resident, before the
    stream and after it.
    """

    design: str
    messages: int
    repetition: int
    lanes: int
    exchange: str
    wall_s: float
    tenths_s: list[float]
    cpu_s: float
    memory_before_bytes: int
    memory_after_bytes: int


class WallExponent(Record):
    """The power of the number of messages that wall time grows with, with bounds at 95 % confidence; and that of this process's CPU
    time, which other processes of the machine disturb less. Two streams alone have no bounds (None).
    """

    design: str
    exponent: float
    low: float | None
    high: float | None
    cpu_exponent: float
    cpu_low: float | None
    cpu_high: float | None
    runs: int


class GrowthSummary(Record):
    """All of a run's growth. `unequal` are designs that did less work than the others, or other work, by axis and kind."""

    points: list[GrowthPoint]
    slopes: list[GrowthSlope]
    counts: list[CountPoint]
    count_slopes: list[CountSlope]
    wall: list[WallRow]
    exponents: list[WallExponent]
    unequal: list[str]
