"""How a figure grows with a size: a straight line through the means of several repetitions, with Student's bounds. Pure.

Each repetition (a session, or a block of a lone one) gives a curve, and each curve a least squares line of its own. The slope is
the mean of theirs, which is that of the line through the mean curve; how much they differ is its error. So neither noise that a
repetition has in common nor the curve's own bend makes the interval too narrow or too wide.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.stats.means import Mean, mean
from bench.stats.ratio import CONFIDENCE

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fit:
    """Lines through the curves of all repetitions: `sizes` are the places, `curves` one row a repetition and one column a place."""

    sizes: FloatArray
    curves: FloatArray

    @property
    def slope(self) -> Mean:
        """What one more of the size adds."""
        return mean(self._lines()[0].tolist())

    @property
    def means(self) -> list[Mean]:
        """The mean of the curves at each place."""
        return [mean(column.tolist()) for column in self.curves.T]

    @property
    def residuals(self) -> list[float]:
        """The mean curve less the line, at each place."""
        slopes, intercepts = self._lines()
        line = float(slopes.mean()) * self.sizes + float(intercepts.mean())
        return [float(value) for value in self.curves.mean(axis=0) - line]

    def at(self, size: float) -> Mean:
        """Where the line is at any size; beyond the places it is extrapolated."""
        slopes, intercepts = self._lines()
        return mean((slopes * size + intercepts).tolist())

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


def exponent(sizes: Sequence[float], costs: Sequence[float]) -> Mean:
    """The power of the size that the cost grows with: the slope of the logarithms, with bounds at 95 % confidence.

    Two points have no bounds, since their line has no error. Raises ValueError for fewer, or for what has no logarithm.
    """
    if len(set(sizes)) < 2 or min(*sizes, *costs) <= 0:
        raise ValueError("an exponent needs two different sizes, and sizes and costs above zero")
    found = stats.linregress(np.log(np.asarray(sizes)), np.log(np.asarray(costs)))
    estimate, freedom = float(found.slope), len(sizes) - 2
    if freedom == 0:
        return Mean(estimate, None, None, len(sizes))
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, freedom)) * float(found.stderr)
    return Mean(estimate, estimate - reach, estimate + reach, len(sizes))
