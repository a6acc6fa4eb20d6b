"""Whether two instruments tell the same of a design, within what one of them shows of itself. Pure.

For each design the open-loop instrument measured twice (A/A) and Locust's users once, the same operations due at the same times.
The logarithms of the ratios of A/A are the noise: their mean square, over all designs, is twice the variance of one measurement. A
difference of Locust from the mean of the two has one and a half times that variance, and is held against Student's t, divided by
the number of differences that are told together (Bonferroni), of designs and of figures: one of many may be beyond the bound of
one. What the users take longer in all designs alike shows in the mean over them, which has a bound of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scipy import stats

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Arms:
    """One figure of one design, in nanoseconds: by the open-loop instrument, by the same once more, and by Locust's users."""

    first_ns: float
    second_ns: float
    swarm_ns: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """One figure over all designs.

    `ratios` are Locust's over the geometric mean of the other two, `noise` those of A/A, by design. `bound` is the ratio beyond
    which, or beyond whose inverse, one of them is no noise; `beyond` the designs that are. `mean` is the geometric mean of the
    `ratios`, and `mean_bound` what `bound` is for one.
    """

    ratios: Mapping[str, float]
    noise: Mapping[str, float]
    bound: float
    beyond: tuple[str, ...]
    mean: float
    mean_bound: float

    @property
    def is_shifted(self) -> bool:
        """Whether the mean is no noise."""
        return abs(math.log(self.mean)) > math.log(self.mean_bound)


def agreement(arms: Mapping[str, Arms], figures: int = 1) -> Agreement:
    """Hold the instruments against each other in one of so many figures. ValueError without a design, or for one that is 0."""
    if not arms:
        raise ValueError("an agreement needs a design")
    if any(min(one.first_ns, one.second_ns, one.swarm_ns) <= 0 for one in arms.values()):
        raise ValueError("a ratio needs figures above 0")
    noise = {name: math.log(one.second_ns / one.first_ns) for name, one in arms.items()}
    apart = {name: math.log(one.swarm_ns) - (math.log(one.first_ns) + math.log(one.second_ns)) / 2 for name, one in arms.items()}
    count = len(arms)
    variance = sum(value * value for value in noise.values()) / (2 * count)
    level = 1 - (1 - CONFIDENCE) / 2 / figures
    reach = float(stats.t.ppf(1 - (1 - level) / count, count)) * math.sqrt(1.5 * variance)
    mean_reach = float(stats.t.ppf(level, count)) * math.sqrt(1.5 * variance / count)
    return Agreement(
        {name: math.exp(value) for name, value in apart.items()},
        {name: math.exp(value) for name, value in noise.items()},
        math.exp(reach),
        tuple(name for name, value in apart.items() if abs(value) > reach),
        math.exp(sum(apart.values()) / count),
        math.exp(mean_reach),
    )


def differing(by_quantile: Sequence[Agreement]) -> list[str]:
    """The designs that are beyond the noise in any of these figures."""
    return sorted({name for one in by_quantile for name in one.beyond})
