"""Shares of a count, with Wilson's interval (E. B. Wilson, 1927), and how they are told. Pure."""

from __future__ import annotations

from scipy import stats

from bench.stats.ratio import CONFIDENCE, Interval


def proportion(hits: int, n: int) -> Interval:
    """The share `hits` of `n` with Wilson's interval at 95 %. Raises ValueError when there is nothing to divide by."""
    if n < 1 or not 0 <= hits <= n:
        raise ValueError(f"{hits} of {n} is no share")
    bounds = stats.binomtest(hits, n).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Interval(hits / n, float(bounds.low), float(bounds.high))


def told(hits: int, n: int) -> str:
    """The share in words: "3 of 20 (15 %, 5.2 to 36.0 %)"; for none the rule of three, "0 of 300, < 1 %"."""
    if n < 1:
        return "0 of 0"
    if hits == 0:
        # With none in n, 3/n bounds the share with 95 % confidence (Hanley and Lippman-Hand, 1983); below n = 3 it says nothing.
        return f"0 of {n}" if n <= 3 else f"0 of {n}, < {300 / n:.2g} %"
    share = proportion(hits, n)
    return f"{hits} of {n} ({100 * share.estimate:.3g} %, {100 * share.low:.1f} to {100 * share.high:.1f} %)"
