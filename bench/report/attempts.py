"""How complete a run is, and the processes that worked on it. Pure."""

from __future__ import annotations

from bench.report.grid import Grid, grid
from bench.results.run_record import Attempt, RunRecord
from bench.results.schema import Summary


def incomplete(summary: Summary, run: RunRecord) -> str | None:
    """What a reader must know first of a run that lacks trials or that a safety limit cut short; None when nothing is wrong."""
    told = []
    if summary.missing:
        told.append(
            f"{len(summary.missing)} of {len(run.trials)} trials were not measured: what they would show is a hole below."
            " The same command with --resume measures them."
        )
    if summary.stopped_early:
        told.append(f"A safety limit ended what was to be measured to its end: {', '.join(summary.stopped_early)}.")
    return " ".join(told) or None


def missing_grid(summary: Summary, run: RunRecord) -> Grid:
    """Every trial that was not measured, with the reason."""
    reasons = {attempt.trial: _end_of(attempt) for attempt in run.attempts if attempt.trial is not None}
    rows = [(name, reasons.get(name, "not begun when the run ended")) for name in summary.missing]
    return grid("Trials that were not measured", ("trial", "why"), rows, codes=(0,), prose=(1,))


def attempt_grid(run: RunRecord) -> Grid:
    """The processes that worked on the run, in order."""
    rows = [
        (str(number), attempt.started_at, attempt.ended_at or "–", _end_of(attempt)) for number, attempt in enumerate(run.attempts)
    ]
    return grid("Attempts", ("attempt", "began", "ended", "how it ended"), rows, numbers=(0,), prose=(3,))


def _end_of(attempt: Attempt) -> str:
    if attempt.ended is None:
        return "killed, so it could not say more"
    return attempt.ended if attempt.error is None else f"{attempt.ended}: {attempt.error}"
