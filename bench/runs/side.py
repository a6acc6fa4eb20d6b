"""A run read from its folder, as one of the two that are compared."""

from __future__ import annotations

import hashlib
from pathlib import Path

from bench.compare.side import Side
from bench.errors import UserError
from bench.latency import samples
from bench.results.files import read_lines, sha256
from bench.results.folder import LATENCY, TOTALS, TRIAL, RunFolder
from bench.results.schema import WorkloadTotal
from bench.summarise import FACTOR_TRIALS, LATENCY_TRIALS, derive


def side(path: Path) -> Side:
    """The run in a folder. One that is withheld, damaged or of a newer schema is refused in one line."""
    folder = RunFolder.open(path)
    record = folder.read_run()
    withheld = folder.withheld()
    if withheld is not None:
        raise UserError(f"the results of {path} are withheld ({withheld.reason}): give a run that has results")
    summary = derive(folder)
    if not all(proof.holds for proof in summary.proofs):
        raise UserError(f"{path} holds a store that did other work than the model: give a run whose proofs hold")
    sessions, factors = folder.trials(LATENCY_TRIALS), folder.trials(FACTOR_TRIALS)
    return Side(
        name=path.resolve().name,
        identity=_identity(folder),
        record=record,
        summary=summary,
        totals={trial.name: read_lines(trial / TOTALS, WorkloadTotal) for trial in sessions},
        paired=samples.pair([samples.read(trial / LATENCY) for trial in sessions]),
        factors=samples.pair([samples.read(trial / LATENCY) for trial in factors]),
        reads=samples.pair([samples.read(trial / LATENCY) for trial in folder.trials("reads")]),
    )


def _identity(folder: RunFolder) -> str:
    """A digest of what the run measured and of when it began; a copy of a run has the same."""
    found = hashlib.sha256(folder.read_run().started_at.encode())
    for trial in folder.trials(""):
        for file in sorted(path for path in trial.iterdir() if path.is_file() and path.name != TRIAL):
            found.update(f"{trial.name}/{file.name}={sha256(file)}\n".encode())
    return found.hexdigest()
