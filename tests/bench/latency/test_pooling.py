from __future__ import annotations

import numpy as np
import pytest

from bench.latency.pooling import ROWS_OF_A_PLACE, kinds_of, log_latencies, place_effects, pooled, pooled_kind
from tests.bench.latency.made import paired

VARIANTS = ("dual", "floor", "hybrid")


def test_kinds_that_are_taken_together_keep_their_pairs() -> None:
    zeros = np.zeros(2, np.int64)
    send = paired("send", ("a", "b"), zeros, zeros, np.array([[1, 2], [3, 4]]))
    reply = paired("reply", ("a", "b"), zeros + 1, zeros, np.array([[5, 6], [7, 8]]))
    together = pooled([reply, send, paired("edit", ("a", "b"), zeros, zeros, np.array([[9, 9], [9, 9]]))], ("send", "reply"))
    assert together is not None
    assert together.kind == pooled_kind(("send", "reply")) == "send+reply"
    assert kinds_of(together.kind) == ["send", "reply"]
    assert sorted(together.latency_ns.tolist()) == [[1, 2], [3, 4], [5, 6], [7, 8]]
    assert pooled([send], ("reply",)) is None


def test_what_a_place_costs_is_taken_out_and_differences_of_variants_stay() -> None:
    rng = np.random.default_rng(1)
    n, costs = 3_000, np.array([0.06, -0.02, -0.04])
    zeros = np.zeros(n, np.int64)
    plain = paired("send", VARIANTS, zeros, zeros, np.ones((n, 3)))
    # Two kinds of operation of which one is twice as slow, as messages of users and agents are.
    base = np.where(rng.random(n) < 0.3, 15.0, 14.0)[:, np.newaxis] + np.array([0.0, -0.7, 0.1]) + rng.normal(0, 0.05, (n, 3))
    sample = paired("send", VARIANTS, zeros, zeros, np.exp(base + costs[plain.position]))
    effects = place_effects(sample)
    assert effects is not None
    assert effects - effects.mean() == pytest.approx(costs - costs.mean(), abs=0.006)
    found = log_latencies(sample)
    assert np.median(found[:, 1] - found[:, 0]) == pytest.approx(-0.7, abs=0.006)
    assert np.std(found[:, 1] - found[:, 0]) < np.std(np.log(sample.latency_ns[:, 1] / sample.latency_ns[:, 0]))


def test_too_few_rows_say_nothing_of_places() -> None:
    n = ROWS_OF_A_PLACE - 1
    zeros = np.zeros(n, np.int64)
    sample = paired("send", VARIANTS, zeros, zeros, np.random.default_rng(1).integers(1, 10**6, (n, 3)))
    assert place_effects(sample) is None
    assert log_latencies(sample) == pytest.approx(np.log(sample.latency_ns))
