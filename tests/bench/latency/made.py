"""Paired samples that are made up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.latency.samples import Paired


def paired(
    kind: str, variants: Sequence[str], session: NDArray[np.int64], block: NDArray[np.int64], latency_ns: NDArray[Any]
) -> Paired:
    """A sample whose variants have a random place in each round."""
    count = len(variants)
    operation = np.arange(len(session), dtype=np.int64)
    rng = np.random.default_rng(len(session))
    position = rng.permuted(np.tile(np.arange(count), (len(session), 1)), axis=1)
    return Paired(kind, tuple(variants), session, block, latency_ns.astype(np.int64), position.astype(np.int64), operation)
