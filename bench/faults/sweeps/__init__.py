"""Sweeps: every schedule of faults at an operation's messages, run in batches, judged and looked at twice."""
