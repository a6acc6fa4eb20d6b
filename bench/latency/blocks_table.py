"""The median latency of each block of each session: what a chart of all of them shows. Pure."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bench.latency.samples import Paired
from bench.results.paired_schema import BlockMedian


def block_medians(sample: Paired | None) -> Iterator[BlockMedian]:
    """Every block of every session with every variant; nothing without a sample."""
    if sample is None:
        return
    for session in np.unique(sample.session):
        own = sample.session == session
        for block in np.unique(sample.block[own]):
            values = sample.latency_ns[own & (sample.block == block)]
            for place, variant in enumerate(sample.variants):
                yield BlockMedian(
                    variant=variant, session=int(session), block=int(block), n=len(values), p50_ns=int(np.median(values[:, place]))
                )
