"""The isolated trials of a run's folder, read and summarised."""

from __future__ import annotations

from collections.abc import Sequence

from bench.isolated.summary import summarise
from bench.isolated.trials import PREFIX
from bench.latency import samples
from bench.results.folder import LATENCY, RunFolder
from bench.results.isolated_schema import IsolatedSummary
from bench.results.schema import LeftOut


def isolated_of(
    folder: RunFolder, kinds: Sequence[str], smallest_effect: float, left_out: Sequence[LeftOut]
) -> IsolatedSummary | None:
    """What the isolated trials say; None for a run without them."""
    planned = [name for name in folder.read_run().trials if name.startswith(PREFIX)]
    trials = {trial.name: samples.pair([samples.read(trial / LATENCY)]) for trial in folder.trials(PREFIX)}
    placements = {record.placement for record in folder.trial_records(thorough=False) if record.name.startswith(PREFIX)}
    where = "; ".join(sorted(placement for placement in placements if placement is not None))
    return summarise(trials, planned, kinds, smallest_effect, left_out, where)
