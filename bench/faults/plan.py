"""Which sweeps a run's configuration asks for, and in which cells clients are killed and interrupted. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bench.configuration.model import Configuration
from bench.faults.cells import Cell, cell_named
from bench.scenes import WARM, WITHOUT_AGENTS, exists

INTERRUPTED = ("per_side", "joined", "outbox")
"""The cells in which operations are interrupted: without a retry, so that what an interruption leaves is seen."""

INTERRUPTED_KINDS = ("send", "reply", "delete")
"""The kinds of operation that are interrupted, of those of the run: what writes a message, and what takes it away."""

PAUSED_KINDS = ("send", "reply")
"""The kinds whose client is paused past a takeover, in every cell of the run with a synchronous bus."""

RESOLVED_KINDS = ("send",)
"""The kinds of whose unknown ends the server is asked, in the same cells."""

KILLED = ("per_side", "joined")
"""The cells whose clients are killed at random instants: what kills split, and what one transaction makes of it."""

EXPOSURES_FOR_ALL_SEEDS = 600
"""A run with fewer exposures of the controls tries each mutant on the stream of one seed alone."""


@dataclass(frozen=True, slots=True)
class Sweeps:
    """Operations that meet one or two faults: in which cells, which kinds with how many agents, through which lanes."""

    cells: tuple[str, ...]
    kinds: tuple[tuple[str, int], ...]
    faults: int
    lanes: tuple[str, ...]


def sweeps(configuration: Configuration) -> Iterator[Sweeps]:
    """One fault with one agent and with two; then two faults, where the cell retries, in the last of the lanes."""
    one = [*_at(configuration.faults_kinds, 1), *_with_agents(configuration.faults_kinds_two_agents, 2)]
    two = _at(configuration.faults_kinds_twice, 1)
    retried = tuple(name for name in configuration.faults_cells if cell_named(name).attempts > 1)
    if configuration.faults_cells and one:
        yield Sweeps(configuration.faults_cells, tuple(one), 1, configuration.faults_lanes)
    if retried and two:
        yield Sweeps(retried, tuple(two), 2, configuration.faults_lanes[-1:])


def has_all_seeds(configuration: Configuration) -> bool:
    """Whether each mutant meets the streams of all seeds; in a run with few exposures of the controls, of one alone."""
    return configuration.faults_exposures >= EXPOSURES_FOR_ALL_SEEDS


def killed_cells(configuration: Configuration) -> tuple[Cell, ...]:
    """The cells in which clients are killed: those of the run whose client does everything itself and does not try again."""
    return tuple(cell for cell in map(cell_named, configuration.faults_cells) if cell.name in KILLED)


def synchronous_cells(configuration: Configuration) -> tuple[Cell, ...]:
    """The cells of the run in which clients are paused past a takeover, and unknown ends are asked of the server.

    A retry belongs to both: what a last error hides is an earlier attempt.
    """
    return tuple(cell for cell in map(cell_named, configuration.faults_cells) if not cell.bus.is_async)


def interrupted_cells(configuration: Configuration) -> tuple[Cell, ...]:
    """The cells in which operations are interrupted, of those of the run."""
    return tuple(cell for cell in map(cell_named, configuration.faults_cells) if cell.name in INTERRUPTED)


def interrupted_kinds(configuration: Configuration) -> tuple[str, ...]:
    """The kinds that are interrupted, of those of the run."""
    return tuple(kind for kind in configuration.faults_kinds if kind in INTERRUPTED_KINDS)


def _at(kinds: tuple[str, ...], k: int) -> list[tuple[str, int]]:
    """Kinds with k agents; those that do not depend on agents without one."""
    return [(kind, 0 if kind in WITHOUT_AGENTS else k) for kind in kinds]


def _with_agents(kinds: tuple[str, ...], k: int) -> list[tuple[str, int]]:
    return [(kind, k) for kind in kinds if kind not in WITHOUT_AGENTS and exists(kind, k, WARM)]
