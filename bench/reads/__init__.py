"""Reads at size: large stores, the plans of every read on them, and paired latencies."""
