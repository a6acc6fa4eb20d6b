"""What faults cost before a run is begun: seconds of each phase, bytes of results and databases. Pure."""

from __future__ import annotations

from bench.bus.transit import BusFault
from bench.configuration.model import Configuration
from bench.faults.cells import cell_named
from bench.faults.names import LaneName
from bench.faults.phase_names import BUS_PHASE, CLIENTS_PHASE, PROOF_PHASE, SWEEPS_PHASE
from bench.faults.plan import (
    PAUSED_KINDS,
    RESOLVED_KINDS,
    Sweeps,
    has_all_seeds,
    interrupted_cells,
    interrupted_kinds,
    killed_cells,
    sweeps,
    synchronous_cells,
)

SECONDS_PER_DESIGN = 0.6
"""A copy of a template."""

SECONDS_PER_SWEEP = 0.17
"""A rehearsal, the scenes of a batch, and what both checkers look at again."""

SCHEDULES_PER_S_PROXY, SCHEDULES_PER_S_FAST = 150.0, 700.0
MESSAGES, MESSAGES_PER_AGENT = 12, 22
"""Messages of one operation: without an agent, and for each one; the deployed design has more, most kinds have fewer."""

FLIGHTS, FLIGHTS_PER_AGENT = 4, 8
SIDES = 2
SECONDS_PER_KILL = 0.12
SECONDS_PER_INTERRUPTION, INTERRUPTIONS = 0.05, 25
"""Interruptions of one operation with one agent: some at each of its flights."""

SECONDS_PER_PAUSE, PAUSES = 0.08, 5
"""Step points of one operation."""

SECONDS_PER_RESOLUTION, RESOLVED_SIDES = 0.03, 3
"""Each message of an operation is cut on each side."""

SECONDS_PER_STREAM = 0.3
SECONDS_PER_RATES = 10.0
SECONDS_PER_MUTANT, SECONDS_PER_MUTANT_OF_ALL_SEEDS, MUTANTS, EXPOSURES_PER_S = 0.25, 0.45, 64, 130.0
SECONDS_PER_STORED_MESSAGE = 0.00018
BYTES_PER_SCHEDULE, BYTES_PER_SWEEP, BYTES_PER_RECORD = 120, 2_000, 500
BYTES_PER_KILL = 5_000
"""The history of a client, some ten operations long."""

BYTES_PER_SCENE = 30_000
"""What the scene of one schedule leaves: some operations, their rows, indexes and changes."""

BYTES_PER_STORED_MESSAGE = 4_000
BYTES_OF_DATABASE = 15_000_000


def budgets(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of each phase; none without faults."""
    if not configuration.faults_cells:
        return {}
    swept = sum(_sweep_seconds(one, configuration) for one in sweeps(configuration))
    rates = SECONDS_PER_RATES if configuration.faults_interruptions else 0.0
    found = {SWEEPS_PHASE: designs * (SECONDS_PER_DESIGN + swept + rates)}
    if configuration.faults_kills or configuration.faults_interruptions:
        found[CLIENTS_PHASE] = designs * (SECONDS_PER_DESIGN + _clients_seconds(configuration))
    if configuration.faults_streams:
        found[BUS_PHASE] = designs * (SECONDS_PER_DESIGN + SECONDS_PER_STREAM * _streams(configuration))
    if configuration.faults_exposures or configuration.faults_stored:
        proof = 0.0
        if configuration.faults_exposures:
            mutant_s = SECONDS_PER_MUTANT_OF_ALL_SEEDS if has_all_seeds(configuration) else SECONDS_PER_MUTANT
            proof = mutant_s * MUTANTS + configuration.faults_exposures / EXPOSURES_PER_S + 5
        found[PROOF_PHASE] = proof + SECONDS_PER_STORED_MESSAGE * configuration.faults_stored
    return found


def result_bytes(configuration: Configuration, designs: int) -> int:
    """The raw exposures, and what each of them may be in charts and tables."""
    if not configuration.faults_cells:
        return 0
    asked = list(sweeps(configuration))
    schedules = sum(_schedules(one, k, cell, configuration) for one in asked for _, k in one.kinds for cell in one.cells)
    count = sum(len(one.cells) * len(one.kinds) * len(one.lanes) for one in asked)
    records = _streams(configuration)
    if configuration.faults_interruptions:
        records += _interruptions(configuration) + _pauses(configuration)
    # Verdicts, strips and their drawings are told once more in summary, charts and report.
    swept = len(configuration.faults_lanes) * BYTES_PER_SCHEDULE * schedules + 6 * BYTES_PER_SWEEP * count
    killed = BYTES_PER_KILL * configuration.faults_kills * len(killed_cells(configuration))
    return designs * (swept + BYTES_PER_RECORD * records + killed)


def database_bytes(configuration: Configuration) -> int:
    """The one store that is swept at a time, or the large one of the checkers."""
    if not configuration.faults_cells:
        return 0
    asked = list(sweeps(configuration))
    schedules = sum(_schedules(one, k, cell, configuration) for one in asked for _, k in one.kinds for cell in one.cells)
    swept = len(configuration.faults_lanes) * BYTES_PER_SCENE * schedules
    return BYTES_OF_DATABASE + max(swept, BYTES_PER_STORED_MESSAGE * configuration.faults_stored)


def _sweep_seconds(asked: Sweeps, configuration: Configuration) -> float:
    seconds = 0.0
    for lane in asked.lanes:
        rate = SCHEDULES_PER_S_PROXY if lane == LaneName.PROXY else SCHEDULES_PER_S_FAST
        for cell in asked.cells:
            for _, k in asked.kinds:
                seconds += SECONDS_PER_SWEEP + _schedules(asked, k, cell, configuration) / rate
    return seconds


def _clients_seconds(configuration: Configuration) -> float:
    seconds = SECONDS_PER_KILL * configuration.faults_kills * len(killed_cells(configuration))
    if configuration.faults_interruptions:
        seconds += SECONDS_PER_INTERRUPTION * _interruptions(configuration) + SECONDS_PER_PAUSE * _pauses(configuration)
        cuts = RESOLVED_SIDES * (MESSAGES + MESSAGES_PER_AGENT) * len(RESOLVED_KINDS)
        seconds += SECONDS_PER_RESOLUTION * cuts * len(synchronous_cells(configuration))
    return seconds


def _interruptions(configuration: Configuration) -> int:
    return INTERRUPTIONS * len(interrupted_cells(configuration)) * len(interrupted_kinds(configuration))


def _pauses(configuration: Configuration) -> int:
    return PAUSES * len(synchronous_cells(configuration)) * len(PAUSED_KINDS)


def _schedules(asked: Sweeps, k: int, cell: str, configuration: Configuration) -> int:
    if asked.faults == 1:
        schedules = SIDES * (MESSAGES + MESSAGES_PER_AGENT * k)
    else:
        schedules = (SIDES * (FLIGHTS + FLIGHTS_PER_AGENT * k)) ** cell_named(cell).attempts
    return min(schedules, configuration.faults_schedules)


def _streams(configuration: Configuration) -> int:
    carried = sum(cell_named(name).bus.is_async for name in configuration.faults_cells)
    return configuration.faults_streams * carried * len(BusFault) + (len(configuration.faults_cells) - carried)
