"""Drawing clusters of values anew, and what weighted draws have in their middle or tail. Pure; generators are passed in.

Latencies of neighbouring operations are alike, so single ones are never drawn: the unit is the largest thing that the sample
repeats, sessions where there are two or more of them, else blocks of neighbouring operations (Davison and Hinkley, Bootstrap
Methods and their Application, 1997, sections 3.8 and 8.2). Drawing both at once would count what differs within sessions twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

_CELLS_AT_ONCE = 2_000_000
"""Bounds the memory of the resampling: cumulated weights held at one time."""


def clusters(session: IntArray, block: IntArray) -> IntArray:
    """The number of the cluster that each value belongs to, from 0 on: its session, or in a lone session its block."""
    sessions, number = np.unique(session, return_inverse=True)
    if len(sessions) > 1:
        return np.asarray(number, dtype=np.int64).reshape(-1)
    return np.asarray(np.unique(block, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def draw(count: int, rng: np.random.Generator, draws: int) -> IntArray:
    """How often each of `count` clusters counts in each draw: as many are drawn as there are, with replacement."""
    return rng.multinomial(count, np.full(count, 1 / count), size=draws)


def midmean(values: FloatArray) -> float:
    """The mean of the middle half of the values (Tukey, Exploratory Data Analysis, 1977): blind to how far out the outer quarters
    are, and with a smaller standard error than the median. Where four do not divide them, the values at the edges count in part.
    """
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    return float(weighted_midmeans(ordered, np.zeros(len(ordered), np.int64), np.ones((1, 1), np.int64))[0])


def weighted_midmeans(ordered: FloatArray, cluster: IntArray, weights: IntArray) -> FloatArray:
    """The mean of the middle half of each draw: `ordered` are all values, `cluster` says whose weight each one has."""
    found = np.empty(len(weights))
    for part, cumulated in _cumulated(cluster, weights):
        quarter = cumulated[:, -1:] / 4
        inside = np.clip(cumulated, quarter, 3 * quarter)
        found[part] = np.diff(inside, axis=1, prepend=quarter) @ ordered / (2 * quarter[:, 0])
    return found


def weighted_quantiles(ordered: FloatArray, cluster: IntArray, weights: IntArray, q: float) -> FloatArray:
    """The quantile of each draw at the nearest rank: the first value that a share `q` of the weight does not exceed."""
    found = np.empty(len(weights))
    for part, cumulated in _cumulated(cluster, weights):
        goal = np.ceil(np.round(cumulated[:, -1] * q, 6)).astype(np.int64)
        found[part] = ordered[_first_reaching(cumulated, np.maximum(goal, 1))]
    return found


def _cumulated(cluster: IntArray, weights: IntArray) -> Iterator[tuple[slice, NDArray[np.int32]]]:
    """The weights of all values added up, a part of the draws at a time."""
    step = max(1, _CELLS_AT_ONCE // len(cluster))
    for start in range(0, len(weights), step):
        part = slice(start, start + step)
        yield part, np.cumsum(weights[part].astype(np.int32)[:, cluster], axis=1, dtype=np.int32)


def _first_reaching(cumulated: NDArray[np.int32], goal: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
    return np.asarray(np.argmax(cumulated >= goal[:, np.newaxis], axis=1), dtype=np.intp)
