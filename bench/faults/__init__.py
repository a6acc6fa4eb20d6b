"""Faults: what is broken on purpose, message by message, and what every design leaves behind."""
