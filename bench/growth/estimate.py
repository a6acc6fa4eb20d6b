"""What growth costs before it is begun: seconds of each phase, bytes of its results and databases. Pure.

The constants were measured on the eight designs of this project.
"""

from __future__ import annotations

from bench.configuration.model import Configuration
from bench.growth.measure import WARMUP_TURNS
from bench.growth.phase import AXIS_PHASES, COUNTS_PHASE, WALL_PHASE
from bench.growth.sizes import AGENTS, CHANNELS, ROWS
from bench.growth.stores import FILL_S_PER_WRITE
from bench.growth.trials import rows_designs, streams
from bench.growth.world import CHANNELS_MESSAGES, READS

SECONDS_PER_STORE = 1.0
SECONDS_PER_SEND, SECONDS_PER_AGENT = 0.0008, 0.0008
SECONDS_PER_READ = 0.0006
SECONDS_PER_DRIVEN_MESSAGE = 0.0006
SECONDS_PER_COPY_COUNTED = 0.0004
SECONDS_PER_PROVED_MESSAGE = 0.0002

BYTES_PER_SAMPLE = 36
BYTES_PER_STORE = 15_000_000
BYTES_PER_MESSAGE = 4_000
"""A message of a growing store: its row, its copy, their indexes and what the log keeps of them."""

_WRITES_PER_CHANNEL = 7


def budgets(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of each phase that the configuration asks for, in their order."""
    found = {}
    turns = configuration.growth_sessions * (WARMUP_TURNS + configuration.growth_turns)
    if ks := configuration.growth_agents:
        # Every agent of a counted scene has answered everybody before.
        found[COUNTS_PHASE] = designs * (2 + SECONDS_PER_COPY_COUNTED * sum(4 * (k + 1) ** 2 for k in ks))
        send_s = sum(SECONDS_PER_SEND + SECONDS_PER_AGENT * k for k in ks)
        found[AXIS_PHASES[AGENTS]] = designs * (SECONDS_PER_STORE + turns * send_s)
    for axis, worlds in ((ROWS, configuration.growth_rows), (CHANNELS, configuration.growth_channels)):
        if worlds:
            players = _rows_designs(configuration, designs) if axis == ROWS else designs
            writes = sum(_writes(axis, size) for size in worlds)
            kinds_s = 2 * SECONDS_PER_SEND + len(READS) * SECONDS_PER_READ
            each = len(worlds) * (SECONDS_PER_STORE + turns * kinds_s) + writes * (FILL_S_PER_WRITE + SECONDS_PER_PROVED_MESSAGE)
            found[AXIS_PHASES[axis]] = players * each
    if todo := streams(configuration):
        messages = sum(stream.messages for stream in todo)
        found[WALL_PHASE] = len(todo) * SECONDS_PER_STORE + (SECONDS_PER_DRIVEN_MESSAGE + SECONDS_PER_PROVED_MESSAGE) * messages
    return found


def database_bytes(configuration: Configuration, designs: int) -> int:
    """What the databases of the largest axis, or the longest stream, take at their largest."""
    rows = sum(_store_bytes(size) for size in configuration.growth_rows) * _rows_designs(configuration, designs)
    channels = sum(_store_bytes(_writes(CHANNELS, size)) for size in configuration.growth_channels) * designs
    ks, sends = configuration.growth_agents, configuration.growth_sessions * configuration.growth_turns
    agents = designs * (BYTES_PER_STORE + sum(8_000 * (k + 1) ** 2 + BYTES_PER_MESSAGE * k * sends for k in ks))
    stream = max((_store_bytes(size) for size in configuration.growth_messages), default=0)
    return max(rows, channels, agents if ks else 0, stream)


def result_bytes(configuration: Configuration, designs: int) -> int:
    """The raw rows of all trials, and the counts."""
    turns = configuration.growth_sessions * (WARMUP_TURNS + configuration.growth_turns)
    ks, worlds = len(configuration.growth_agents), len(configuration.growth_rows) + len(configuration.growth_channels)
    rows = designs * turns * (ks + (1 + len(READS)) * worlds) + sum(stream.messages for stream in streams(configuration))
    return BYTES_PER_SAMPLE * rows + designs * 10_000 * (2 * ks + worlds) + 20_000 * len(streams(configuration))


def _rows_designs(configuration: Configuration, designs: int) -> int:
    """How many designs are filled for growth in rows; `designs` of the run are those of its configuration."""
    return len(rows_designs(configuration, configuration.designs)) if designs == len(configuration.designs) else designs


def _writes(axis: str, size: int) -> int:
    return size if axis == ROWS else max(CHANNELS_MESSAGES, size) + _WRITES_PER_CHANNEL * size


def _store_bytes(messages: int) -> int:
    return BYTES_PER_STORE + BYTES_PER_MESSAGE * messages
