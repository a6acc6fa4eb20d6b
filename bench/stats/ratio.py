"""How much slower or faster one variant is than another on the same messages. Pure.

The estimand is exp(median of the per-message log ratios). Latencies wander over seconds and differ from session to session, so
messages are not independent: the bootstrap draws sessions, and within each drawn session blocks of neighbouring operations (two
levels; Davison and Hinkley, Bootstrap Methods and their Application, 1997, section 3.8). It never draws single messages.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

CONFIDENCE = 0.95
_CELLS_AT_ONCE = 2_000_000
"""Bounds the memory of the resampling: cumulated weights held at one time."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds at 95 % confidence; for a ratio, 1 means no difference."""

    estimate: float
    low: float
    high: float


def paired_ratio(
    log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 2000
) -> Interval:
    """exp(median) of `log_ratios` with its percentile interval.

    The arrays have one element a message: log(variant / baseline), the session it was measured in and its block there. With S
    sessions the bounds stand sqrt(S / (S - 1)) further off the estimate than drawn, since S draws out of S vary too little. One
    session says nothing of other sessions: then only blocks are drawn.

    Raises ValueError for empty, unequal or non-finite input.
    """
    if not (len(log_ratios) == len(session) == len(block)) or len(log_ratios) == 0:
        raise ValueError("log ratios, sessions and blocks must have the same length, at least one")
    if not np.isfinite(log_ratios).all():
        raise ValueError("log ratios must be finite: a latency of 0 has none")
    order = np.argsort(log_ratios, kind="stable")
    ordered = np.asarray(log_ratios, dtype=np.float64)[order]
    cells, cell = np.unique(np.stack([session, block], axis=1), axis=0, return_inverse=True)
    weights = _draw(cells[:, 0], rng, draws)
    medians = _weighted_medians(ordered, cell.reshape(-1)[order], weights)
    estimate = float(np.median(ordered))
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(medians, [tail, 1 - tail])
    sessions = len(np.unique(session))
    stretch = math.sqrt(sessions / (sessions - 1)) if sessions > 1 else 1.0
    return Interval(
        math.exp(estimate),
        math.exp(min(estimate, estimate + stretch * (float(low) - estimate))),
        math.exp(max(estimate, estimate + stretch * (float(high) - estimate))),
    )


def is_separated(interval: Interval, floor: Interval | None) -> bool:
    """Whether a difference is worth a sign: its interval leaves out 1, and it is larger than the A/A pair shows.

    `floor` is the interval of the A/A pair, the same design twice: whatever lies within its further bound is what identical
    code looks like in this run. None: there was no such pair.
    """
    if interval.low <= 1 <= interval.high:
        return False
    return floor is None or abs(math.log(interval.estimate)) > noise(floor)


def noise(floor: Interval) -> float:
    """The largest log ratio that identical code may show, from the interval of the A/A pair."""
    return max(abs(math.log(floor.low)), abs(math.log(floor.high)))


def _draw(session_of_cell: IntArray, rng: np.random.Generator, draws: int) -> IntArray:
    """How often each cell (a block of a session) counts in each draw: as often as sessions are, and blocks within them."""
    sessions, session = np.unique(session_of_cell, return_inverse=True)
    drawn = rng.multinomial(len(sessions), np.full(len(sessions), 1 / len(sessions)), size=draws)
    weights = np.zeros((draws, len(session_of_cell)), dtype=np.int64)
    for index in range(len(sessions)):
        cells = np.flatnonzero(session == index)
        even = np.full(len(cells), 1 / len(cells))
        # A session drawn m times has its blocks drawn anew each time: m times the blocks, independently.
        weights[:, cells] = rng.multinomial(drawn[:, index] * len(cells), even)
    return weights


def _weighted_medians(ordered: FloatArray, cell: IntArray, weights: IntArray) -> FloatArray:
    """The median of each draw: `ordered` are all values, `cell` says whose weight each one has."""
    medians = np.empty(len(weights))
    step = max(1, _CELLS_AT_ONCE // len(ordered))
    for start in range(0, len(weights), step):
        cumulated = np.cumsum(weights[start : start + step].astype(np.int32)[:, cell], axis=1, dtype=np.int32)
        total = cumulated[:, -1]
        lower = _first_reaching(cumulated, (total + 1) // 2)
        upper = _first_reaching(cumulated, total // 2 + 1)
        medians[start : start + step] = (ordered[lower] + ordered[upper]) / 2
    return medians


def _first_reaching(cumulated: NDArray[np.int32], goal: NDArray[np.int32]) -> NDArray[np.intp]:
    return np.asarray(np.argmax(cumulated >= goal[:, np.newaxis], axis=1), dtype=np.intp)
