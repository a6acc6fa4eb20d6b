"""One of the two runs that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.latency.samples import Paired
from bench.results.run_record import RunRecord
from bench.results.schema import Summary, WorkloadTotal


@dataclass(frozen=True, slots=True)
class Side:
    """A run as it was read: how it came about, what was derived from it, and the raw latencies of its paired sessions and reads.

    `identity` is a digest of everything it measured: runs that share it are one run. `totals` are by trial.
    """

    name: str
    identity: str
    record: RunRecord
    summary: Summary
    totals: Mapping[str, Sequence[WorkloadTotal]]
    paired: Sequence[Paired]
    reads: Sequence[Paired]


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that the two runs do not share, with its value in each."""

    what: str
    a: str
    b: str
