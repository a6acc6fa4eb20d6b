"""The names of the ways in which a fault is made. Pure, and cheap to import."""

from __future__ import annotations

PROXY, FAST = "proxy", "fast"
LANES = (PROXY, FAST)
"""A proxy that cuts the connection, and a lane that does what the server then does on a connection that is kept."""
