"""How often something happened: k of n, with bounds, and two such shares against each other. Pure.

Bounds are of a sample. A census, such as every message of an operation cut once, has no sampling error: tell it as k of N.
"""

from __future__ import annotations

import math

from scipy import stats

from bench.stats.ratio import CONFIDENCE, Interval

EXPOSURES_MIN = 30
"""With fewer than this a share is not told: three of three shows that a thing can happen, not how often."""


def wilson(k: int, n: int, level: float = CONFIDENCE) -> tuple[float, float]:
    """Bounds of a share by Wilson's score (Probable inference, 1927): what is shown. Without an exposure they are 0 and 1."""
    _check(k, n, level)
    if n == 0:
        return 0.0, 1.0
    z = float(stats.norm.ppf((1 + level) / 2))
    share = k / n
    centre = share + z * z / (2 * n)
    reach = z * math.sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    whole = 1 + z * z / n
    # At the ends the two terms are equal, and only rounding would keep them apart.
    return 0.0 if k == 0 else (centre - reach) / whole, 1.0 if k == n else (centre + reach) / whole


def rule_of_three(n: int) -> float:
    """With 95 % confidence the share lies below this when it was never seen in n; 1 where n is too small to say anything.

    Hanley and Lippman-Hand, If nothing goes wrong, is everything all right?, 1983.
    """
    _check(0, n, CONFIDENCE)
    return min(1.0, 3 / n) if n else 1.0


def newcombe(k: int, n: int, other_k: int, other_n: int, level: float = CONFIDENCE) -> Interval:
    """The first share less the second one, both independent (Newcombe, Interval estimation for the difference, 1998, method 10).

    Raises `ValueError` where one of them has no exposure.
    """
    share, other = _share(k, n), _share(other_k, other_n)
    low, high = wilson(k, n, level)
    other_low, other_high = wilson(other_k, other_n, level)
    estimate = share - other
    return Interval(
        estimate,
        estimate - math.hypot(share - low, other_high - other),
        estimate + math.hypot(high - share, other - other_low),
    )


def told(k: int, n: int) -> str:
    """A share as it is told: "89 of 200, 44.5 % [37.8 %, 51.4 %]", "0 of 200, < 3/200 (1.5 %)", "3 of 3, too few for a rate".

    A zero is told by what it excludes, however few they are, as long as that is less than everything.
    """
    _check(k, n, CONFIDENCE)
    if n == 0:
        return "no exposure"
    if n < EXPOSURES_MIN:
        excluded = f", < 3/{n}" if k == 0 and rule_of_three(n) < 1 else ""
        return f"{k} of {n}{excluded}, too few for a rate"
    if k == 0:
        return f"0 of {n}, < 3/{n} ({_percent(rule_of_three(n))})"
    low, high = wilson(k, n)
    return f"{k} of {n}, {_percent(k / n)} [{_percent(low)}, {_percent(high)}]"


def _percent(share: float) -> str:
    """One decimal, more where a share is so small that it would read as 0."""
    decimals = 1 if share == 0 or share >= 0.01 else min(6, 1 - math.floor(math.log10(100 * share)))
    return f"{100 * share:.{decimals}f} %"


def _share(k: int, n: int) -> float:
    _check(k, n, CONFIDENCE)
    if n == 0:
        raise ValueError("a difference needs an exposure on both sides")
    return k / n


def _check(k: int, n: int, level: float) -> None:
    if not 0 <= k <= n:
        raise ValueError(f"{k} of {n} is no share")
    if not 0 < level < 1:
        raise ValueError(f"a level lies between 0 and 1, not at {level}")
