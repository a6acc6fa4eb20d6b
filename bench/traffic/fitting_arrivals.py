"""Arrivals fitted to a trace: two self-exciting kernels, the hours of the day of what comes by itself, the weekend. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

import numpy as np

from bench.traffic import timing
from bench.traffic.hawkes import excited_by
from bench.traffic.rooms import Floats, Rooms

DECAYS_S = (15.0, 30.0, 60.0, 120.0, 240.0, 600.0, 1_200.0, 2_400.0, 4_800.0, 9_600.0)
ROUNDS = 40
MESSAGES_MAX = 60_000
BRANCHING_MAX = 0.95
LEAST = 1e-3
FACTOR_MAX = 1_000.0
"""A weekend is at most so many times busier, or quieter, than other days."""

Kernels = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class _Fit:
    likelihood: float
    branching: tuple[float, ...]


def kernels(rooms: Rooms, messages_min: int) -> Kernels | None:
    """The pair of kernels, one for all channels, that makes their times most likely; None without a channel of that size.

    Each channel has an even rate of its own of what comes by itself. A kernel that calls forth next to nothing is left out.
    """
    chosen = rooms.largest(messages_min)
    chosen = chosen[: max(1, int(np.searchsorted(np.cumsum(rooms.messages[chosen]), MESSAGES_MAX, side="right")))]
    if not len(chosen):
        return None
    own = rooms.only(chosen)
    excited = {decay_s: excited_by(own, decay_s) / decay_s for decay_s in DECAYS_S}
    seen = {decay_s: _seen(own, decay_s) for decay_s in DECAYS_S}
    best = max(
        ((_fit(own, [excited[each] for each in pair], [seen[each] for each in pair]), pair) for pair in combinations(DECAYS_S, 2)),
        key=lambda found: found[0].likelihood,
    )
    together = sum(best[0].branching)
    shrunk = min(1.0, BRANCHING_MAX / together) if together else 1.0
    found = zip(best[0].branching, best[1], strict=True)
    return tuple((round(ratio * shrunk, 4), decay_s) for ratio, decay_s in found if ratio * shrunk > LEAST)


def _seen(rooms: Rooms, decay_s: float) -> float:
    """How many children, in units of the branching ratio, the messages had time for until the last one of their channel."""
    last = np.repeat(rooms.t_s[rooms.starts + rooms.messages - 1], rooms.messages)
    return max(1e-9, float(-np.expm1((rooms.t_s - last) / decay_s).sum()))


def _fit(rooms: Rooms, excited: list[Floats], seen: list[float]) -> _Fit:
    """Expectation and maximisation: whose child each message is, and what follows from that."""
    length_s = np.maximum(rooms.t_s[rooms.starts + rooms.messages - 1] - rooms.t_s[rooms.starts], 1e-3)
    base = 0.3 * rooms.messages / length_s
    branching = [0.7 / len(excited)] * len(excited)
    rate = np.empty(0)
    for _ in range(ROUNDS):
        own = np.repeat(base, rooms.messages)
        called = [ratio * each for ratio, each in zip(branching, excited, strict=True)]
        rate = own + np.sum(called, axis=0)
        base = np.add.reduceat(own / rate, rooms.starts) / length_s
        branching = [float((each / rate).sum()) / time for each, time in zip(called, seen, strict=True)]
    expected = float((base * length_s).sum()) + sum(ratio * time for ratio, time in zip(branching, seen, strict=True))
    return _Fit(float(np.log(rate).sum()) - expected, tuple(branching))


def hours_of_immigrants(shares: Floats, given: Kernels) -> tuple[float, ...]:
    """Weights of the hours, in percent, for what comes by itself, so that all messages together have these shares.

    What is called forth comes later: the rate of all is that of the immigrants, and, for each kernel, the rate before it, delayed.
    Weights never fall below a tenth of the even one, where noise would make them negative.
    """
    called = np.zeros(24)
    for ratio, decay_s in given:
        called += ratio * (_delayed(shares, decay_s))
    weights = np.maximum(shares - called, 0.1 / 24 * (1 - sum(ratio for ratio, _ in given)))
    return tuple(round(100 * float(weight), 2) for weight in weights / weights.sum())


def _delayed(shares: Floats, decay_s: float) -> Floats:
    """The shares of hours after an exponential delay, hours taken as even inside."""
    minutes = np.repeat(shares, 60)
    lags = np.arange(24 * 60 * 4)
    weights = np.exp(-lags * 60 / decay_s) * -np.expm1(-60 / decay_s)
    circular = np.bincount(lags % (24 * 60), weights=weights / weights.sum())
    delayed = np.fft.irfft(np.fft.rfft(minutes) * np.fft.rfft(circular), len(minutes))
    means: Floats = delayed.reshape(24, 60).mean(axis=1)
    return means


def weekend_factor(t_s: Floats) -> float | None:
    """The rate on a day of the weekend relative to another day, where there are two weeks of both; else None."""
    whole_weeks = int((t_s[-1] - t_s[0]) // (7 * timing.DAY_S))
    if whole_weeks < 2:
        return None
    inside = t_s[t_s < t_s[0] + whole_weeks * 7 * timing.DAY_S]
    share = timing.weekend_share(inside)
    return round(min(FACTOR_MAX, max(1 / FACTOR_MAX, (share / 2) / ((1 - share) / 5))), 3) if share < 1 else None
