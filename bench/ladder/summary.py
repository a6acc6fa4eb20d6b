"""From the raw rows of a ladder to its steps. Pure, given the random generator of the bootstrap."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from bench.contrasts import LATENCY, left_out
from bench.ladder.trials import contrasts
from bench.latency.samples import pair
from bench.latency.summary import ratios
from bench.results.ladder_schema import LadderSummary, RungCount, RungRatio, RungRecord
from bench.results.schema import AnatomyCell, LatencyRatio, LeftOut, ProofRecord


def summarise(
    rungs: Sequence[RungRecord],
    cells: Sequence[AnatomyCell],
    sessions: Sequence[pa.Table],
    proofs: Sequence[ProofRecord],
    rng: np.random.Generator,
    draws: int,
) -> LadderSummary | None:
    """Every step with its counts and ratios; None for a run without a ladder. `proofs` are those of the paired sessions."""
    if not rungs:
        return None
    ordered = sorted(rungs, key=lambda rung: rung.place)
    absent = left_out([proof.model_copy(update={"trial": LATENCY}) for proof in proofs])
    compared = contrasts([rung.variant for rung in ordered])
    found = ratios(pair(sessions), compared, rng, draws, absent) if sessions else []
    return LadderSummary(
        name=ordered[0].ladder,
        question=ordered[0].question,
        rungs=ordered,
        counts=[_count(cell) for cell in cells],
        ratios=[_ratio(row) for row in found],
        left_out=list(dict.fromkeys(map(_told, absent))),
    )


def _count(cell: AnatomyCell) -> RungCount:
    return RungCount(
        variant=cell.design,
        kind=cell.kind,
        k=cell.k,
        state=cell.state,
        transactions=cell.transactions,
        statements=cell.statements_read + cell.statements_write,
        round_trips=cell.round_trips,
        rows=sum(row.inserted + row.updated + row.deleted for row in cell.rows.values()),
        wal_records=cell.wal_records,
        wal_bytes=cell.wal_bytes,
    )


def _ratio(row: LatencyRatio) -> RungRatio:
    return RungRatio(**{name: getattr(row, name) for name in RungRatio.model_fields})


def _told(row: LeftOut) -> str:
    return f"{row.design}: {row.kind}, {row.shortfall.replace('_', ' ')}"
