"""What a point of load is for: a search, a share of the own capacity, a rate that all have, a series over checkpoints."""

from __future__ import annotations

SEARCH, SHARE, RATE, SERIES = "search", "share", "rate", "series"
