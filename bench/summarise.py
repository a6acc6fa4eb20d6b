"""From the stored trials of a run to its summary, its charts and its report; all of it can be deleted and made again."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from bench.claims.ledger import judge
from bench.latency import samples
from bench.latency.summary import distributions, quantiles, ratios
from bench.latency.variants import AGAIN, contrasts
from bench.report.render import render
from bench.report.write import write_report
from bench.results.folder import ANATOMY, CRASH, LATENCY, PROOFS, SUMMARY, TOTALS, RunFolder, pretty, read_lines, write_file
from bench.results.schema import (
    SCHEMA_VERSION,
    AnatomyCell,
    CrashPoint,
    ProofRecord,
    Record,
    Summary,
    WorkloadTotal,
)

R = TypeVar("R", bound=Record)


def derive(folder: RunFolder) -> Summary:
    """The summary of a run, from its trials alone; equal trials give an equal summary."""
    run = folder.read_run()
    paired = _paired(folder)
    rng = np.random.default_rng(run.seed)
    names = {name for sample in paired for name in sample.variants}
    joined, again = any("[joined]" in name for name in names), any(f"[{AGAIN}]" in name for name in names)
    draws = int(str(run.configuration["bootstrap_draws"]))
    summary = Summary(
        schema_version=SCHEMA_VERSION,
        anatomy=_all(folder, "anatomy", ANATOMY, AnatomyCell),
        latency=ratios(paired, contrasts(list(run.designs), joined=joined, again=again), rng, draws),
        quantiles=quantiles(paired),
        crash=_all(folder, "crash", CRASH, CrashPoint),
        proofs=_all(folder, "", PROOFS, ProofRecord),
        totals=_all(folder, "latency-", TOTALS, WorkloadTotal),
        claims=[],
        workload=run.workload_parameters,
    )
    return summary.model_copy(update={"claims": judge(summary, run)})


def publish(folder: RunFolder) -> Summary:
    """Derive the summary and write it with its charts and reports."""
    summary = derive(folder)
    write_file(folder.path / SUMMARY, pretty(summary))
    write_report(folder.path, render(summary, folder.read_run(), distributions(_paired(folder))))
    return summary


def _paired(folder: RunFolder) -> list[samples.Paired]:
    return samples.pair([samples.read(trial / LATENCY) for trial in folder.trials("latency-")])


def _all(folder: RunFolder, prefix: str, name: str, kind: type[R]) -> list[R]:
    return [record for trial in folder.trials(prefix) for record in read_lines(trial / name, kind)]
