"""What the folder of a run holds beside what a trial of load does, by file name."""

from __future__ import annotations

RECORD, SAMPLES, JOURNAL = "swarm.json", "samples.jsonl", "rows.journal"
