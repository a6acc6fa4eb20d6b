"""How a figure grows with a size: a straight line through the means of several repetitions, with Student's bounds. Pure.

Each repetition (a session, or a block of a lone one) gives a curve, and each curve a least squares line of its own. The slope is
the mean of theirs, which is that of the line through the mean curve; how much they differ is its error. So neither noise that a
repetition has in common nor the curve's own bend makes the interval too narrow or too wide.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.stats.ratio import CONFIDENCE, Interval

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Lines through the curves of all repetitions: `sizes` are the places, `curves` one row a repetition and one column a place."""

    sizes: FloatArray
    curves: FloatArray

    @property
    def slope(self) -> Interval:
        """What one more of the size adds, with bounds at 95 % confidence; they are the estimate's own with one repetition."""
        return _bounds(self._lines()[0])

    @property
    def means(self) -> list[Interval]:
        """The mean of the curves at each place, with its bounds."""
        return [_bounds(column) for column in self.curves.T]

    @property
    def residuals(self) -> list[float]:
        """The mean curve less the line, at each place."""
        slopes, intercepts = self._lines()
        line = float(slopes.mean()) * self.sizes + float(intercepts.mean())
        return [float(value) for value in self.curves.mean(axis=0) - line]

    def at(self, size: float) -> Interval:
        """Where the line is at any size, with its bounds; beyond the places it is extrapolated."""
        slopes, intercepts = self._lines()
        return _bounds(slopes * size + intercepts)

    def _lines(self) -> tuple[FloatArray, FloatArray]:
        centred = self.sizes - self.sizes.mean()
        slopes = self.curves @ centred / (centred @ centred)
        return slopes, self.curves.mean(axis=1) - slopes * self.sizes.mean()


def fit(sizes: Sequence[float], curves: FloatArray) -> Fit:
    """Raises ValueError for fewer than two sizes, no curve, or one that is not finite or of another length."""
    places = np.asarray(sizes, dtype=np.float64)
    if len(np.unique(places)) < 2 or len(np.unique(places)) < len(places):
        raise ValueError("a slope needs two different sizes at the least, and each once")
    if curves.ndim != 2 or curves.shape[0] == 0 or curves.shape[1] != len(places) or not np.isfinite(curves).all():
        raise ValueError("every curve needs a finite value for each size")
    return Fit(places, curves)


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> Interval:
    """The power of the size that the cost grows with: the slope of the logarithms, with bounds at 95 % confidence.

    Two points have no bounds but their own line. Raises ValueError for fewer, or for what has no logarithm.
    """
    if len(set(sizes)) < 2 or min(*sizes, *costs) <= 0:
        raise ValueError("an exponent needs two different sizes, and sizes and costs above zero")
    found = stats.linregress(np.log(np.asarray(sizes)), np.log(np.asarray(costs)))
    estimate, freedom = float(found.slope), len(sizes) - 2
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * float(found.stderr) if freedom > 0 else 0.0
    return Interval(estimate, estimate - reach, estimate + reach)


def _bounds(values: FloatArray) -> Interval:
    """The mean with Student's bounds."""
    mean, count = float(values.mean()), len(values)
    if count < 2:
        return Interval(mean, mean, mean)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, count - 1)) * float(values.std(ddof=1)) / math.sqrt(count)
    return Interval(mean, mean - reach, mean + reach)
