"""The mean of a few repetitions with its interval. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from bench.stats.ratio import CONFIDENCE


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean of `n` repetitions, with bounds at 95 % confidence; None for one repetition, which says nothing of others."""

    mean: float
    low: float | None
    high: float | None
    n: int


def mean(values: Sequence[float]) -> Mean:
    """The mean of independent repetitions with Student's interval (The probable error of a mean, 1908).

    Raises ValueError for none.
    """
    if not values:
        raise ValueError("a mean needs a value")
    centre, n = float(np.mean(values)), len(values)
    if n == 1:
        return Mean(centre, None, None, n)
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, n - 1)) * float(np.std(values, ddof=1)) / math.sqrt(n)
    return Mean(centre, centre - reach, centre + reach, n)
