"""How often 95 % intervals hold the truth: simulated experiments with noise that is alike from one operation to the next. Pure.

The noise of a log ratio is that of single operations, with tails as heavy as a t distribution of four degrees of freedom has, of
which a part lasts (autoregressive), and of sessions. `bench.stats.noise` estimates its sizes from recorded contrasts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from scipy import signal

from bench.stats.noise import Noise
from bench.stats.ratio import Interval, paired_ratio
from bench.stats.resampling import FloatArray, IntArray, clusters, draw, midmean, weighted_midmeans

_TAIL_FREEDOM = 4


@dataclass(frozen=True, slots=True)
class Shape:
    """An experiment: sessions, blocks of each, operations of each block."""

    sessions: int
    blocks: int
    operations: int


Experiment = tuple[FloatArray, IntArray, IntArray]
"""Log ratios, and the session and block of each."""

Bound = Callable[[FloatArray, IntArray, IntArray, np.random.Generator], Interval]


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
    effects = rng.choice(noise.effects, shape.sessions) if noise.effects else rng.normal(0, noise.session, shape.sessions)
    return truth + single + slow + effects[session], session.astype(np.int64), block.astype(np.int64)


def coverage(noise: Noise, shape: Shape, experiments: int, rng: np.random.Generator, bound: Bound, truth: float = 0.01) -> float:
    """The share of so many experiments whose interval holds the true ratio.

    A lone session says nothing of others: its interval is held against the ratio of that session itself.
    """
    held = 0
    noise = noise if shape.sessions > 1 else replace(noise, session=0.0, effects=())
    for _ in range(experiments):
        interval = bound(*experiment(noise, shape, truth, rng), rng)
        held += interval.low <= np.exp(truth) <= interval.high
    return held / experiments


def percentiles(log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 400) -> Interval:
    """The percentiles of the same draws, for comparison: too narrow with few sessions."""
    order = np.argsort(log_ratios, kind="stable")
    cluster = clusters(session, block)
    drawn = weighted_midmeans(log_ratios[order], cluster[order], draw(int(cluster.max()) + 1, rng, draws))
    low, high = np.quantile(drawn, [0.025, 0.975])
    return Interval(float(np.exp(midmean(log_ratios))), float(np.exp(low)), float(np.exp(high)))


def ours(log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 400) -> Interval:
    """The interval that reports print."""
    return paired_ratio(log_ratios, session, block, rng, draws).interval
