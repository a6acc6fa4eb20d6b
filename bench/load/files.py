"""What a trial of load stores, by file name."""

from __future__ import annotations

ROWS, POINTS, TERMS, CHECKPOINTS = "load.parquet", "load.jsonl", "terms.jsonl", "checkpoints.jsonl"
