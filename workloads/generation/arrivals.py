"""When messages come, and into which channel: an endless stream, self-exciting or not, with hours of the day and weekends.

Some messages come by themselves (immigrants); each message calls forth others in its own channel, a Poisson number of them for
each kernel, each after an exponential time: A. G. Hawkes and D. Oakes, A cluster process representation of a self-exciting
process, Journal of Applied Probability 11 (1974) 493. Drawn by that representation the stream is exact, not a discretisation.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workloads.errors import InputError
from workloads.laws import Floats, cumulative, ranks

HOUR_S, DAY_HOURS, WEEK_HOURS = 3600.0, 24, 168
WEEK_S = WEEK_HOURS * HOUR_S
BATCH_ARRIVALS = 65_536
"""Mean arrivals that are drawn together: large enough for columns, small enough to stay in a processor's cache."""
WARM_CLUSTERS = 8.0
WARM_ARRIVALS_MAX = 1_000_000.0

Channels = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Kernel:
    """How one message calls forth others: `branching` of them on average, each after an exponential time of mean `decay_s`."""

    branching: float
    decay_s: float

    def __post_init__(self) -> None:
        if not 0 <= self.branching < 1:
            raise InputError(f"kernel: branching is {self.branching!r}: give a number from 0 to below 1")
        if not (math.isfinite(self.decay_s) and self.decay_s > 0):
            raise InputError(f"kernel: decay_s is {self.decay_s!r}: give seconds above 0")


@dataclass(frozen=True, slots=True)
class ArrivalLaw:
    """How messages come.

    Without kernels they are independent of each other (Poisson). `hour_shares` are 24 weights of the hours of the day for messages
    that come by themselves, None for an even day; `weekend_factor` is the rate on Saturday and Sunday relative to the other days.
    """

    kernels: tuple[Kernel, ...] = ()
    hour_shares: tuple[float, ...] | None = None
    weekend_factor: float = 1.0

    def __post_init__(self) -> None:
        if self.branching >= 1:
            raise InputError(f"kernels: their branching adds up to {self.branching:g}: it must stay below 1, or messages never end")
        if self.hour_shares is not None and len(self.hour_shares) != DAY_HOURS:
            raise InputError(f"hour_shares has {len(self.hour_shares)} numbers: give 24, one an hour")
        for name, weights in (("hour_shares", self.hour_shares or (1.0,)), ("weekend_factor", (self.weekend_factor,))):
            if not all(math.isfinite(weight) and weight >= 0 for weight in weights):
                raise InputError(f"{name} is {list(weights)}: give numbers from 0")
        if self.hour_shares is not None and not sum(self.hour_shares) > 0:
            raise InputError("hour_shares are all 0: give at least one above 0")

    @property
    def branching(self) -> float:
        """Messages that one message calls forth directly, on average."""
        return sum(kernel.branching for kernel in self.kernels)


@dataclass(frozen=True, slots=True, eq=False)
class Arrivals:
    """Messages in the order in which they come: seconds from a Monday 00:00, and the channel of each."""

    t_s: Floats
    channel: Channels

    def __len__(self) -> int:
        return len(self.t_s)

    def where(self, chosen: NDArray[np.bool_] | NDArray[np.int64]) -> Arrivals:
        """Some of them, by flags or in an order of places; a copy, so that a few do not hold all."""
        return Arrivals(self.t_s[chosen], self.channel[chosen])


def arrivals(law: ArrivalLaw, channel_shares: Floats, messages_per_s: float, rng: np.random.Generator) -> Iterator[Arrivals]:
    """An endless stream of blocks, none empty, none with a time before the end of the block that came before it.

    `messages_per_s` is the mean rate over all channels and over a week; `channel_shares` add up to 1. What came before second 0 is
    drawn too and left out, so that the rate is right from the start. At most what is still to come of a batch stays in memory.
    """
    if not (math.isfinite(messages_per_s) and messages_per_s > 0):
        raise InputError(f"messages_per_s is {messages_per_s!r}: give a number above 0")
    immigrants_per_s = messages_per_s * (1 - law.branching)
    batch = max(1, round(BATCH_ARRIVALS * (1 - law.branching)))
    edges = cumulative(channel_shares)
    week = _week(law)
    clock_s = -_warm_s(law, messages_per_s)
    waiting = Arrivals(np.empty(0), np.empty(0, np.int32))
    while True:
        steps_s = np.cumsum(rng.exponential(1 / immigrants_per_s, batch))
        own = Arrivals(_of_the_week(clock_s + steps_s, week), ranks(edges, batch, rng).astype(np.int32))
        clock_s += float(steps_s[-1])
        until_s = float(own.t_s[-1])
        drawn = _joined([waiting, *_families(own, law.kernels, rng)])
        # Whatever comes by itself from now on comes later than the last one that did.
        waiting = drawn.where(drawn.t_s >= until_s)
        block = drawn.where((drawn.t_s >= 0) & (drawn.t_s < until_s))
        if len(block):
            yield block.where(np.argsort(block.t_s, kind="stable"))


def _families(generation: Arrivals, kernels: tuple[Kernel, ...], rng: np.random.Generator) -> Iterator[Arrivals]:
    """Messages and all that they call forth, a generation at a time."""
    while len(generation):
        yield generation
        children = []
        for kernel in kernels:
            counts = rng.poisson(kernel.branching, len(generation))
            born_s = np.repeat(generation.t_s, counts)
            born_s += rng.exponential(kernel.decay_s, len(born_s))
            children.append(Arrivals(born_s, np.repeat(generation.channel, counts)))
        generation = _joined(children)


def _joined(parts: list[Arrivals]) -> Arrivals:
    if not parts:
        return Arrivals(np.empty(0), np.empty(0, np.int32))
    return Arrivals(np.concatenate([part.t_s for part in parts]), np.concatenate([part.channel for part in parts]))


def _warm_s(law: ArrivalLaw, messages_per_s: float) -> float:
    """Seconds before 0 from which messages are drawn: several times as long as a family goes on.

    A stream so dense that this would be more than `WARM_ARRIVALS_MAX` messages starts later.
    """
    if not law.kernels:
        return 0.0
    lasts_s = sum(kernel.branching * kernel.decay_s for kernel in law.kernels) / (1 - law.branching) ** 2
    return min(WARM_CLUSTERS * lasts_s, WARM_ARRIVALS_MAX / messages_per_s)


def _week(law: ArrivalLaw) -> Floats | None:
    """The second of an even week at which each hour of the real one begins, and its end; None where both are the same."""
    if law.hour_shares is None and law.weekend_factor == 1:
        return None
    day = np.ones(DAY_HOURS) if law.hour_shares is None else np.array(law.hour_shares)
    rates = np.concatenate([np.tile(day, 5), np.tile(day * law.weekend_factor, 2)])
    begins = np.concatenate([[0.0], np.cumsum(rates)])
    week: Floats = begins * (WEEK_S / begins[-1])
    return week


def _of_the_week(even_s: Floats, week: Floats | None) -> Floats:
    """The times at which a rate that changes from hour to hour has seen as much as an even rate at `even_s`."""
    if week is None:
        return even_s
    number = np.floor(even_s / WEEK_S)
    times_s: Floats = number * WEEK_S + np.interp(even_s - number * WEEK_S, week, np.arange(WEEK_HOURS + 1) * HOUR_S)
    return times_s
