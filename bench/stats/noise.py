"""What the noise of recorded log ratios is made of: single operations, a part that lasts, and sessions. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.stats.resampling import FloatArray, IntArray

LAGS = 32
"""How many operations later log ratios are held against each other, at the most."""

_MAD = 1.4826
"""What a median absolute deviation is multiplied by to be the standard deviation of normal noise."""

_STRETCHES = 12
_FURTHEST = 4.0
"""Spreads from the middle beyond which a value counts as one so far away: a few stalls would be all of a correlation."""

_MEMORIES = 1 - np.geomspace(0.5, 0.0005, 80)


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard deviations of logarithms: of an operation by itself, of what wanders slowly, and of sessions.

    `memory` is how much of the slow part is left one operation later, from 0 to 1. Where there are `effects`, those of sessions are
    drawn from them and not from a normal distribution.
    """

    operation: float
    slow: float
    memory: float
    session: float
    effects: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Recorded:
    """The noise of a recorded contrast; `effects` are its sessions' medians less their mean, `correlation` is by lag, from 1 on."""

    noise: Noise
    effects: tuple[float, ...]
    correlation: FloatArray


def estimate(pairs: Sequence[tuple[FloatArray, IntArray]]) -> Recorded:
    """The noise of one contrast: log ratios in the order of the operations, and the session of each.

    The slow part is what medians of stretches of a session vary by beyond what single operations explain. Its memory is the one
    with which a part that moves such medians so much comes nearest to the correlation of operations 1 to `LAGS` apart. The session
    part is what medians of sessions vary by beyond both.
    """
    singles, excesses, middles, shares, lengths, sums, totals, counts = [], [], [], [], [], [], [], []
    for log_ratios, session in pairs:
        for one in np.unique(session):
            values = log_ratios[session == one]
            middle = float(np.median(values))
            spread = _MAD * float(np.median(np.abs(values - middle)))
            length = max(2, len(values) // _STRETCHES)
            parts = [float(np.median(part)) for part in np.array_split(values, max(2, len(values) // length))]
            singles.append(spread**2)
            excesses.append(float(np.var(parts, ddof=1)) - _of_median(spread, length))
            middles.append(middle)
            shares.append(float(np.var(parts, ddof=1)) / len(parts))
            lengths.append(length)
            near = np.clip(values - middle, -_FURTHEST * spread, _FURTHEST * spread)
            sums.append([float(near[:-lag] @ near[lag:]) if lag < len(near) else 0.0 for lag in range(1, LAGS + 1)])
            totals.append(float(near @ near))
            counts.append(len(near))
    correlation = np.sum(sums, axis=0) / max(sum(totals), np.finfo(float).tiny)
    operation, whole = math.sqrt(float(np.mean(singles))), sum(totals) / sum(counts)
    slow, memory = _lasting(max(0.0, float(np.mean(excesses))), float(np.mean(lengths)), whole, correlation)
    between = float(np.var(middles, ddof=1)) - float(np.mean(shares)) if len(middles) > 1 else 0.0
    effects = tuple(middle - float(np.mean(middles)) for middle in middles)
    return Recorded(Noise(operation, slow, memory, math.sqrt(max(0.0, between))), effects, correlation)


def _lasting(excess: float, length: float, whole: float, correlation: FloatArray) -> tuple[float, float]:
    """The slow part and its memory: of all that move medians of stretches so much, those nearest to the correlation.

    `excess` is the variance of such medians that single operations do not explain, `whole` that of the values.
    """
    lags = np.arange(1, len(correlation) + 1)
    # The variance of the mean of so many neighbours of an autoregressive series, as a share of that of one value.
    left = 1 - _MEMORIES
    held = ((1 + _MEMORIES) / left - 2 * _MEMORIES * (1 - _MEMORIES**length) / (length * left**2)) / length
    variance = excess / held
    expected = (variance / max(whole, np.finfo(float).tiny))[:, np.newaxis] * _MEMORIES[:, np.newaxis] ** lags
    best = int(np.argmin(((expected - correlation) ** 2).sum(axis=1)))
    return math.sqrt(float(variance[best])), float(_MEMORIES[best])


def _of_median(spread: float, count: int) -> float:
    """The variance of the median of so many independent normal values."""
    return float(np.pi / 2 * spread**2 / count)
