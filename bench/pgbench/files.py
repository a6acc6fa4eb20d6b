"""What a trial of this phase is called, and what lies in it."""

from __future__ import annotations

PREFIX = "pgbench-"
SCRIPTS_TRIAL = f"{PREFIX}scripts"
PGBENCH_PHASE = "pgbench"
ROUNDS, SELECTS, LACKS = "pgbench.jsonl", "selects.jsonl", "lacks.jsonl"
PARTS = "parts.jsonl"


def round_trial(number: int) -> str:
    """The name of a round."""
    return f"{PREFIX}{number:03d}"


def trials(rounds: int) -> list[str]:
    """All trials of the phase, in order."""
    return [SCRIPTS_TRIAL, *map(round_trial, range(rounds))] if rounds else []
