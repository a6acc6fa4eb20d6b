"""How messages are shared out among channels or users: shares of the busiest, and laws of Zipf's kind. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize, minimize_scalar

from bench.traffic.rooms import Floats, Ints

RANKS_MIN = 3
"""Fewer channels or users carry no law of ranks."""


@dataclass(frozen=True, slots=True)
class ZipfMandelbrot:
    """Shares of ranks proportional to (rank + offset) ** -exponent; without an offset it is Zipf's law."""

    exponent: float
    offset: float


def descending(counts: Ints) -> Ints:
    """The counts above 0, the largest first."""
    return np.sort(counts[counts > 0])[::-1]


def top_share(counts: Ints, share: float) -> float:
    """The part of all that the busiest `share` of ranks have, at least one rank."""
    ranked = descending(counts)
    top = max(1, round(len(ranked) * share))
    return float(ranked[:top].sum() / ranked.sum())


def cumulative_shares(counts: Ints) -> Floats:
    """The part of all that the first, the first two, ... ranks have; the last value is 1."""
    ranked = descending(counts)
    shares: Floats = np.cumsum(ranked) / ranked.sum()
    return shares


def largest_difference(first: Floats, second: Floats) -> float:
    """The largest difference of two lists of cumulative shares, rank by rank; past its end a list stays at 1."""
    length = max(len(first), len(second))
    return float(np.abs(_padded(first, length) - _padded(second, length)).max())


def _padded(shares: Floats, length: int) -> Floats:
    return np.concatenate([shares, np.ones(length - len(shares))])


def zipf(counts: Ints) -> ZipfMandelbrot | None:
    """Zipf's law by maximum likelihood; None where there are too few ranks, or all are alike."""
    ranked = descending(counts)
    if len(ranked) < RANKS_MIN or ranked[0] == ranked[-1]:
        return None
    found = minimize_scalar(lambda exponent: _surprise(ranked, exponent, 0.0), bounds=(0.0, 10.0), method="bounded")
    return ZipfMandelbrot(float(found.x), 0.0)


def zipf_mandelbrot(counts: Ints) -> ZipfMandelbrot | None:
    """The Zipf-Mandelbrot law by maximum likelihood; None where there are too few ranks, or all are alike."""
    ranked = descending(counts)
    if len(ranked) < RANKS_MIN or ranked[0] == ranked[-1]:
        return None

    def surprise(at: Floats) -> float:
        return _surprise(ranked, float(at[0]), float(np.expm1(at[1])))

    found = minimize(
        surprise,
        x0=np.array([2.0, np.log1p(0.03 * len(ranked))]),
        bounds=[(0.05, 20.0), (0.0, float(np.log(10.0 * len(ranked))))],
        method="Nelder-Mead",
        options={"xatol": 1e-4, "fatol": 1e-9, "maxiter": 2000},
    )
    return ZipfMandelbrot(float(found.x[0]), float(np.expm1(found.x[1])))


def _surprise(ranked: Ints, exponent: float, offset: float) -> float:
    """The mean negative log likelihood of a message's rank."""
    logs = -exponent * np.log(np.arange(1, len(ranked) + 1) + offset)
    highest = logs.max()
    total = highest + np.log(np.exp(logs - highest).sum())
    return float(total - (ranked * logs).sum() / ranked.sum())


def tail_exponent(counts: Ints, lowest: int) -> float | None:
    """The exponent of a power law over counts from `lowest` on, by maximum likelihood (A. Clauset et al., 2009, eq. 3.7)."""
    tail = counts[counts >= lowest]
    if len(tail) < RANKS_MIN:
        return None
    return float(1 + len(tail) / np.log(tail / (lowest - 0.5)).sum())
