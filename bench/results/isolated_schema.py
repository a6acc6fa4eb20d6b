"""The records of isolated trials, and of the order that several instruments put designs into."""

from __future__ import annotations

from pydantic import Field

from bench.results.record import Record


class IsolatedTrial(Record):
    """One design alone: `p50_ns` of its primary kinds together; `log_middle` is the median of the logarithms of their latencies.

    `place` is its place in the block.
    """

    block: int
    place: int
    design: str
    n: int
    p50_ns: int
    log_middle: float


class IsolatedRatio(Record):
    """A design against the baseline by blocks: the mean of the differences of logarithms, with bounds at 95 % confidence.

    `p_value` is corrected for all designs (Holm).
    """

    variant: str
    baseline: str
    blocks: int
    ratio: float
    low: float
    high: float
    detectable: float
    p_value: float
    separated: bool
    verdict: str


class IsolatedSummary(Record):
    """All isolated trials of a run. `kind` is what was compared, `where` says whether each had a server of its own."""

    kind: str
    where: str
    trials: list[IsolatedTrial]
    ratios: list[IsolatedRatio]


class OrderOf(Record):
    """How one instrument orders two designs: `ratio` is `a` to `b` in time, and whether that is separated."""

    instrument: str
    ratio: float
    low: float
    high: float
    separated: bool


class PairOrder(Record):
    """Two designs by every instrument that has both. `order` is `same`, `inverted` or `not separated by all`.

    It is inverted when any two instruments that separate the designs differ. For an inversion, `figures` are measurements that may
    explain it: absolute latencies, round trips, CPU.
    """

    a: str
    b: str
    order: str
    by: list[OrderOf]
    figures: list[str] = Field(default_factory=list)
