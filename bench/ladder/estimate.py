"""What a ladder costs before it is begun: seconds of each phase, bytes of its results and databases. Pure."""

from __future__ import annotations

from bench.configuration.model import Configuration
from bench.ladder.phase import COUNTS_PHASE, SESSIONS_PHASE, workloads
from bench.ladder.registry import climb

SECONDS_PER_TEMPLATE = 0.8
SECONDS_PER_RUNG_COUNTED = 4.0
SECONDS_PER_STORE = 0.6
SECONDS_PER_OPERATION = 0.0024
BYTES_PER_SAMPLE = 36
BYTES_PER_STORE = 15_000_000
BYTES_PER_OPERATION = 10_000
BYTES_PER_RUNG = 60_000


def budgets(configuration: Configuration) -> dict[str, float]:
    """The seconds of each phase; none without a ladder."""
    if not configuration.ladder:
        return {}
    rungs = len(climb(configuration.ladder).steps)
    operations = _operations(configuration)
    return {
        COUNTS_PHASE: rungs * (SECONDS_PER_TEMPLATE + SECONDS_PER_RUNG_COUNTED),
        SESSIONS_PHASE: (rungs + 1) * (configuration.ladder_sessions * SECONDS_PER_STORE + SECONDS_PER_OPERATION * operations),
    }


def database_bytes(configuration: Configuration) -> int:
    """Templates and the stores of one session."""
    if not configuration.ladder:
        return 0
    rungs = len(climb(configuration.ladder).steps)
    session = _operations(configuration) // configuration.ladder_sessions
    return (2 * rungs + 1) * BYTES_PER_STORE + (rungs + 1) * BYTES_PER_OPERATION * session


def result_bytes(configuration: Configuration) -> int:
    """The raw rows of all sessions, and the counts."""
    if not configuration.ladder:
        return 0
    rungs = len(climb(configuration.ladder).steps)
    return rungs * BYTES_PER_RUNG + BYTES_PER_SAMPLE * (rungs + 1) * _operations(configuration)


def _operations(configuration: Configuration) -> int:
    return sum(1 for workload in workloads(configuration) for _ in workload.operations())
