"""Runs that never were, with a planted cost for each design."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from bench.compare.side import Side
from bench.latency.samples import Paired
from bench.results.schema import LatencyRatio, LeftOut, ProofRecord, RowsChanged, WorkloadTotal
from bench.scenes import MESSAGES
from tests.bench.compare.sides import side
from tests.bench.latency.made import paired
from tests.bench.report.made_up import DESIGNS, run, summary

BLOCKS = 4
WRITES: Mapping[str, int] = {"dual": 400, "option_a": 380, "option_b": 390, "hybrid": 300, "floor": 110}
SPEEDS: Mapping[str, float] = {"dual": 1.0, "option_a": 0.8, "option_b": 0.9, "hybrid": 0.7, "floor": 0.4}


def made_up(
    name: str,
    *,
    is_replay: bool = False,
    speeds: Mapping[str, float] | None = None,
    writes: Mapping[str, int] | None = None,
    left_out: Sequence[LeftOut] = (),
    gaps: Mapping[str, Mapping[str, int]] | None = None,
    sessions: int = 3,
    messages: int = 60,
    **changes: object,
) -> Side:
    """A run in which each design takes `speeds` times as long as one without a name, and writes so many rows in a session."""
    rng = np.random.default_rng(len(name))
    configuration: dict[str, object] = {"seed": 7, "bootstrap_draws": 200, **({"trace": "chat.csv"} if is_replay else {})}
    names = [f"latency-{number:03d}" for number in range(sessions)]
    record = run(configuration=configuration, trials=["anatomy-dual", *names])
    totals = {trial: [_total(design, (writes or WRITES)[design], messages) for design in DESIGNS] for trial in names}
    samples = [_paired(kind, speeds or SPEEDS, sessions, messages, rng) for kind in MESSAGES]
    proofs = [_proof(trial, design, (gaps or {}).get(design, {})) for trial in names for design in DESIGNS]
    found = summary(latency=[_same(kind) for kind in MESSAGES], left_out=list(left_out), proofs=proofs)
    return side(name, record=record.model_copy(update=changes), found=found, trials=totals, paired=samples)


def _total(design: str, rows: int, messages: int) -> WorkloadTotal:
    halves = RowsChanged(inserted=rows / 2, updated=rows / 4, deleted=rows / 4)
    counts = {"operations": 2 * messages, "transactions": 1, "statements_read": 1, "statements_write": 1, "round_trips": 1}
    return WorkloadTotal(variant=design, messages=messages, rows={"messages": halves}, **counts)


def _proof(trial: str, design: str, gaps: Mapping[str, int]) -> ProofRecord:
    return ProofRecord(
        trial=trial,
        design=design,
        holds=True,
        expected_digest="ab",
        observed_digest="ab",
        differences=[],
        difference_count=0,
        gaps=dict(gaps),
    )


def _paired(kind: str, speeds: Mapping[str, float], sessions: int, messages: int, rng: np.random.Generator) -> Paired:
    session = np.repeat(np.arange(sessions), messages)
    block = np.tile(np.repeat(np.arange(BLOCKS), messages // BLOCKS), sessions)
    base = rng.lognormal(14, 0.3, len(session))
    own = [base * speeds[design] * rng.lognormal(0, 0.02, len(session)) for design in DESIGNS]
    return paired(kind, DESIGNS, session, block, np.stack(own, axis=1))


def _same(kind: str) -> LatencyRatio:
    """An A/A pair that shows 2 %."""
    one_ms = 1_000_000
    return LatencyRatio(
        family="a/a",
        variant="dual[again]",
        baseline="dual",
        kind=kind,
        n=180,
        ratio=1.0,
        low=0.98,
        high=1.02,
        separated=False,
        detectable=0.02,
        p50_ns=one_ms,
        baseline_p50_ns=one_ms,
    )
