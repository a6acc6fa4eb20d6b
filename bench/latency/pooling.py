"""Kinds of operation taken together, and what a place in the round costs taken out. Pure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bench.latency.samples import Paired

ROWS_OF_A_PLACE = 100
"""With fewer operations than this, what a place costs is not estimated."""


def pooled_kind(kinds: Sequence[str]) -> str:
    """The name of kinds taken together: `send+reply`."""
    return "+".join(kinds)


def kinds_of(kind: str) -> list[str]:
    """The kinds behind a name, that of a single kind too."""
    return kind.split("+")


def pooled(paired: Sequence[Paired], kinds: Sequence[str]) -> Paired | None:
    """The rows of these kinds as one sample, each still paired by its own operation; None when there are none of any."""
    found = [sample for sample in paired if sample.kind in kinds]
    if not found:
        return None
    return Paired(
        pooled_kind(kinds),
        found[0].variants,
        np.concatenate([sample.session for sample in found]),
        np.concatenate([sample.block for sample in found]),
        np.concatenate([sample.latency_ns for sample in found]),
        np.concatenate([sample.position for sample in found]),
        np.concatenate([sample.operation for sample in found]),
    )


def place_effects(sample: Paired) -> NDArray[np.float64] | None:
    """What each place in the round adds to a latency in the middle, as a logarithm, by all variants; None for too few rows."""
    logs = np.log(sample.latency_ns)
    places = logs.shape[1]
    if len(logs) < ROWS_OF_A_PLACE:
        return None
    residual = logs - np.median(logs, axis=0)
    # An operation that is slow in all variants, or of a slower kind, says nothing of places.
    residual = residual - np.mean(residual, axis=1, keepdims=True)
    return np.array([float(np.median(found)) if len(found := residual[sample.position == at]) else 0.0 for at in range(places)])


def log_latencies(sample: Paired) -> NDArray[np.float64]:
    """Logarithms of the latencies, less what the place in the round adds.

    The order is balanced, so this takes noise away and no difference between variants.
    """
    effects, logs = place_effects(sample), np.log(sample.latency_ns)
    return np.asarray(logs if effects is None else logs - effects[sample.position], dtype=np.float64)
