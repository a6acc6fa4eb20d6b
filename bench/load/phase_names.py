"""What the phases of load are called."""

from __future__ import annotations

CAPACITY_PHASE, LEVELS_PHASE, SERIES_PHASE = "capacity", "load levels", "steady series"
