"""Many comparisons at once. Pure."""

from __future__ import annotations

from collections.abc import Sequence

FAMILY_WISE = 0.05
"""How often a whole family of comparisons may tell at least one difference where there is none."""


def holm(p_values: Sequence[float]) -> list[float]:
    """The p-values, each corrected for all of them (Holm, A simple sequentially rejective multiple test procedure, 1979).

    Those at or below `FAMILY_WISE` are told; whatever depends on what, the chance of any false one is not above that.
    """
    adjusted = [1.0] * len(p_values)
    least = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        least = max(least, min(1.0, (len(p_values) - rank) * p_values[place]))
        adjusted[place] = least
    return adjusted
