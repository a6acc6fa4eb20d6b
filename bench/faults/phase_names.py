"""What the phases of faults are called."""

from __future__ import annotations

SWEEPS_PHASE, CLIENTS_PHASE = "faults: every message", "faults: clients"
BUS_PHASE, PROOF_PHASE = "faults: bus", "faults: proof of the checkers"
