from __future__ import annotations

from collections import Counter
from itertools import islice, pairwise

import numpy as np
import pytest

from bench.latency.order import rounds, williams


@pytest.mark.parametrize("n", [1, 2, 3, 4, 5, 6, 11])
def test_every_treatment_stands_at_every_place_equally_often(n: int) -> None:
    rows = williams(n)
    for place in range(n):
        assert Counter(row[place] for row in rows) == Counter(dict.fromkeys(range(n), len(rows) // n))


@pytest.mark.parametrize("n", [2, 3, 4, 5, 6, 11])
def test_every_treatment_follows_every_other_one_equally_often(n: int) -> None:
    follows = Counter(pair for row in williams(n) for pair in pairwise(row))
    assert len(follows) == n * (n - 1)
    assert len(set(follows.values())) == 1


def test_orders_of_a_seed_are_the_same_and_balanced_within_a_cycle() -> None:
    first, second = (list(islice(rounds(5, np.random.default_rng(3)), 20)) for _ in range(2))
    assert first == second
    for cycle in (first[:10], first[10:]):
        assert Counter(order[0] for order in cycle) == Counter(dict.fromkeys(range(5), 2))
