"""The reads of a run: large stores are made, looked at and measured; what was found is stored as one trial."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Protocol

import pyarrow as pa

from bench.latency.placement import Placement, placed
from bench.progress import Reporter
from bench.reads.large import large_stores
from bench.reads.look import look
from bench.reads.measure import ReadLimits, measure_reads
from bench.reads.world import Scale
from bench.results.files import write_lines
from bench.results.folder import INDEXES, LATENCY, PLANS, TABLES, TrialFolder
from bench.results.raw_rows import write_rows
from bench.server.server import Server
from variants.contract import Build

TRIAL = "reads"
STORES_PHASE, READS_PHASE = "large stores", "paired reads"


class OpenTrial(Protocol):
    """Opens a trial by its name and phase."""

    def __call__(self, name: str, phase: str) -> AbstractContextManager[TrialFolder]: ...


def run_reads(
    builds: Mapping[str, Build],
    server: Server,
    trial: OpenTrial,
    reporter: Reporter,
    budgets: Mapping[str, float],
    *,
    scale: Scale,
    limits: ReadLimits,
    seed: int,
) -> None:
    """Measure the trial. Raises `InvalidMeasurement` when a store cannot be made, or answers otherwise than the model."""
    with ExitStack() as stack:
        folder = stack.enter_context(trial(TRIAL, READS_PHASE))
        with reporter.phase(STORES_PHASE, budgets[STORES_PHASE]) as advance:
            large = stack.enter_context(large_stores(builds, server.endpoint, scale, seed, advance))
            seen = look(large)
        with reporter.phase(READS_PHASE, budgets[READS_PHASE]) as advance, placed(server.pid, Placement.APART) as place:
            measured = measure_reads(large, limits, seed, advance, place.patience)
        write_rows(pa.concat_tables([table.unify_dictionaries() for table in measured.sessions]), folder.path / LATENCY)
        write_lines(folder.path / PLANS, seen.plans)
        write_lines(folder.path / INDEXES, seen.indexes)
        write_lines(folder.path / TABLES, seen.tables)
        folder.placement, folder.stopped_early = place.waiting, measured.stopped_early
