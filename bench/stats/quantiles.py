"""Quantiles of one pooled sample. Pure. Quantiles of parts are never averaged: pool the raw values instead.

The rule: a quantile q above the median needs 100 / (1 - q) values, so that a hundred lie beyond it: 1,000 for p90, 10,000 for p99,
100,000 for p99.9. With fewer the answer is None, never a guess.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.stats.ratio import CONFIDENCE

VALUES_BEYOND = 100


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile that was observed, and the order statistics that bound it with at least 95 % confidence."""

    value: int
    low: int
    high: int


def values_needed(q: float) -> int:
    """How many values a sample needs before its quantile `q` is told."""
    if not 0 < q < 1:
        raise ValueError(f"a quantile lies between 0 and 1, not at {q}")
    return 1 if q <= 0.5 else math.ceil(round(VALUES_BEYOND / (1 - q), 6))


def quantile(values: NDArray[np.integer[Any]], q: float) -> int | None:
    """The quantile as one of the values (nearest rank), in their unit; None where the sample cannot carry it."""
    needed = values_needed(q)
    if len(values) < needed:
        return None
    return int(np.quantile(values, q, method="inverted_cdf"))


def quantile_interval(values: NDArray[np.integer[Any]], q: float) -> QuantileInterval | None:
    """The quantile between two order statistics, without any assumption on the distribution.

    It takes the values as independent, so where latencies wander it is too narrow: a bound for reading, not for ranking. None
    where the sample cannot carry the quantile, or has no value far enough out for a bound.
    """
    value = quantile(values, q)
    if value is None:
        return None
    tail = (1 - CONFIDENCE) / 2
    n = len(values)
    # Of n values, Binomial(n, q) lie below the true quantile: the ranks are that count's own quantiles.
    below = int(stats.binom.ppf(tail, n, q))
    above = int(stats.binom.ppf(1 - tail, n, q)) + 1
    if below < 1 or above > n:
        return None
    ordered = np.partition(values, (below - 1, above - 1))
    return QuantileInterval(value, int(ordered[below - 1]), int(ordered[above - 1]))
