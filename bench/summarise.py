"""From the stored trials of a run to its summary; it can be deleted and made again."""

from __future__ import annotations

from typing import Annotated, TypeVar

import numpy as np
from pydantic import Field

from bench.claims.ledger import judge
from bench.contrasts import left_out
from bench.errors import InvalidMeasurement
from bench.latency import samples
from bench.latency.summary import quantiles, ratios
from bench.latency.variants import AGAIN, contrasts
from bench.reads import summary as reads
from bench.results.files import as_record, read_lines
from bench.results.folder import (
    ANATOMY,
    CRASH,
    INDEXES,
    LATENCY,
    PATHS,
    PLANS,
    PROOFS,
    RUN,
    TABLES,
    TOTALS,
    RunFolder,
)
from bench.results.run_record import RunRecord
from bench.results.schema import (
    SCHEMA_VERSION,
    AnatomyCell,
    CrashPoint,
    DesignComplexity,
    IndexUse,
    ProofRecord,
    ReadPlan,
    ReadsSummary,
    Record,
    Summary,
    TableRows,
    WorkloadTotal,
)

R = TypeVar("R", bound=Record)


class _Shaping(Record):
    """What of a run's record shapes its summary."""

    seed: Annotated[int, Field(ge=0)]
    bootstrap_draws: Annotated[int, Field(ge=100, le=100_000)]
    variants: tuple[str, ...] = ()
    reads_rows: Annotated[int, Field(ge=0)] = 0


def derive(folder: RunFolder) -> Summary:
    """The summary of a run, from its trials alone; equal trials give an equal summary.

    A trial that was not measured is named in the summary. Raises `UserError` when a file is not what was written, or is missing,
    `InvalidMeasurement` when the run is withheld.
    """
    withheld = folder.withheld()
    if withheld is not None:
        raise InvalidMeasurement(withheld.reason, withheld.lines)
    run, trials = folder.read_run(), folder.trial_records()
    sessions = paired(folder)
    shaping = _shaping(folder, run)
    rng = np.random.default_rng(shaping.seed)
    names = {name for sample in sessions for name in sample.variants}
    joined, again = all(f"{design}[joined]" in names for design in run.designs), any(f"[{AGAIN}]" in name for name in names)
    proofs = _all(folder, "", PROOFS, ProofRecord)
    absent = left_out(proofs)
    compared = contrasts(list(run.designs), joined=joined, again=again, variants=shaping.variants)
    summary = Summary(
        schema_version=SCHEMA_VERSION,
        anatomy=_all(folder, "anatomy", ANATOMY, AnatomyCell),
        latency=ratios(sessions, compared, rng, shaping.bootstrap_draws, absent),
        quantiles=quantiles(sessions),
        crash=_all(folder, "crash", CRASH, CrashPoint),
        proofs=proofs,
        totals=_all(folder, "latency-", TOTALS, WorkloadTotal),
        claims=[],
        workload=run.workload_parameters,
        reads=_reads(folder, shaping),
        complexity=_all(folder, "paths", PATHS, DesignComplexity),
        left_out=absent,
        missing=folder.missing(),
        stopped_early=[f"{trial.name}: {limit}" for trial in trials for limit in trial.stopped_early],
        placement="; ".join(sorted({trial.placement for trial in trials if trial.placement is not None})),
    )
    return summary.model_copy(update={"claims": judge(summary, run)})


def _shaping(folder: RunFolder, run: RunRecord) -> _Shaping:
    stored = {key: run.configuration[key] for key in _Shaping.model_fields if key in run.configuration}
    return as_record(folder.path / RUN, _Shaping, stored | {"seed": run.seed})


def paired(folder: RunFolder) -> list[samples.Paired]:
    """The latencies of all paired sessions of a run, by operation."""
    return samples.pair([samples.read(trial / LATENCY) for trial in folder.trials("latency-")])


def _reads(folder: RunFolder, shaping: _Shaping) -> ReadsSummary | None:
    """The reads on large stores, if the run has them; their bootstrap is their own, so that it changes nobody else's."""
    for trial in folder.trials("reads"):
        return reads.summarise(
            samples.read(trial / LATENCY),
            read_lines(trial / PLANS, ReadPlan),
            read_lines(trial / INDEXES, IndexUse),
            read_lines(trial / TABLES, TableRows),
            rows=shaping.reads_rows,
            rng=np.random.default_rng([shaping.seed, 1]),
            draws=shaping.bootstrap_draws,
        )
    return None


def _all(folder: RunFolder, prefix: str, name: str, kind: type[R]) -> list[R]:
    return [record for trial in folder.trials(prefix) for record in read_lines(trial / name, kind)]
