"""What a server is to do beside the work that it is given."""

from __future__ import annotations

import enum
from collections.abc import Mapping
from types import MappingProxyType


class ServerPhase(enum.Enum):
    """What the server is to do beside the work that it is given."""

    MEASURE = "measure"
    """Nothing: no autovacuum and no checkpoint but those asked for, so that costs are those of the statements."""
    STEADY = "steady"
    """What PostgreSQL does by default, so that costs are those of daily operation."""


# Both phases state the same names, so that changing the phase leaves nothing of the other.
PHASE_SETTINGS: Mapping[ServerPhase, Mapping[str, str]] = MappingProxyType(
    {
        ServerPhase.MEASURE: MappingProxyType({"autovacuum": "off", "checkpoint_timeout": "1h", "max_wal_size": "16GB"}),
        ServerPhase.STEADY: MappingProxyType({"autovacuum": "on", "checkpoint_timeout": "5min", "max_wal_size": "1GB"}),
    }
)
