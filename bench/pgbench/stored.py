"""The stored trials of the comparison with pgbench, read and summarised."""

from __future__ import annotations

from bench.pgbench.files import LACKS, PARTS, PREFIX, ROUNDS, SCRIPTS_TRIAL, SELECTS
from bench.pgbench.summary import summarise
from bench.results.files import read_lines
from bench.results.folder import RunFolder
from bench.results.pgbench_schema import HarnessPart, PgbenchLack, PgbenchRound, PgbenchSelect, PgbenchSummary


def pgbench_of(folder: RunFolder, *, seed: int, draws: int) -> PgbenchSummary | None:
    """What the run has of it; None when it has nothing."""
    trials = folder.trials(PREFIX)
    if not trials:
        return None
    rounds = [trial for trial in trials if trial.name != SCRIPTS_TRIAL]
    return summarise(
        [row for trial in rounds for row in read_lines(trial / ROUNDS, PgbenchRound)],
        [row for trial in rounds for row in read_lines(trial / SELECTS, PgbenchSelect)],
        [row for trial in trials for row in read_lines(trial / LACKS, PgbenchLack)],
        [row for trial in trials if trial.name == SCRIPTS_TRIAL for row in read_lines(trial / PARTS, HarnessPart)],
        seed=seed,
        draws=draws,
    )
