from __future__ import annotations

import numpy as np
import pytest

from bench.latency.samples import Paired
from bench.latency.summary import MINIMUM_BLOCKS, ratios
from bench.latency.variants import contrasts
from bench.results.schema import LeftOut

DECLARED = contrasts(["dual", "floor"], joined=False, again=True)


def _sample(pairs: int, blocks: int, floor_share: float = 0.5) -> Paired:
    """Log ratios that go round -5 %, 0, +5 %: their median is known, in every block and every draw of blocks."""
    base = np.random.default_rng(5).lognormal(14, 0.2, pairs)
    round_about = np.exp(np.array([-0.05, 0.0, 0.05])[np.arange(pairs) % 3])
    latency = np.stack([base, base * round_about, base * floor_share * round_about], axis=1)
    block = np.arange(pairs) * blocks // pairs
    return Paired("send", ("dual", "dual[again]", "floor"), np.zeros(pairs, np.int64), block, latency.astype(np.int64))


def test_a_real_difference_is_separated_and_the_same_code_is_not() -> None:
    found = {row.family: row for row in ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500)}
    assert found["per_side"].separated
    assert found["per_side"].low == pytest.approx(0.5, abs=1e-3)
    assert found["per_side"].high == pytest.approx(0.5, abs=1e-3)
    assert found["a/a"].ratio == pytest.approx(1, abs=1e-3)
    assert not found["a/a"].separated


def test_a_run_of_too_few_blocks_has_no_interval_at_all() -> None:
    assert ratios([_sample(400, MINIMUM_BLOCKS - 1)], DECLARED, np.random.default_rng(1), draws=500) == []
    assert ratios([_sample(29, 10)], DECLARED, np.random.default_rng(1), draws=500) == []


def test_a_design_that_did_less_is_not_compared_and_the_noise_floor_stays() -> None:
    less = LeftOut(part="latency", design="floor", kind="send", shortfall="delete_leaves_copies", rows=3)
    found = ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500, left_out=[less])
    assert [row.family for row in found] == ["a/a"]
    other_kind = less.model_copy(update={"kind": "edit"})
    found = ratios([_sample(420, 10)], DECLARED, np.random.default_rng(1), draws=500, left_out=[other_kind])
    assert [row.family for row in found] == ["a/a", "per_side"]
