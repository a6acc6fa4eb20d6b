"""The costs of a run, from its trial to its part of the summary."""

from __future__ import annotations

from bench.cost.phase import TRIAL
from bench.cost.summary import summarise
from bench.results.cost_schema import CostBlock, CostSummary, DiskFlush, Lacking, ObserverBlock, RecordingLoop
from bench.results.files import read_lines
from bench.results.folder import COSTS, DISK, LACKING, OBSERVERS, RECORDING, RunFolder
from bench.streams import Stream, generator


def costs_of(folder: RunFolder, *, agents: int, seed: int, draws: int) -> CostSummary | None:
    """The split of costs and the observers, if the run has them; their bootstrap is their own, so that it changes nobody else's."""
    for trial in folder.trials(TRIAL):
        return summarise(
            read_lines(trial / COSTS, CostBlock),
            read_lines(trial / OBSERVERS, ObserverBlock),
            read_lines(trial / RECORDING, RecordingLoop),
            read_lines(trial / LACKING, Lacking),
            # Trials of older runs are without it.
            read_lines(trial / DISK, DiskFlush) if (trial / DISK).is_file() else [],
            agents=agents,
            rng=generator(seed, Stream.SUMMARY_COSTS),
            draws=draws,
        )
    return None
