"""What may be said of a difference: found with a sign, too small to matter, or nothing. Pure.

Found: unlikely for identical code after the correction for its whole family (Holm), and larger than what the measurement can
detect, by its own standard error and by that of the A/A pair. Too small to matter: two one-sided tests (Schuirmann, 1987), here by
the printed 95 % interval inside of the smallest effect of interest on both sides, which asks for a little more than they do; and
only where the A/A pair would not hide an effect that large.
"""

from __future__ import annotations

import enum
import math

from bench.stats.ratio import Interval, LogRatio, noise
from bench.stats.several import FAMILY_WISE


class Verdict(enum.StrEnum):
    """The four things that a comparison may end in."""

    SLOWER = "slower"
    FASTER = "faster"
    NO_RELEVANT = "no relevant difference"
    OPEN = "~"


def hidden(interval: Interval, detectable: float) -> float:
    """The logarithm of the largest difference that an A/A pair hides, from its interval and what it detects, as a logarithm.

    A pair whose interval leaves out 1, although its two are the same, hides all that the interval reaches to.
    """
    return detectable if interval.low <= 1 <= interval.high else max(detectable, noise(interval))


def is_separated(found: LogRatio, p_value: float, hides: float = 0.0) -> bool:
    """Whether a difference is worth a sign. `p_value` is the corrected one, `hides` the logarithm that the A/A pair hides."""
    return p_value <= FAMILY_WISE and abs(found.log_ratio) > max(found.detectable, hides)


def is_equivalent(interval: Interval, smallest_effect: float, hides: float = 0.0) -> bool:
    """Whether all of the interval is nearer to 1 than the smallest effect of interest, a share such as 0.05.

    Never where the A/A pair hides more than that effect; `hides` is a logarithm.
    """
    bound = math.log1p(smallest_effect)
    return hides <= bound and -bound < math.log(interval.low) and math.log(interval.high) < bound


def verdict(interval: Interval, smallest_effect: float, hides: float = 0.0, *, separated: bool) -> Verdict:
    """A sign where there is one, else whether it could matter."""
    if separated:
        return Verdict.SLOWER if interval.estimate > 1 else Verdict.FASTER
    return Verdict.NO_RELEVANT if is_equivalent(interval, smallest_effect, hides) else Verdict.OPEN
