"""Runs, measures, breaks, checks and explains the designs."""
