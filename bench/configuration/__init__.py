"""What a run does: its keys, and how profiles, a file and the command line settle them."""

from __future__ import annotations

from bench.configuration.checking import check
from bench.configuration.model import Configuration, TraceConfiguration
from bench.configuration.resolving import Resolved, from_record, resolve
from bench.configuration.toml import as_toml

__all__ = ["Configuration", "Resolved", "TraceConfiguration", "as_toml", "check", "from_record", "resolve"]
