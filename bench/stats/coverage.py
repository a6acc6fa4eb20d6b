"""How often 95 % intervals hold the truth: simulated experiments with noise that is alike from one operation to the next. Pure.

The noise of a log ratio is that of single operations, with tails as heavy as a t distribution of four degrees of freedom has, of
which a part lasts (autoregressive), and of sessions. Its sizes are estimated from recorded A/A pairs by `estimate`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import signal

from bench.stats.ratio import Interval, paired_ratio
from bench.stats.resampling import FloatArray, IntArray, clusters, draw, weighted_medians

_TAIL_FREEDOM = 4
_MAD = 1.4826
"""What a median absolute deviation is multiplied by to be the standard deviation of normal noise."""


@dataclass(frozen=True, slots=True)
class Noise:
    """Standard deviations of logarithms: of an operation by itself, of what wanders slowly, and of sessions.

    `memory` is how much of the slow part is left one operation later, from 0 to 1.
    """

    operation: float
    slow: float
    memory: float
    session: float


@dataclass(frozen=True, slots=True)
class Shape:
    """An experiment: sessions, blocks of each, operations of each block."""

    sessions: int
    blocks: int
    operations: int


Experiment = tuple[FloatArray, IntArray, IntArray]
"""Log ratios, and the session and block of each."""

Bound = Callable[[FloatArray, IntArray, IntArray, np.random.Generator], Interval]


def estimate(pairs: Sequence[tuple[FloatArray, IntArray]]) -> Noise:
    """The noise of recorded A/A pairs: for each, log ratios in the order of the operations and the session of each.

    The slow part is what medians of stretches of a session vary by beyond what single operations explain, with a memory of one
    stretch; the session part is what medians of sessions vary by beyond both.
    """
    singles, stretches, sessions, lengths = [], [], [], []
    for log_ratios, session in pairs:
        for one in np.unique(session):
            values = log_ratios[session == one]
            spread = _MAD * float(np.median(np.abs(values - np.median(values))))
            length = max(2, len(values) // 12)
            parts = [float(np.median(part)) for part in np.array_split(values, max(2, len(values) // length))]
            singles.append(spread**2)
            stretches.append(float(np.var(parts, ddof=1)) - _of_median(spread, length))
            sessions.append((float(np.median(values)), float(np.var(parts, ddof=1)) / len(parts)))
            lengths.append(length)
    operation = float(np.sqrt(np.mean(singles)))
    slow = math.sqrt(max(0.0, float(np.mean(stretches))))
    middle = [value for value, _ in sessions]
    between = float(np.var(middle, ddof=1)) - float(np.mean([share for _, share in sessions])) if len(middle) > 1 else 0.0
    return Noise(operation, slow, 1 - 1 / float(np.mean(lengths)), float(np.sqrt(max(0.0, between))))


def _of_median(spread: float, count: int) -> float:
    """The variance of the median of so many independent normal values."""
    return float(np.pi / 2 * spread**2 / count)


def experiment(noise: Noise, shape: Shape, truth: float, rng: np.random.Generator) -> Experiment:
    """One experiment whose true log ratio is `truth`."""
    of_session = shape.blocks * shape.operations
    total = shape.sessions * of_session
    # Divided so that its median absolute deviation is that of normal noise.
    single = noise.operation * rng.standard_t(_TAIL_FREEDOM, total) / 1.0983
    shocks = rng.normal(0, noise.slow * np.sqrt(1 - noise.memory**2), (shape.sessions, of_session))
    shocks[:, 0] = rng.normal(0, noise.slow, shape.sessions)
    slow = signal.lfilter([1.0], [1.0, -noise.memory], shocks, axis=1).reshape(-1)
    session = np.repeat(np.arange(shape.sessions), of_session)
    block = np.tile(np.repeat(np.arange(shape.blocks), shape.operations), shape.sessions)
    between = rng.normal(0, noise.session, shape.sessions)[session]
    return truth + single + slow + between, session.astype(np.int64), block.astype(np.int64)


def coverage(noise: Noise, shape: Shape, experiments: int, rng: np.random.Generator, bound: Bound, truth: float = 0.01) -> float:
    """The share of so many experiments whose interval holds the true ratio.

    A lone session says nothing of others: its interval is held against the ratio of that session itself.
    """
    held = 0
    noise = noise if shape.sessions > 1 else replace(noise, session=0.0)
    for _ in range(experiments):
        interval = bound(*experiment(noise, shape, truth, rng), rng)
        held += interval.low <= np.exp(truth) <= interval.high
    return held / experiments


def percentiles(log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 400) -> Interval:
    """The percentiles of the same draws, for comparison: too narrow with few sessions."""
    order = np.argsort(log_ratios, kind="stable")
    cluster = clusters(session, block)
    drawn = weighted_medians(log_ratios[order], cluster[order], draw(int(cluster.max()) + 1, rng, draws))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(np.exp(np.median(log_ratios))), float(np.exp(low)), float(np.exp(high)))


def ours(log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 400) -> Interval:
    """The interval that reports print."""
    return paired_ratio(log_ratios, session, block, rng, draws).interval
