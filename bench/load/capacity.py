"""The search for a capacity: the highest rate at which an objective is kept. Pure.

Rates are doubled, or halved, until one is kept and one is not; then the middle of the two, on a logarithmic scale, is tried. Noise
may make a probe wrong, so a miss that bounds the answer is tried once more, and a search is repeated from its beginning and its
answers are told with their spread.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

DOUBLINGS_MAX = 6
"""How often a rate is doubled or halved at most: a factor of 64 either way of where the search begins."""

APART_MAX = 1.5
"""Searches whose answers are further apart than this factor have found no capacity that a share could be taken of."""


@dataclass(frozen=True, slots=True)
class Probe:
    """One rate that was tried, and whether the objective was kept."""

    rate_per_s: float
    kept: bool


@dataclass(frozen=True, slots=True)
class Bracket:
    """What a search found: the highest rate that was kept below the lowest that was not; None for one that was not found."""

    kept_per_s: float | None
    missed_per_s: float | None


def bracket(probes: Sequence[Probe]) -> Bracket:
    """What these probes say. A rate that was kept above one that was missed does not count: a capacity is kept up to its rate.

    Of a rate that was tried twice the later trial counts.
    """
    last = {probe.rate_per_s: probe.kept for probe in probes}
    missed = min((rate for rate, kept in last.items() if not kept), default=None)
    below = [rate for rate, kept in last.items() if kept and (missed is None or rate < missed)]
    return Bracket(max(below, default=None), missed)


def next_rate(start_per_s: float, probes: Sequence[Probe], *, probes_max: int, resolution: float) -> float | None:
    """The rate to try next; None when the search is over.

    It is over when kept and missed are no further apart than `resolution` (0.05: 5 %), or after `probes_max` probes. A miss may be
    bad luck, and all that follows would stay below it: the first one, and the lowest one when the search is about to end, are tried
    once more before they are believed. No rate is tried more than twice.
    """
    if not probes:
        return start_per_s
    found = bracket(probes)
    if len(probes) >= probes_max:
        return None
    if found.missed_per_s is not None and _is_doubtful(found, probes, probes_max=probes_max, resolution=resolution):
        return found.missed_per_s
    if found.missed_per_s is None:
        highest = max(probe.rate_per_s for probe in probes)
        return highest * 2 if highest < start_per_s * 2**DOUBLINGS_MAX else None
    if found.kept_per_s is None:
        return found.missed_per_s / 2 if found.missed_per_s > start_per_s / 2**DOUBLINGS_MAX else None
    if found.missed_per_s / found.kept_per_s <= 1 + resolution:
        return None
    return math.sqrt(found.kept_per_s * found.missed_per_s)


def _is_doubtful(found: Bracket, probes: Sequence[Probe], *, probes_max: int, resolution: float) -> bool:
    """Whether the lowest miss, tried once, is to be tried again now."""
    if found.missed_per_s is None or sum(probe.rate_per_s == found.missed_per_s for probe in probes) > 1:
        return False
    if sum(not probe.kept for probe in probes) == 1 and not probes[-1].kept:
        return True
    close = found.kept_per_s is not None and found.missed_per_s / found.kept_per_s <= 1 + resolution
    return close or len(probes) == probes_max - 1


@dataclass(frozen=True, slots=True)
class Capacity:
    """The capacity of a variant over all searches: the median of what each kept, and the interval that holds all brackets.

    `low` is the lowest rate kept by any search, `high` the highest bound of any: None where a search met no limit. Searches
    that kept no rate at all count as 0. `apart` says, in words, that they do not agree; None where they do.
    """

    rate_per_s: float
    low_per_s: float
    high_per_s: float | None
    searches: int
    apart: str | None = None


def capacity(found: Sequence[Bracket]) -> Capacity:
    """The capacity from the brackets of all searches, at least one."""
    kept = sorted(one.kept_per_s or 0.0 for one in found)
    missed = [one.missed_per_s for one in found]
    middle = len(kept) // 2
    rate = kept[middle] if len(kept) % 2 else (kept[middle - 1] + kept[middle]) / 2
    high = None if None in missed else max(one for one in missed if one is not None)
    apart = f"its searches kept {kept[0]:,.0f} to {kept[-1]:,.0f} a second, more than {APART_MAX:g} times apart"
    return Capacity(rate, kept[0], high, len(found), apart if kept[-1] > APART_MAX * kept[0] else None)
