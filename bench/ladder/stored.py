"""Reads the trials of a ladder from a run's folder."""

from __future__ import annotations

from bench.ladder.summary import summarise
from bench.ladder.trials import COUNTS, PREFIX, RUNGS
from bench.latency import samples
from bench.results.files import read_lines
from bench.results.folder import ANATOMY, LATENCY, PROOFS, RunFolder
from bench.results.ladder_schema import LadderSummary, RungRecord
from bench.results.schema import AnatomyCell, ProofRecord
from bench.streams import Stream, generator


def ladder_of(folder: RunFolder, *, seed: int, draws: int) -> LadderSummary | None:
    """The ladder of a run, or None; its bootstrap is its own, so that it changes nobody else's."""
    trials = folder.trials(PREFIX)
    counted = [trial for trial in trials if trial.name == COUNTS]
    sessions = [trial for trial in trials if trial.name != COUNTS]
    return summarise(
        [row for trial in counted for row in read_lines(trial / RUNGS, RungRecord)],
        [row for trial in counted for row in read_lines(trial / ANATOMY, AnatomyCell)],
        [samples.read(trial / LATENCY) for trial in sessions],
        [row for trial in sessions for row in read_lines(trial / PROOFS, ProofRecord)],
        generator(seed, Stream.SUMMARY_LADDER),
        draws,
    )
