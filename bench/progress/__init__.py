"""What a run tells while it goes on: events, the teller that hands them out, and those who listen."""

from __future__ import annotations

from bench.progress.choose import CommandTeller, teller
from bench.progress.telling import Advance, Listener, Reporter, Teller

__all__ = ["Advance", "CommandTeller", "Listener", "Reporter", "Teller", "teller"]
