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
    """A sample whose variants change places from one operation to the next."""
    count = len(variants)
    operation = np.arange(len(session), dtype=np.int64)
    position = (operation[:, np.newaxis] + np.arange(count)) % count
    return Paired(kind, tuple(variants), session, block, latency_ns.astype(np.int64), position.astype(np.int64), operation)
