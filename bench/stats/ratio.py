"""How much slower or faster one variant is than another on the same messages. Pure.

The estimand is exp(mean of the middle half of the per-message log ratios). Its standard error comes from a bootstrap over the
clusters of `bench.stats.resampling`, its interval from Student's t with as many degrees of freedom as there are clusters less one.
Percentiles of the draws would be too narrow with few sessions: `bench.stats.coverage` simulates both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy import stats

from bench.stats.resampling import FloatArray, IntArray, clusters, draw, midmean, weighted_midmeans

CONFIDENCE = 0.95

DETECTABLE_ERRORS = 2.8
"""The normal quantiles of 97.5 % and 80 %, added: the size, in standard errors, that a plain test at 5 % finds with 80 %.

Here it is the bound below which a difference is told as `~`. That rule is stricter than a plain test: it finds a true difference of
just this size about every second time. What it finds in four of five cases is `LogRatio.found_in_4_of_5`.
"""

POWER = 0.80
"""How often a difference of the size `LogRatio.found_in_4_of_5` is found."""


@dataclass(frozen=True, slots=True)
class Interval:
    """An estimate with its bounds at 95 % confidence; for a ratio, 1 means no difference."""

    estimate: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LogRatio:
    """A ratio as its natural logarithm, with the standard error of that and its degrees of freedom."""

    log_ratio: float
    error: float
    freedom: int

    @property
    def interval(self) -> Interval:
        """The ratio with bounds at 95 % confidence, for this ratio alone."""
        reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, self.freedom)) * self.error
        return Interval(*(math.exp(log) for log in (self.log_ratio, self.log_ratio - reach, self.log_ratio + reach)))

    @property
    def p_value(self) -> float:
        """How often identical code would be as far from 1 or further, for this ratio alone."""
        if self.error == 0:
            return float(self.log_ratio == 0)
        return float(2 * stats.t.sf(abs(self.log_ratio) / self.error, self.freedom))

    @property
    def detectable(self) -> float:
        """2.8 standard errors as a logarithm: what is not larger is told as `~`."""
        return DETECTABLE_ERRORS * self.error

    @property
    def found_in_4_of_5(self) -> float:
        """The true difference, as a logarithm, that four of five repetitions find: larger than `detectable` and p at most 0.05.

        For this ratio alone, without the correction for a family. The error is estimated, so both parts are Student's.
        """
        bound = max(DETECTABLE_ERRORS, float(stats.t.ppf((1 + CONFIDENCE) / 2, self.freedom)))
        return (bound + float(stats.t.ppf(POWER, self.freedom))) * self.error


def paired_ratio(
    log_ratios: FloatArray, session: IntArray, block: IntArray, rng: np.random.Generator, draws: int = 2000
) -> LogRatio:
    """The mean of the middle half of `log_ratios` with its standard error.

    The arrays have one element a message: log(variant / baseline), the session it was measured in and its block there. With C
    clusters the error is sqrt(C / (C - 1)) times that of the draws, since C draws out of C vary too little.

    Raises ValueError for empty, unequal or non-finite input, and for a single cluster, which says nothing of how others differ.
    """
    if not (len(log_ratios) == len(session) == len(block)) or len(log_ratios) == 0:
        raise ValueError("log ratios, sessions and blocks must have the same length, at least one")
    if not np.isfinite(log_ratios).all():
        raise ValueError("log ratios must be finite: a latency of 0 has none")
    cluster = clusters(session, block)
    count = int(cluster.max()) + 1
    if count < 2:
        raise ValueError("one block of one session has no standard error: give two blocks or sessions at least")
    order = np.argsort(log_ratios, kind="stable")
    ordered = np.asarray(log_ratios, dtype=np.float64)[order]
    drawn = weighted_midmeans(ordered, cluster[order], draw(count, rng, draws))
    error = float(np.std(drawn, ddof=1)) * math.sqrt(count / (count - 1))
    return LogRatio(midmean(ordered), error, count - 1)


def noise(floor: Interval) -> float:
    """The largest log ratio that identical code may show, from the interval of the A/A pair."""
    return max(abs(math.log(floor.low)), abs(math.log(floor.high)))
