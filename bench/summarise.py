"""From the stored trials of a run to its summary; it can be deleted and made again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Annotated, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from bench.anatomy.trimming import trimmed
from bench.claims.ledger import judge
from bench.contrasts import left_out
from bench.cost.stored import costs_of
from bench.errors import InvalidMeasurement
from bench.faults.figures.stored import faults_of
from bench.growth.stored import growth_of
from bench.isolated.orders import orders
from bench.isolated.stored import isolated_of
from bench.ladder.stored import ladder_of
from bench.latency import samples
from bench.latency.blocks_table import block_medians
from bench.latency.pooling import pooled
from bench.latency.summary import Declared, distributions, quantiles, ratios, tails
from bench.latency.variants import contrasts
from bench.load import derive as load
from bench.load.trials import PREFIX as LOAD
from bench.pgbench.stored import pgbench_of
from bench.reads import summary as reads
from bench.results.complexity_schema import DesignComplexity
from bench.results.files import as_record, read_lines
from bench.results.folder import (
    ANATOMY,
    CHECKPOINTS,
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
from bench.results.load_schema import LoadSummary
from bench.results.record import Record
from bench.results.run_record import RunRecord, TrialRecord
from bench.results.schema import (
    SCHEMA_VERSION,
    AnatomyCell,
    CheckpointCell,
    CrashPoint,
    IndexUse,
    LatencyQuantiles,
    ProofRecord,
    ReadPlan,
    ReadsSummary,
    Summary,
    TableRows,
    WorkloadTotal,
)
from bench.scenes import MESSAGES
from bench.streams import Stream, generator

R = TypeVar("R", bound=Record)

LATENCY_TRIALS, FACTOR_TRIALS = "latency-", "factors-"
PAIRED: Mapping[str, bool] = MappingProxyType({LATENCY_TRIALS: True, FACTOR_TRIALS: False})
"""The paired sessions by what their names begin with, and whether their comparisons may be primary: of the designs as they are, and
of joined ones and other variants.
"""


class _Shaping(Record):
    """What of a run's record shapes its summary."""

    seed: Annotated[int, Field(ge=0)]
    bootstrap_draws: Annotated[int, Field(ge=100, le=100_000)]
    variants: tuple[str, ...] = ()
    primary_kinds: tuple[str, ...] = MESSAGES
    smallest_effect: Annotated[float, Field(gt=0, le=1)] = 0.05
    reads_rows: Annotated[int, Field(ge=0)] = 0
    cost_agents: Annotated[int, Field(ge=0)] = 0


