"""Two runs of the same work beside each other. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bench.compare.counts import Counts, counts
from bench.compare.latency import Latencies, latencies
from bench.compare.likeness import busy, circumstances, unlike
from bench.compare.side import Difference, Side
from bench.errors import UserError

_VALUE_SHOWN = 60
_ABSENT = "no such claim"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Run `b` against run `a`: under which circumstances each was made, what lacks in either, and what differs.

    `is_same_run`: both are one run. `missing_a` are trials that A lacks, `stopped_a` those that a limit ended early, with the
    limit; `busy_a` is the load of a machine that was at work with something else when A began. `claims` are claims of the design
    note with another verdict.
    """

    a: str
    b: str
    is_same_run: bool
    designs: Sequence[str]
    seed: int
    circumstances: Sequence[Difference]
    missing_a: Sequence[str]
    missing_b: Sequence[str]
    stopped_a: Sequence[str]
    stopped_b: Sequence[str]
    busy_a: str | None
    busy_b: str | None
    counts: Counts
    latencies: Latencies
    claims: Sequence[Difference]
    claims_compared: int


def compare(a: Side, b: Side) -> Comparison:
    """Everything that two runs of the same work have in common or not. Runs of other work are refused in one line."""
    apart = unlike(a.record, b.record)
    if apart:
        told = "; ".join(f"{one.what}: {_short(one.a)} / {_short(one.b)}" for one in apart)
        raise UserError(
            f"{a.name} and {b.name} did not do the same work, so they are not compared ({told}): "
            f"make a run of the same work with `storebench rerun`, of either of them"
        )
    placement = Difference("CPU placement", a.summary.placement or "not recorded", b.summary.placement or "not recorded")
    verdicts_a, verdicts_b = ({claim.id: claim.verdict for claim in side.summary.claims} for side in (a, b))
    claims = [Difference(one, verdicts_a.get(one, _ABSENT), verdicts_b.get(one, _ABSENT)) for one in {**verdicts_a, **verdicts_b}]
    return Comparison(
        a=a.name,
        b=b.name,
        is_same_run=a.identity == b.identity,
        designs=list(a.record.designs),
        seed=a.record.seed,
        circumstances=[*circumstances(a.record, b.record), *([placement] if placement.a != placement.b else [])],
        missing_a=a.summary.missing,
        missing_b=b.summary.missing,
        stopped_a=a.summary.stopped_early,
        stopped_b=b.summary.stopped_early,
        busy_a=busy(a.record),
        busy_b=busy(b.record),
        counts=counts(a, b),
        latencies=latencies(a, b),
        claims=[claim for claim in claims if claim.a != claim.b],
        claims_compared=len(claims),
    )


def _short(value: str) -> str:
    return value if len(value) <= _VALUE_SHOWN else f"{value[:_VALUE_SHOWN]}..."
