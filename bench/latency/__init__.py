"""Paired latency: every variant performs every operation, in a balanced random order, on one thread."""