def derive(folder: RunFolder) -> Summary:
    """The summary of a run, from its trials alone; equal trials give an equal summary.

    A trial that was not measured is named in the summary. Raises `UserError` when a file is not what was written, or is missing,
    `InvalidMeasurement` when the run is withheld.
    """
    withheld = folder.withheld()
    if withheld is not None:
        raise InvalidMeasurement(withheld.reason, withheld.lines)
    run, trials = folder.read_run(), folder.trial_records()
    shaping = _shaping(folder, run)
    rng = generator(shaping.seed, Stream.SUMMARY)
    measured = [(paired(folder, prefix), primary) for prefix, primary in PAIRED.items()]
    proofs = _all(folder, "", PROOFS, ProofRecord)
    absent = left_out(proofs)
    latency, tail_ratios = [], []
    for sessions, primary in measured:
        names = {name for sample in sessions for name in sample.variants}
        compared = contrasts(list(run.designs), sorted(names), shaping.variants)
        declared = Declared(shaping.primary_kinds if primary else (), shaping.smallest_effect)
        latency += ratios(sessions, compared, rng, shaping.bootstrap_draws, absent, declared)
        tail_ratios += tails(sessions, compared, rng, shaping.bootstrap_draws, absent)
    alone = isolated_of(folder, shaping.primary_kinds, shaping.smallest_effect, absent)
    totals = [total for prefix in PAIRED for total in _all(folder, prefix, TOTALS, WorkloadTotal)]
    replayed = pgbench_of(folder, seed=shaping.seed, draws=shaping.bootstrap_draws)
    summary = Summary(
        schema_version=SCHEMA_VERSION,
        anatomy=trimmed(_all(folder, "anatomy", ANATOMY, AnatomyCell)),
        latency=latency,
        quantiles=_each_once(row for sessions, _ in measured for row in quantiles(sessions, rng, shaping.bootstrap_draws)),
        tails=tail_ratios,
        blocks=list(block_medians(pooled(measured[0][0], shaping.primary_kinds))),
        crash=_all(folder, "crash", CRASH, CrashPoint),
        proofs=proofs,
        totals=totals,
        claims=[],
        workload=run.workload_parameters,
        reads=_reads(folder, shaping),
        load=_load(folder, trials),
        growth=growth_of(folder),
        faults=faults_of(folder, list(run.designs)),
        ladder=ladder_of(folder, seed=shaping.seed, draws=shaping.bootstrap_draws),
        pgbench=replayed,
        isolated=alone,
        orders=orders(
            list(run.designs),
            measured[0][0],
            shaping.primary_kinds,
            alone,
            [] if replayed is None else replayed.rounds,
            absent,
            totals,
            generator(shaping.seed, Stream.SUMMARY_ORDERS),
            shaping.bootstrap_draws,
        ),
        complexity=_all(folder, "paths", PATHS, DesignComplexity),
        checkpoints=_all(folder, "checkpoint-", CHECKPOINTS, CheckpointCell),
        costs=costs_of(folder, agents=shaping.cost_agents, seed=shaping.seed, draws=shaping.bootstrap_draws),
        left_out=absent,
        missing=folder.missing(),
        stopped_early=[f"{trial.name}: {limit}" for trial in trials for limit in trial.stopped_early],
        placement="; ".join(sorted({trial.placement for trial in trials if trial.placement is not None})),
    )
    return summary.model_copy(update={"claims": judge(summary, run)})


def _shaping(folder: RunFolder, run: RunRecord) -> _Shaping:
    stored = {key: run.configuration[key] for key in _Shaping.model_fields if key in run.configuration}
    return as_record(folder.path / RUN, _Shaping, stored | {"seed": run.seed})


def paired(folder: RunFolder, prefix: str = LATENCY_TRIALS) -> list[samples.Paired]:
    """The latencies of a run's paired sessions whose names begin so, by operation."""
    return samples.pair([samples.read(trial / LATENCY) for trial in folder.trials(prefix)])


def latencies(folder: RunFolder) -> Mapping[str, Mapping[str, NDArray[np.int64]]]:
    """Latencies in nanoseconds by kind of operation and variant, sorted; of a variant in both sets, those of the first."""
    found: dict[str, dict[str, NDArray[np.int64]]] = {}
    for prefix in PAIRED:
        for kind, by_variant in distributions(paired(folder, prefix)).items():
            found[kind] = {**by_variant, **found.get(kind, {})}
    return found


def _each_once(rows: Iterable[LatencyQuantiles]) -> list[LatencyQuantiles]:
    """One row for each variant and kind: designs per side take part in both sets of sessions, and the first has more of them."""
    found: dict[tuple[str, str], LatencyQuantiles] = {}
    for row in rows:
        found.setdefault((row.variant, row.kind), row)
    return list(found.values())


def _load(folder: RunFolder, trials: Sequence[TrialRecord]) -> LoadSummary | None:
    placed = sorted({t.placement for t in trials if t.name.startswith(LOAD) and t.placement is not None})
    return load.summarise(folder.trials(LOAD), "; ".join(placed))


def _reads(folder: RunFolder, shaping: _Shaping) -> ReadsSummary | None:
    """The reads on large stores, if the run has them; their bootstrap is their own, so that it changes nobody else's."""
    for trial in folder.trials("reads"):
        return reads.summarise(
            samples.read(trial / LATENCY),
            read_lines(trial / PLANS, ReadPlan),
            read_lines(trial / INDEXES, IndexUse),
            read_lines(trial / TABLES, TableRows),
            rows=shaping.reads_rows,
            rng=generator(shaping.seed, Stream.SUMMARY_READS),
            draws=shaping.bootstrap_draws,
        )
    return None


def _all(folder: RunFolder, prefix: str, name: str, kind: type[R]) -> list[R]:
    return [record for trial in folder.trials(prefix) for record in read_lines(trial / name, kind)]
