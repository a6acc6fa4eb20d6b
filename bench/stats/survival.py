"""How long something lasts, when not every end was seen: the Kaplan-Meier estimate with its band. Pure.

A duration whose end was not seen is censored: it lasted at least so long. Kaplan, Meier: Nonparametric estimation from incomplete
observations (1958); the variance is Greenwood's, the band that of the log-log transform, which stays between 0 and 1.

An end that is only known to lie between two looks is interval-censored. The estimate takes one time for it; `bounded` gives the
estimates for the shortest and for the longest that the looks allow. Where every end was seen the true estimate lies between the
two; with censored windows among them it may lie a little outside, since then the number at risk is another one, too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that still lasts after each time, with its band; before the first time it is 1.

    `times` are those at which something ended, upwards, in the unit of the durations. `median` is the first time at which half of
    all or less still last, None when more than that were never seen to end.
    """

    times: tuple[float, ...]
    share: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]
    median: float | None


@dataclass(frozen=True, slots=True)
class Window:
    """Something that began between `begin_low` and `begin_high` and ended between `end_low` and `end_high`.

    Without an end both are None, and it lasted at least until `last`, the last look.
    """

    begin_low: float
    begin_high: float
    end_low: float | None
    end_high: float | None
    last: float

    @property
    def shortest(self) -> float:
        """The least that it lasted."""
        return max(0.0, (self.last if self.end_low is None else self.end_low) - self.begin_high)

    @property
    def longest(self) -> float:
        """The most that it lasted, until the last look where it has no end."""
        return max(0.0, (self.last if self.end_high is None else self.end_high) - self.begin_low)


def kaplan_meier(durations: Sequence[float], ended: Sequence[bool]) -> Curve:
    """The curve of these durations; `ended` False where the end was not seen. Ends come before censorings of one time.

    Raises `ValueError` for durations that are no numbers from 0 on, or when the two differ in length.
    """
    if len(durations) != len(ended):
        raise ValueError(f"{len(durations)} durations and {len(ended)} ends")
    if any(not math.isfinite(duration) or duration < 0 for duration in durations):
        raise ValueError("a duration is a finite number, 0 or more")
    reach = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    times, share, low, high = list[float](), list[float](), list[float](), list[float]()
    surviving, variance = 1.0, 0.0
    for time in sorted({duration for duration, is_end in zip(durations, ended, strict=True) if is_end}):
        at_risk = sum(duration >= time for duration in durations)
        ends = sum(is_end and duration == time for duration, is_end in zip(durations, ended, strict=True))
        surviving *= 1 - ends / at_risk
        variance += ends / (at_risk * (at_risk - ends)) if at_risk > ends else 0.0
        bottom, top = _band(surviving, variance, reach)
        times.append(float(time))
        share.append(surviving)
        low.append(bottom)
        high.append(top)
    # Products of fractions may miss one half by the last bit.
    median = next((time for time, left in zip(times, share, strict=True) if left <= 0.5 + 1e-12), None)
    return Curve(tuple(times), tuple(share), tuple(low), tuple(high), median)


def _band(surviving: float, variance: float, reach: float) -> tuple[float, float]:
    if surviving in {0.0, 1.0}:
        # At the end nothing is left to vary: the formula has no value there.
        return (surviving, surviving)
    width = math.exp(reach * math.sqrt(variance) / math.log(surviving))
    return (surviving ** (1 / width), surviving**width)


def bounded(windows: Sequence[Window]) -> tuple[Curve, Curve]:
    """The curve if each window was as short as the looks allow, and if each was as long."""
    ended = [window.end_low is not None for window in windows]
    return (
        kaplan_meier([window.shortest for window in windows], ended),
        kaplan_meier([window.longest for window in windows], ended),
    )
