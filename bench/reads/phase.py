"""The reads of a run: large stores are made, looked at and measured; what was found is stored as one trial."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack

import pyarrow as pa

from bench.latency import samples
from bench.latency.placement import Placement, placed
from bench.progress import Reporter
from bench.reads.large import FILL_S_PER_ROW, large_stores
from bench.reads.look import look
from bench.reads.measure import ReadLimits, measure_reads
from bench.reads.world import Scale
from bench.results.folder import INDEXES, LATENCY, PLANS, TABLES, RunFolder, write_lines
from bench.server.embedded import EmbeddedServer
from variants.contract import Build

TRIAL = "reads"


def run_reads(
    builds: Mapping[str, Build],
    server: EmbeddedServer,
    folder: RunFolder,
    reporter: Reporter,
    *,
    scale: Scale,
    limits: ReadLimits,
    seed: int,
) -> None:
    """Perform the phase. Raises `InvalidMeasurement` when a store cannot be made, or answers otherwise than the model."""
    with ExitStack() as stack:
        with reporter.phase("large stores", 5 + FILL_S_PER_ROW * scale.rows * len(builds)) as advance:
            large = stack.enter_context(large_stores(builds, server.endpoint, scale, seed, advance))
            seen = look(large)
        with reporter.phase("paired reads", limits.sessions * limits.session_s + 2) as advance, placed(server.pid, Placement.APART):
            sessions = measure_reads(large, limits, seed, advance)
        with folder.trial(TRIAL) as path:
            samples.write(pa.concat_tables([table.unify_dictionaries() for table in sessions]), path / LATENCY)
            write_lines(path / PLANS, seen.plans)
            write_lines(path / INDEXES, seen.indexes)
            write_lines(path / TABLES, seen.tables)
