"""Crash points: a client that dies at each boundary of each write, and what it leaves behind."""
