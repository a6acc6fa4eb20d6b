"""At which rates a variant is measured below its capacity. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bench.load.purposes import RATE, SHARE
from bench.streams import Stream, generator


@dataclass(frozen=True, slots=True)
class Level:
    """One rate: a share of the own capacity in percent, or the same rate for all. `schedule` seeds its due times."""

    purpose: str
    percent: int | None
    rate_per_s: float
    schedule: int


def planned(
    capacity_per_s: Mapping[str, float],
    variant: str,
    percents: Sequence[int],
    rates: Sequence[float],
    *,
    seed: int,
    repeat: int,
    own_shares: bool = True,
) -> list[Level]:
    """The levels of a variant in the order of one repeat; capacities are of all variants of the run.

    Equal rates come first and in the same order for all variants, so that at each of them all have the same operations due at the
    same times; then shares, in random order. A variant without a capacity has no shares, nor one whose
    searches do not agree on it (`own_shares`). Unless `rates` says them, equal rates are
    the shares of the lowest capacity above 0.
    """
    rng = generator(seed, Stream.LOAD_LEVELS, repeat)
    slowest = min((rate for rate in capacity_per_s.values() if rate > 0), default=0.0)
    equal = list(rates) or [slowest * percent / 100 for percent in percents]
    own = capacity_per_s.get(variant, 0.0)
    found = [Level(RATE, None, rate, place) for place, rate in enumerate(equal) if rate > 0]
    shares = [Level(SHARE, percent, own * percent / 100, 1_000 + percent) for percent in percents if own_shares and own > 0]
    return [found[int(place)] for place in rng.permutation(len(found))] + [
        shares[int(place)] for place in rng.permutation(len(shares))
    ]
