"""What load will cost before it is begun: seconds of its phases, and bytes."""

from __future__ import annotations

from bench.configuration import Configuration
from bench.load.phase_names import CAPACITY_PHASE, LEVELS_PHASE, SERIES_PHASE

OPEN_S = 4.0
"""A copy of a template, its connections, their warm-up, and the proof at the end; on top, for each connection:"""

OPEN_S_PER_CONNECTION = 0.6
DRAIN = 1.3
"""How much longer a point takes than its schedule: what was due must end."""

BYTES_PER_ROW = 40
RATE_ASSUMED = 1_000.0
"""Operations a second that bytes are reckoned with."""


def seconds(configuration: Configuration, variants: int) -> dict[str, float]:
    """The seconds of each phase of load for so many variants; none without load."""
    window = configuration.load_window_s
    if not window:
        return {}
    trials = variants * configuration.load_repeats
    opened = OPEN_S + OPEN_S_PER_CONNECTION * configuration.load_connections
    point = DRAIN * (configuration.load_warmup_s + window)
    found = {CAPACITY_PHASE: trials * (opened + configuration.load_probes * point)}
    if levels(configuration):
        rates = len(configuration.load_percents) + (len(configuration.load_rates) or len(configuration.load_percents))
        found[LEVELS_PHASE] = trials * (opened + rates * point)
    if configuration.load_series_s:
        found[SERIES_PHASE] = variants * (opened + DRAIN * (configuration.load_warmup_s + configuration.load_series_s))
    return found


def levels(configuration: Configuration) -> bool:
    """Whether there are points below the capacity."""
    return bool(configuration.load_percents or configuration.load_rates)


def result_bytes(configuration: Configuration, variants: int) -> int:
    """What the raw rows take at the most, unless rates are far above what is assumed."""
    return round(sum(seconds(configuration, variants).values()) * RATE_ASSUMED * BYTES_PER_ROW)


def database_bytes(configuration: Configuration, bytes_per_message: int) -> int:
    """What the one store that is under load at a time holds at the most."""
    return configuration.load_messages * bytes_per_message if configuration.load_window_s else 0
