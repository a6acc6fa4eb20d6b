"""What isolated trials will cost: seconds, and bytes of results. Pure."""

from __future__ import annotations

from bench.configuration import Configuration

PHASE = "isolated trials"
SECONDS_PER_TRIAL = 6.0
"""A server is made, started and ended, and a database with its proof."""

SECONDS_PER_MESSAGE, SECONDS_PER_COPY = 0.012, 0.004
"""A message of a user with all that follows from it; and for each agent of its channel."""

USUAL_AGENTS = 2
ROWS_PER_MESSAGE = 6
BYTES_PER_ROW = 36
BYTES_PER_TRIAL = 20_000


def budgets(configuration: Configuration, designs: int) -> dict[str, float]:
    """The seconds of the phase, when there is one."""
    trials = configuration.isolated_blocks * designs
    return {PHASE: trials * (SECONDS_PER_TRIAL + _messages_s(configuration))} if trials else {}


def result_bytes(configuration: Configuration, designs: int) -> int:
    """The most that all trials leave."""
    rows = ROWS_PER_MESSAGE * configuration.isolated_messages
    return configuration.isolated_blocks * designs * (BYTES_PER_TRIAL + BYTES_PER_ROW * rows)


def _messages_s(configuration: Configuration) -> float:
    agents = USUAL_AGENTS if configuration.latency_agents is None else configuration.latency_agents
    return configuration.isolated_messages * (SECONDS_PER_MESSAGE + SECONDS_PER_COPY * agents)
