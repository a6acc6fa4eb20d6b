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

from bench.stats.ratio import CONFIDENCE, Interval
from bench.stats.resampling import FloatArray, IntArray, clusters, draw, weighted_quantiles

VALUES_BEYOND = 100


@dataclass(frozen=True, slots=True)
class QuantileInterval:
    """A quantile that was observed, and bounds that hold the true one with 95 % confidence."""

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


def quantile_interval(
    values: NDArray[np.integer[Any]], session: IntArray, block: IntArray, q: float, rng: np.random.Generator, draws: int
) -> QuantileInterval | None:
    """The quantile with bounds that respect that neighbours are alike: sessions, or the blocks of a lone one, are drawn anew.

    The error is that of the logarithm, the bounds are Student's. None where the sample cannot carry the quantile, or is of one
    session and block.
    """
    value = quantile(values, q)
    cluster = clusters(session, block) if value is not None else np.zeros(0, dtype=np.int64)
    if value is None or cluster.max() < 1:
        return None
    reach = _reach(_drawn(values, cluster, q, draw(int(cluster.max()) + 1, rng, draws)), int(cluster.max()) + 1)
    return QuantileInterval(value, math.floor(value * math.exp(-reach)), math.ceil(value * math.exp(reach)))


def quantile_ratio(
    values: NDArray[np.integer[Any]],
    baseline: NDArray[np.integer[Any]],
    session: IntArray,
    block: IntArray,
    q: float,
    rng: np.random.Generator,
    draws: int,
) -> Interval | None:
    """The ratio of a quantile of two samples of the same operations, whose sessions or blocks are drawn together; as above."""
    one, other = quantile(values, q), quantile(baseline, q)
    cluster = clusters(session, block) if one is not None else np.zeros(0, dtype=np.int64)
    if one is None or other is None or cluster.max() < 1:
        return None
    weights = draw(int(cluster.max()) + 1, rng, draws)
    reach = _reach(_drawn(values, cluster, q, weights) - _drawn(baseline, cluster, q, weights), len(weights[0]))
    log = math.log(one / other)
    return Interval(*(math.exp(at) for at in (log, log - reach, log + reach)))


def _drawn(values: NDArray[np.integer[Any]], cluster: IntArray, q: float, weights: IntArray) -> FloatArray:
    """The logarithm of the quantile in each draw."""
    order = np.argsort(values, kind="stable")
    return np.log(weighted_quantiles(values[order].astype(np.float64), cluster[order], weights, q))


def _reach(drawn: FloatArray, count: int) -> float:
    """How far the bounds stand off, as a logarithm, with so many clusters."""
    error = float(np.std(drawn, ddof=1)) * math.sqrt(count / (count - 1))
    return float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * error
