"""What splitting costs and counting across checkpoints take: seconds, and bytes. The constants were measured on our designs."""

from __future__ import annotations

from bench.anatomy.phase import CHECKPOINT_PHASE, checkpoint_plan
from bench.anatomy.plan import scenes_of
from bench.configuration import Configuration
from bench.cost.measure import OBSERVED_ROUNDS, WARM_UP
from bench.cost.observers import BLOCK_OPERATIONS, LOOP_OPERATIONS, LOOPS, OBSERVERS
from bench.cost.phase import COSTS_PHASE
from bench.cost.work import KINDS
from bench.drive.flights import Exchange

SECONDS_PER_STORES, SECONDS_PER_CELL, SECONDS_PER_SCENE_OPERATION = 1.5, 0.1, 0.0015
"""Two copies of a template; a cell with its counters and its checkpoint, on both; an operation of a scene."""

SECONDS_PER_VISIT, SECONDS_PER_OPERATION, SECONDS_PER_AGENT = 0.15, 0.0005, 0.0002
"""A design at one exchange with its connections and its channel; one operation, and for each agent of the channel."""

SECONDS_PER_LOOP_OPERATION = 0.000_01
BYTES_PER_CELL, BYTES_PER_BLOCK, BYTES_PER_OBSERVER_BLOCK = 6_000, 500, 260
"""Lines of raw results: a cell that was counted twice, by relation; a block of either kind."""

BYTES_PER_COPY = 2_000
"""What one operation leaves in a store, at each place that keeps it, without its text."""


def checkpoint_seconds(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of counting across checkpoints, if the run does."""
    if not configuration.anatomy_checkpoint_agents:
        return {}
    cells, operations = _checkpoint_cells(configuration)
    each_s = SECONDS_PER_STORES + SECONDS_PER_CELL * cells + SECONDS_PER_SCENE_OPERATION * operations
    return {CHECKPOINT_PHASE: designs * each_s}


def seconds(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of splitting costs, if the run does."""
    if not configuration.cost_operations:
        return {}
    operation_s = SECONDS_PER_OPERATION + SECONDS_PER_AGENT * (1 + configuration.cost_agents)
    loops_s = LOOPS * LOOP_OPERATIONS * SECONDS_PER_LOOP_OPERATION if configuration.observer_pairs else 0
    operations = designs * _operations(configuration) + _observed(configuration)
    return {COSTS_PHASE: 1 + designs + designs * _visits(configuration) * SECONDS_PER_VISIT + operations * operation_s + loops_s}


def result_bytes(configuration: Configuration, designs: int) -> int:
    """The bytes of the raw results at the most."""
    total = 0
    if configuration.anatomy_checkpoint_agents:
        total += designs * BYTES_PER_CELL * _checkpoint_cells(configuration)[0]
    if configuration.cost_operations:
        total += BYTES_PER_BLOCK * designs * _visits(configuration) * len(KINDS)
        total += BYTES_PER_OBSERVER_BLOCK * 2 * configuration.observer_pairs * len(Exchange) * len(OBSERVERS)
    return total


def database_bytes(configuration: Configuration, designs: int) -> int:
    """The bytes that all databases of the costs' trial grow by at the most."""
    if not configuration.cost_operations:
        return 0
    operations = designs * _operations(configuration) + _observed(configuration)
    return BYTES_PER_COPY * (1 + configuration.cost_agents) * operations


def _visits(configuration: Configuration) -> int:
    return len(Exchange) * (configuration.cost_repetitions + OBSERVED_ROUNDS)


def _operations(configuration: Configuration) -> int:
    return _visits(configuration) * len(KINDS) * (configuration.cost_operations + WARM_UP)


def _observed(configuration: Configuration) -> int:
    if not configuration.observer_pairs:
        return 0
    return len(Exchange) * len(OBSERVERS) * (WARM_UP + 2 * configuration.observer_pairs * BLOCK_OPERATIONS)


def _checkpoint_cells(configuration: Configuration) -> tuple[int, int]:
    """The cells, counted twice each, and the operations of all their scenes."""
    plan = checkpoint_plan(configuration.anatomy_checkpoint_agents, configuration.anatomy_scenes)
    scenes = (scene for cell in plan.cells() for scene in scenes_of(0, cell, 1))
    each = sum(len(scene.setup) + len(scene.target) for scene in scenes)
    return 2 * len(plan.cells()), 2 * plan.scenes * each
