"""Lengths of texts as a mixture of log-normal parts, fitted by expectation and maximisation. Pure."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtr

from bench.traffic.rooms import Floats, Ints

PARTS = 3
ROUNDS = 300
SIGMA_MIN, SIGMA_MAX = 0.05, 5.0
LENGTH_MAX = 1_000_000
"""The longest text that a workload can have; a longer one counts as this."""
SHARE_MIN = 0.002

Parts = tuple[tuple[float, float, float], ...]
"""Of each part its share, and mean and standard deviation of the logarithm."""


def parts(lengths: Ints) -> Parts | None:
    """The parts of the lengths above 0, the shortest first; None where all lengths are 0. Shares add up to 1."""
    values, counts = np.unique(np.minimum(lengths[lengths > 0], LENGTH_MAX), return_counts=True)
    if not len(values):
        return None
    logs, weights = np.log(values), counts / counts.sum()
    # A length is a whole number: it stands for what lies half a byte around it.
    low, high = np.log(np.maximum(values - 0.5, 0.5)), np.log(values + 0.5)
    mean = float(weights @ logs)
    sigma = min(SIGMA_MAX, max(SIGMA_MIN, float(np.sqrt(weights @ (logs - mean) ** 2))))
    if len(values) < 10 * PARTS:
        return ((1.0, round(mean, 4), round(sigma, 4)),)
    share = np.array([0.15, 0.8, 0.05])
    means = np.array([mean - 1.5 * sigma, mean, mean + 2 * sigma])
    sigmas = np.array([sigma / 2, sigma, sigma])
    for _ in range(ROUNDS):
        chance = share * _within(low, high, means, sigmas)
        belongs = chance / np.maximum(chance.sum(axis=1, keepdims=True), 1e-300) * weights[:, np.newaxis]
        share = np.maximum(belongs.sum(axis=0), 1e-12)
        means = logs @ belongs / share
        sigmas = np.clip(np.sqrt(((logs[:, np.newaxis] - means) ** 2 * belongs).sum(axis=0) / share), SIGMA_MIN, SIGMA_MAX)
    kept = np.flatnonzero(share >= SHARE_MIN)
    ordered = kept[np.argsort(means[kept])]
    shares = [round(float(value), 4) for value in share[ordered] / share[ordered].sum()]
    shares[int(np.argmax(shares))] += 1 - sum(shares)
    return tuple(
        (round(each, 4), round(float(means[place]), 4), round(float(sigmas[place]), 4))
        for each, place in zip(shares, ordered, strict=True)
    )


def _within(low: Floats, high: Floats, means: Floats, sigmas: Floats) -> Floats:
    """The chance of each part to fall between two logarithms."""
    upper = ndtr((high[:, np.newaxis] - means) / sigmas)
    lower = ndtr((low[:, np.newaxis] - means) / sigmas)
    chances: Floats = np.maximum(upper - lower, 1e-300)
    return chances
