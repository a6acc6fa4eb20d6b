from __future__ import annotations

import numpy as np

from bench.latency.samples import Paired
from bench.latency.summary import MINIMUM_BLOCKS, ratios
from bench.latency.variants import contrasts

DECLARED = contrasts(["dual", "floor"], joined=False, again=True)


def _sample(pairs: int, blocks: int, floor_share: float = 0.5) -> Paired:
    rng = np.random.default_rng(5)
    base = rng.lognormal(14, 0.2, pairs)
    latency = np.stack([base, base * rng.lognormal(0, 0.05, pairs), base * floor_share * rng.lognormal(0, 0.05, pairs)], axis=1)
    block = np.arange(pairs) * blocks // pairs
    return Paired("send", ("dual", "dual[again]", "floor"), np.zeros(pairs, np.int64), block, latency.astype(np.int64))


def test_a_real_difference_is_separated_and_the_same_code_is_not() -> None:
    found = {row.family: row for row in ratios([_sample(400, 10)], DECLARED, np.random.default_rng(1), draws=500)}
    assert found["per_side"].separated
    assert found["per_side"].low < 0.5 < found["per_side"].high
    assert found["a/a"].low < 1 < found["a/a"].high
    assert not found["a/a"].separated


def test_a_run_of_too_few_blocks_has_no_interval_at_all() -> None:
    assert ratios([_sample(400, MINIMUM_BLOCKS - 1)], DECLARED, np.random.default_rng(1), draws=500) == []
    assert ratios([_sample(29, 10)], DECLARED, np.random.default_rng(1), draws=500) == []
