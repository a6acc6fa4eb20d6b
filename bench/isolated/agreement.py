"""Whether instruments that each separate two designs put them into the same order. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations

from bench.results.isolated_schema import OrderOf, PairOrder

SAME, INVERTED, OPEN = "same", "inverted", "not separated by all"

Ask = Callable[[str, str], OrderOf | None]
"""How an instrument orders two designs; None when it has not measured both."""


def agreement(designs: Sequence[str], instruments: Mapping[str, Ask], figures: Callable[[str], str]) -> list[PairOrder]:
    """Every pair of designs that two instruments or more have measured, in the order of the designs.

    A pair is inverted as soon as two instruments that separate it differ in its order, whatever the others say; it has the same
    order when all separate it and agree. `figures` says what is known of a design, for inversions.
    """
    found = []
    for a, b in combinations(designs, 2):
        by = [order for ask in instruments.values() if (order := ask(a, b)) is not None]
        if len(by) < 2:
            continue
        whole = _order(by)
        told = [figures(a), figures(b)] if whole == INVERTED else []
        found.append(PairOrder(a=a, b=b, order=whole, by=by, figures=told))
    return found


def _order(by: Sequence[OrderOf]) -> str:
    if len({one.ratio > 1 for one in by if one.separated}) > 1:
        return INVERTED
    return SAME if all(one.separated for one in by) else OPEN
