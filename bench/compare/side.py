"""One of the two runs that are compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.latency.pooling import kinds_of, pooled
from bench.latency.samples import Paired
from bench.latency.variants import PER_SIDE, PLANTED_FAMILY, SAME
from bench.results.run_record import RunRecord
from bench.results.schema import Summary, WorkloadTotal


@dataclass(frozen=True, slots=True)
class Side:
    """A run as it was read: how it came about, what was derived from it, and the raw latencies of its paired sessions and reads.

    `factors` are those of the paired sessions of joined designs and other variants. `identity` is a digest of everything it
    measured: runs that share it are one run. `totals` are by trial.
    """

    name: str
    identity: str
    record: RunRecord
    summary: Summary
    totals: Mapping[str, Sequence[WorkloadTotal]]
    paired: Sequence[Paired]
    reads: Sequence[Paired]
    factors: Sequence[Paired] = ()

    def sample(self, family: str, kind: str) -> Paired:
        """The latencies that a ratio of this family and kind was made of."""
        of_designs = family in {PER_SIDE, SAME, PLANTED_FAMILY} or not self.factors
        found = pooled(self.paired if of_designs else self.factors, kinds_of(kind))
        if found is None:
            raise ValueError(f"{self.name} has no latencies of {kind}")
        return found


@dataclass(frozen=True, slots=True)
class Difference:
    """A fact that the two runs do not share, with its value in each."""

    what: str
    a: str
    b: str
