"""Is synthetic traffic like real traffic? Eleven checks, with thresholds, and the noise that the real trace has itself. Pure.

p-values are of no use here: with 100,000 messages any two samples differ. A distance is read against the threshold and the noise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bench.traffic import carrying, noise
from bench.traffic.people import people
from bench.traffic.popularity import largest_difference
from bench.traffic.profile import Profile, distance_of, profile, timed_rooms
from bench.traffic.rooms import rooms_of
from bench.traffic.timing import resolution_s
from workloads.trace import Trace

POINTS_OF_ONE_KERNEL, POINTS_OF_MORE = 0.01, 0.025
"""How far the share of an hour may be off: two kernels make few, large clusters, which fall into fewer hours."""


KERNEL_MIN = 0.05
"""A kernel that causes fewer messages than this for each message does not count as one."""


def lasting(kernels: Sequence[tuple[float, float]]) -> int:
    """How many kernels, of branching ratio and decay, are more than a name."""
    return sum(branching >= KERNEL_MIN for branching, _ in kernels)


class Verdict(StrEnum):
    """What became of a check."""

    PASSED = "pass"
    FAILED = "FAIL"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, slots=True)
class Limit:
    """What a measure may be at the most: a distance itself, or a value's difference from the real one.

    `low` and `high` of a distance are 0 and the most; of a value what is added to the real value, or with `relative` what it is
    multiplied by.
    """

    number: int
    key: str
    name: str
    low: float
    high: float
    is_distance: bool = True
    relative: bool = False
    percent: bool = False


def limits(kernels: int) -> tuple[Limit, ...]:
    """The eleven checks; the number of kernels of the arrivals decides how far hours may be off."""
    points = POINTS_OF_ONE_KERNEL if kernels <= 1 else POINTS_OF_MORE
    return (
        Limit(1, "gaps", "gaps, all rooms together: distance", 0, 0.06),
        Limit(2, "room_gaps", "gaps, median room: distance", 0, 0.13),
        Limit(3, "burstiness", "burstiness B, median room", -0.17, 0.17, is_distance=False),
        Limit(3, "memory", "memory M, median room", -0.10, 0.10, is_distance=False),
        Limit(4, "fano_minute", "Fano factor of 60 s", 0.75, 1.25, is_distance=False, relative=True),
        Limit(4, "fano_hour", "Fano factor of 1 h", 0.6, 1.6, is_distance=False, relative=True),
        Limit(5, "bytes", "length of text: distance", 0, 0.03),
        Limit(5, "bytes_p99", "length of text, p99 in bytes", 0.85, 1.15, is_distance=False, relative=True),
        Limit(6, "channels", "cumulative share of channels: error", 0, 0.05),
        Limit(6, "users", "cumulative share of users: error", 0, 0.10),
        Limit(7, "top_hundredth", "share of the top 1 % of users", -0.05, 0.05, is_distance=False, percent=True),
        Limit(8, "same_author", "P(same author)", -0.03, 0.03, is_distance=False),
        Limit(8, "returns", "P(A B A)", -0.06, 0.06, is_distance=False),
        Limit(9, "antecedents", "distance of the answered message: error", 0, 0.02),
        Limit(10, "hours", "hour of day, share: error", 0, points, percent=True),
        Limit(11, "new_user", "new users per message", 0.75, 1.25, is_distance=False, relative=True, percent=True),
        Limit(11, "new_pair", "new (user, channel) per message", 0.75, 1.25, is_distance=False, relative=True, percent=True),
    )


@dataclass(frozen=True, slots=True)
class Check:
    """One line of a check: what was measured on each seed, and what may be.

    `real` is None for a distance, and where the trace cannot carry the check; then `reason` says why. A seed that has nothing to
    measure has None. `floor` is the noise of the real trace itself, in the same unit as the measure (for a value: plus and minus);
    `halves` is the same by setting halves of the trace against each other, where that was done.
    """

    limit: Limit
    real: float | None
    low: float
    high: float
    measured: tuple[float | None, ...]
    floor: float | None
    halves: float | None
    reason: str | None

    @property
    def median(self) -> float | None:
        """The median over seeds; None where a seed has nothing to measure."""
        there = [value for value in self.measured if value is not None]
        return float(np.median(there)) if there and len(there) == len(self.measured) else None

    @property
    def verdict(self) -> Verdict:
        """Whether the median is within the limits."""
        if self.reason is not None:
            return Verdict.NOT_APPLICABLE
        median = self.median
        return Verdict.PASSED if median is not None and self.low <= median <= self.high else Verdict.FAILED


@dataclass(frozen=True, slots=True, eq=False)
class Yardstick:
    """What synthetic traces are measured against: the real trace's people, and the annotated trace's."""

    real: Profile
    annotated: Profile | None
    resolution_s: float
    timed_rooms: int
    reasons: Mapping[str, str]
    floors: Mapping[str, noise.Floor]

    @property
    def carries_nothing(self) -> bool:
        """Whether the real trace can carry none of the checks."""
        return {limit.key for limit in limits(1)} <= self.reasons.keys()


def yardstick(real: Trace, annotated: Trace | None) -> Yardstick:
    """The real side of all checks; `annotated` is the trace with the reply links, the real one itself where None is given."""
    own = people(real)
    resolution = resolution_s(real.t_s)
    linked = annotated if annotated is not None else real
    linked_own = people(linked) if linked is not real else own
    reasons = carrying.reasons(own, resolution, linked_own)
    rooms = rooms_of(own)
    count = timed_rooms(rooms)
    return Yardstick(
        real=profile(own, resolution, count),
        annotated=None if "antecedents" in reasons else profile(linked_own, resolution, 0, annotated_only=True),
        resolution_s=resolution,
        timed_rooms=count,
        reasons=reasons,
        floors=noise.floors(own, rooms, resolution, linked_own, reasons),
    )


def measure(stick: Yardstick, synthetic: Trace) -> dict[str, float | None]:
    """All measures of one synthetic trace by the key of their limit; None where it has nothing to measure."""
    own = profile(people(synthetic), stick.resolution_s, stick.timed_rooms)
    real = stick.real
    room_gaps = [distance_of(mine, theirs) for mine, theirs in zip(real.room_logs, own.room_logs, strict=False)]
    there = [value for value in room_gaps if value is not None]
    return {
        "gaps": distance_of(real.all_logs, own.all_logs),
        "room_gaps": float(np.median(there)) if there else None,
        "burstiness": own.burstiness,
        "memory": own.memory,
        "fano_minute": own.fano_minute,
        "fano_hour": own.fano_hour,
        "bytes": distance_of(real.text_bytes, own.text_bytes),
        "bytes_p99": float(np.quantile(own.text_bytes, 0.99)),
        "channels": largest_difference(real.channel_shares, own.channel_shares),
        "users": largest_difference(real.user_shares, own.user_shares),
        "top_hundredth": own.top_hundredth,
        "same_author": own.same_author,
        "returns": own.returns,
        "antecedents": None if stick.annotated is None else _antecedents(stick.annotated, own),
        "hours": float(np.abs(real.hours - own.hours).max()),
        "new_user": own.new_user,
        "new_pair": own.new_pair,
    }


def _antecedents(annotated: Profile, own: Profile) -> float | None:
    """Answers that have as many messages before them as the annotated ones, which cannot lie further back than the channel goes."""
    return distance_of(annotated.distances, own.distances[own.places >= annotated.places.min()])


def checks(stick: Yardstick, measured: Sequence[Mapping[str, float | None]], kernels: int) -> list[Check]:
    """The lines of all eleven checks, from what was measured on each seed."""
    return [_check(stick, limit, [values[limit.key] for values in measured]) for limit in limits(kernels)]


def _check(stick: Yardstick, limit: Limit, measured: Sequence[float | None]) -> Check:
    reason = stick.reasons.get(limit.key)
    if reason is not None:
        return Check(limit, None, 0.0, 0.0, (), None, None, reason)
    floor = stick.floors.get(limit.key)
    real = None if limit.is_distance else _value(stick.real, limit.key)
    low, high = limit.low, limit.high
    if real is not None:
        low, high = (real * low, real * high) if limit.relative else (real + low, real + high)
    return Check(
        limit,
        real,
        low,
        high,
        tuple(measured),
        None if floor is None else floor.bootstrap,
        None if floor is None else floor.halves,
        None,
    )


def _value(real: Profile, key: str) -> float:
    values = {
        "burstiness": real.burstiness,
        "memory": real.memory,
        "fano_minute": real.fano_minute,
        "fano_hour": real.fano_hour,
        "bytes_p99": float(np.quantile(real.text_bytes, 0.99)),
        "top_hundredth": real.top_hundredth,
        "same_author": real.same_author,
        "returns": real.returns,
        "new_user": real.new_user,
        "new_pair": real.new_pair,
    }
    value = values[key]
    if value is None:
        raise AssertionError(f"{key}: the trace was taken to carry it, and does not")
    return value


def check(real: Trace, synthetic: Sequence[Trace], annotated: Trace | None = None, *, kernels: int = 2) -> list[Check]:
    """All checks of some synthetic traces, one for each seed, against a real one."""
    stick = yardstick(real, annotated)
    return checks(stick, [measure(stick, each) for each in synthetic], kernels)
