"""What processes of a run call things between each other."""

from __future__ import annotations

PREFIX = "storebench."
"""What the names of our messages begin with among Locust's own."""

TO_LEADER = ("prepared", "rows", "pass", "sample", "ended", "failed")
"""The kinds of messages that a leader hears; each says which run it is of."""
