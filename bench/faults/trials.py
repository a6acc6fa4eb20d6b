"""The trials of faults by name, in their order, and the files that they hold. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bench.configuration.model import Configuration

PREFIX = "faults-"
PROOF = f"{PREFIX}proof"
"""The trial that tries the checkers themselves."""

OUTCOMES = "outcomes.parquet"
"""The raw exposures of sweeps; the files of records are named in `bench.faults.figures.raw`."""


def sweep_trial(design: str) -> str:
    """The trial in which a design's operations meet faults at every message."""
    return f"{PREFIX}sweep-{design}"


def clients_trial(design: str) -> str:
    """The trial in which a design's clients are killed and paused."""
    return f"{PREFIX}clients-{design}"


def bus_trial(design: str) -> str:
    """The trial in which a design's agents are served by a bus that fails."""
    return f"{PREFIX}bus-{design}"


def trials(configuration: Configuration, designs: Iterable[str]) -> Iterator[str]:
    """Every trial of faults that a run has; none without a cell."""
    if not configuration.faults_cells:
        return
    names = list(designs)
    yield from map(sweep_trial, names)
    if configuration.faults_kills or configuration.faults_interruptions:
        yield from map(clients_trial, names)
    if configuration.faults_streams:
        yield from map(bus_trial, names)
    if configuration.faults_exposures or configuration.faults_stored:
        yield PROOF
