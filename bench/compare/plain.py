"""A comparison as plain values, for JSON. Pure."""

from __future__ import annotations

from dataclasses import asdict

from bench.compare.comparison import Comparison


def plain(found: Comparison) -> dict[str, object]:
    """Everything that the Markdown says, and the rows that it cuts; ratios are factors, latencies nanoseconds."""
    return asdict(found) | {
        "counts": asdict(found.counts) | {"equal": found.counts.equal},
        "latencies": asdict(found.latencies) | {"changed": len(found.latencies.told)},
    }
