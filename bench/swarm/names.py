"""What processes of a run call things between each other."""

from __future__ import annotations

SERVER = "STOREBENCH_SERVER"
"""The environment variable that says which server; it may hold a password, so no command line does."""

PREFIX = "storebench."
"""What the names of our messages begin with among Locust's own."""

TO_WORKERS, TO_LEADER = ("plan", "go", "passed", "halt"), ("prepared", "rows", "pass", "sample", "ended", "failed")
"""The kinds of messages, either way."""
