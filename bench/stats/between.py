"""Two runs against each other: they ran at other times, so no message of the one is paired with one of the other. Pure.

The unit is the session: the largest thing that a run repeats (Kalibera and Jones, Rigorous Benchmarking in Reasonable Time, 2013,
section 5). Messages of a session are not independent, and counting them as if they were would find differences between equal runs.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.stats.ratio import CONFIDENCE, Interval
from bench.stats.resampling import midmean

FloatArray = NDArray[np.float64]

PAIRED_SESSIONS = 6
"""From so many sessions on, those of one number are paired: they did the same workload, whose part of the spread then falls out.
With fewer, the degrees of freedom that this costs weigh more.
"""


_LOG_MAX = 700.0
"""The largest logarithm that is still a number."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What one run found: an estimate over all its sessions, as a natural logarithm, and that of each session by its number."""

    log_estimate: float
    by_session: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Change:
    """How many times the one run's figure the other's is: the natural logarithm, its standard error and degrees of freedom."""

    log_change: float
    error: float
    freedom: float

    @property
    def interval(self) -> Interval:
        """The change as a factor, with bounds at 95 % confidence for this figure alone."""
        reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, self.freedom)) * self.error
        return Interval(*(factor(one) for one in (self.log_change, self.log_change - reach, self.log_change + reach)))

    @property
    def p_value(self) -> float:
        """How often sessions of equal runs would be as far apart or further, for this figure alone."""
        if self.log_change == 0:
            return 1.0
        if self.error == 0:
            return 0.0
        return float(2 * stats.t.sf(abs(self.log_change) / self.error, self.freedom))

    def smallest(self, level: float) -> float:
        """The smallest logarithm of a change whose p-value is not above the level."""
        return float(stats.t.isf(level / 2, self.freedom)) * self.error


def midmeans(values: FloatArray, session: NDArray[np.int64]) -> dict[int, float]:
    """The mean of the middle half of each session, as a run's own ratio is made."""
    return {int(one): midmean(values[session == one]) for one in np.unique(session)}


def medians(values: FloatArray, session: NDArray[np.int64]) -> dict[int, float]:
    """The median of each session."""
    return {int(one): float(np.median(values[session == one])) for one in np.unique(session)}


def change(before: Measured, after: Measured) -> Change | None:
    """The change from one run to another; None when a run has one session, which says nothing of how sessions differ.

    With the same sessions in both, six or more, the error is that of the differences by session (Student's paired test). Else it
    is that of Welch's test (The generalization of Student's problem, 1947) with Satterthwaite's degrees of freedom: sessions of
    either run may differ by another amount.
    """
    if min(len(before.by_session), len(after.by_session)) < 2:
        return None
    log_change = after.log_estimate - before.log_estimate
    if len(before.by_session) >= PAIRED_SESSIONS and before.by_session.keys() == after.by_session.keys():
        share = _share([after.by_session[one] - before.by_session[one] for one in before.by_session])
        return Change(log_change, math.sqrt(share), float(len(before.by_session) - 1))
    sizes = [len(run.by_session) for run in (before, after)]
    shares = [_share(list(run.by_session.values())) for run in (before, after)]
    spread = sum(share**2 / (size - 1) for share, size in zip(shares, sizes, strict=True))
    freedom = sum(shares) ** 2 / spread if spread > 0 else float(sum(sizes) - 2)
    return Change(log_change, math.sqrt(sum(shares)), freedom)


def _share(values: Sequence[float]) -> float:
    """The variance of the mean of these values."""
    return float(np.var(values, ddof=1)) / len(values)


def factor(log: float) -> float:
    """The factor that a natural logarithm stands for, never infinite."""
    return math.exp(max(-_LOG_MAX, min(_LOG_MAX, log)))


def rank_p_value(before: Sequence[float], after: Sequence[float]) -> float:
    """The exact p-value of Wilcoxon's rank sum test, two-sided: it asks for the order of the sessions, not for their spread."""
    return float(stats.mannwhitneyu(before, after, alternative="two-sided", method="exact").pvalue)


def sessions_needed(level: float) -> int:
    """How many sessions each of two runs must have before the rank test can reach the level: all of one beyond all of the other."""
    sessions = 2
    while 2 / math.comb(2 * sessions, sessions) > level:
        sessions += 1
    return sessions
