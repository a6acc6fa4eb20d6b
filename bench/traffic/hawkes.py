"""A self-exciting law of arrivals fitted to channels: one exponential kernel each, by maximum likelihood. Pure.

A. G. Hawkes, Spectra of some self-exciting and mutually exciting point processes, Biometrika 58 (1971) 83. A message calls
forth `branching` more of them on average, each after a time of mean `decay_s`; others come by themselves at an even rate.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.traffic.rooms import Floats, Rooms

DECAYS_S = np.geomspace(1.0, 86_400.0, 46)
ROUNDS = 40
MESSAGES_MAX = 300_000
"""Of a longer trace the largest rooms that have so many messages together are fitted."""
_GONE = 1e-18


@dataclass(frozen=True, slots=True)
class Excitation:
    """The median over channels of what was fitted to each of `channels`."""

    branching: float
    decay_s: float
    channels: int


def excitation(rooms: Rooms, messages_min: int) -> Excitation | None:
    """Kernel of the median channel with at least so many messages; None without one."""
    chosen = rooms.largest(messages_min)
    chosen = chosen[: max(1, int(np.searchsorted(np.cumsum(rooms.messages[chosen]), MESSAGES_MAX, side="right")))]
    if not len(chosen):
        return None
    branching, decay_s = fit(rooms.only(chosen))
    return Excitation(float(np.median(branching)), float(np.median(decay_s)), len(chosen))


def fit(rooms: Rooms) -> tuple[Floats, Floats]:
    """Branching ratio and decay of every channel: the best of a grid of decays, and what a parabola makes of its neighbours."""
    tried = [_best_branching(rooms, float(decay_s)) for decay_s in DECAYS_S]
    branching = np.array([each[0] for each in tried])
    likelihood = np.array([each[1] for each in tried])
    best = np.argmax(likelihood, axis=0)
    rooms_at = np.arange(likelihood.shape[1])
    middle = np.clip(best, 1, len(DECAYS_S) - 2)
    low, at, high = (likelihood[middle + step, rooms_at] for step in (-1, 0, 1))
    bend = low - 2 * at + high
    shift = np.where((bend < 0) & (middle == best), 0.5 * (low - high) / np.where(bend < 0, bend, -1.0), 0.0)
    step = np.log(DECAYS_S[1] / DECAYS_S[0])
    return branching[best, rooms_at], DECAYS_S[best] * np.exp(step * shift)


def _best_branching(rooms: Rooms, decay_s: float) -> tuple[Floats, Floats]:
    """For each channel the branching ratio with the highest likelihood at this decay, by expectation and maximisation."""
    last = rooms.t_s[rooms.starts + rooms.messages - 1]
    length_s = np.maximum(last - rooms.t_s[rooms.starts], 1e-3)
    excited = excited_by(rooms, decay_s) / decay_s
    # How many children a message would have had time for until the channel's last message.
    seen = np.add.reduceat(-np.expm1((rooms.t_s - np.repeat(last, rooms.messages)) / decay_s), rooms.starts)
    seen = np.maximum(seen, 1e-9)
    branching = np.full(len(rooms.messages), 0.5)
    base = 0.5 * rooms.messages / length_s
    for _ in range(ROUNDS):
        own = np.repeat(base, rooms.messages)
        chance = own / (own + np.repeat(branching, rooms.messages) * excited)
        alone = np.add.reduceat(chance, rooms.starts)
        base = alone / length_s
        branching = (rooms.messages - alone) / seen
    rate = np.repeat(base, rooms.messages) + np.repeat(branching, rooms.messages) * excited
    likelihood = np.add.reduceat(np.log(rate), rooms.starts) - base * length_s - branching * seen
    return branching, likelihood


def excited_by(rooms: Rooms, decay_s: float) -> Floats:
    """For each message the sum of exp(-age / decay) over the messages before it in its channel.

    r[i] = a[i] * (r[i-1] + 1) is composed in spans of 1, 2, 4, ... rows until what is still missing is too faint to be seen.
    """
    factor = np.zeros(len(rooms.t_s))
    factor[1:] = np.where(rooms.follows, np.exp(-np.maximum(np.diff(rooms.t_s), 0.0) / decay_s), 0.0)
    value = factor.copy()
    span = 1
    while span < len(factor) and factor.max() > _GONE:
        value[span:] += factor[span:] * value[:-span]
        factor[span:] *= factor[:-span].copy()
        factor[:span] = 0.0
        span *= 2
    return value
