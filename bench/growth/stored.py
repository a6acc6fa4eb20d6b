"""Reads the trials of growth from a run's folder."""

from __future__ import annotations

from bench.growth.sizes import AXES
from bench.growth.summary import summarise
from bench.growth.trials import COUNTS, MESSAGES, PREFIX, WALL, axis_trial
from bench.latency import samples
from bench.results.files import read_lines
from bench.results.folder import ANATOMY, LATENCY, PROOFS, RunFolder
from bench.results.growth_schema import GrowthSummary, WallRow
from bench.results.schema import AnatomyCell, ProofRecord


def growth_of(folder: RunFolder) -> GrowthSummary | None:
    """The growth of a run, or None."""
    trials = {trial.name: trial for trial in folder.trials(PREFIX)}
    tables = {axis: samples.read(trials[axis_trial(axis)] / LATENCY) for axis in AXES if axis_trial(axis) in trials}
    counted = [trial for name, trial in trials.items() if name.startswith(COUNTS)]
    driven = [trial for name, trial in trials.items() if name.startswith(MESSAGES)]
    return summarise(
        tables,
        [cell for trial in counted for cell in read_lines(trial / ANATOMY, AnatomyCell)],
        [row for trial in driven for row in read_lines(trial / WALL, WallRow)],
        [proof for trial in trials.values() if trial not in driven for proof in read_lines(trial / PROOFS, ProofRecord)],
    )
