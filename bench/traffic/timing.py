"""When messages come: gaps in a channel, burstiness, sessions, hours of the day, peaks. Pure.

Burstiness B and memory M: K.-I. Goh and A.-L. Barabasi, Burstiness and memory in complex systems, EPL 81 (2008) 48002; M is taken
of the logarithms of gaps, since a few idle nights would else decide it.
"""

from __future__ import annotations

import numpy as np

from bench.traffic.rooms import Floats, Ints, Rooms

ROOM_MESSAGES = 500
"""A channel with so many messages tells its own timing."""
SESSION_GAP_S = 600.0
DAY_S, HOUR_S = 86_400.0, 3_600.0
RESOLUTIONS_S = (86_400.0, 3_600.0, 900.0, 300.0, 60.0, 30.0, 10.0, 5.0, 1.0)
BUSY_HOUR_MESSAGES = 50


def resolution_s(t_s: Floats) -> float:
    """How fine times are: the coarsest of `RESOLUTIONS_S` that (nearly) all are multiples of; else 1 ms."""
    for step in RESOLUTIONS_S:
        if np.ptp(t_s) > 0 and float(np.mean(t_s % step == 0)) >= 0.99:
            return step
    return 0.001


def gaps_s(rooms: Rooms) -> Floats:
    """Seconds from each message to the next one of its channel, channel after channel."""
    return np.diff(rooms.t_s)[rooms.follows]


def log_gaps(gaps: Floats, resolution: float) -> Floats:
    """Natural logarithms of gaps in seconds; a gap that is too short to be seen counts as half of what can be seen."""
    logs: Floats = np.log(np.maximum(gaps, resolution / 2))
    return logs


def burstiness(gaps: Floats) -> float | None:
    """(deviation - mean) / (deviation + mean) of gaps: -1 for a clock, 0 for independent arrivals, near 1 for bursts."""
    if len(gaps) < 2 or not gaps.max() > 0:
        return None
    return float((gaps.std() - gaps.mean()) / (gaps.std() + gaps.mean()))


def memory(logs: Floats) -> float | None:
    """The correlation of the logarithm of a gap with that of the next one."""
    if len(logs) < 3 or np.ptp(logs[:-1]) == 0 or np.ptp(logs[1:]) == 0:
        return None
    return float(np.corrcoef(logs[:-1], logs[1:])[0, 1])


def fano(t_s: Floats, window_s: float) -> float | None:
    """Variance over mean of the messages in windows from the first message to the last; 1 for independent arrivals."""
    if len(t_s) < 2:
        return None
    number = np.floor(t_s / window_s).astype(np.int64)
    windows = int(number[-1] - number[0]) + 1
    if windows < 2:
        return None
    counts = np.diff(np.flatnonzero(np.concatenate([[True], number[1:] != number[:-1], [True]])))
    mean = len(t_s) / windows
    return float(((counts.astype(np.float64) ** 2).sum() / windows - mean**2) / mean)


def of_median_room(values: list[float | None]) -> float | None:
    """The median over rooms of what they have."""
    there = [value for value in values if value is not None]
    return float(np.median(there)) if there else None


def session_sizes(rooms: Rooms) -> Ints:
    """Messages of each session: of a channel, with no gap above `SESSION_GAP_S`."""
    begins = np.concatenate([[True], ~rooms.follows | (np.diff(rooms.t_s) > SESSION_GAP_S), [True]])
    return np.diff(np.flatnonzero(begins))


def hour_shares(t_s: Floats) -> Floats:
    """The share of each of the 24 hours of the day."""
    hours = (np.floor(t_s / HOUR_S) % 24).astype(np.int64)
    shares: Floats = np.bincount(hours, minlength=24) / len(t_s)
    return shares


def weekend_share(t_s: Floats) -> float:
    """The share of Saturdays and Sundays, where second 0 is a Monday 00:00."""
    return float(np.mean(np.floor(t_s / DAY_S) % 7 >= 5))


def messages_per_day(t_s: Floats) -> Ints:
    """Messages of each day from the first one to the last one."""
    days = np.floor(t_s / DAY_S).astype(np.int64)
    return np.bincount(days - days.min()).astype(np.int64)


def most_within(t_s: Floats, window_s: float) -> int:
    """The most messages in any half-open span of this length; times are sorted."""
    return int((np.searchsorted(t_s, t_s + window_s, side="left") - np.arange(len(t_s))).max())


def most_within_one_room(rooms: Rooms, window_s: float) -> int:
    """The most messages of one channel in any half-open span of this length."""
    # Channels are laid behind each other in time, further apart than a span.
    first = rooms.t_s[rooms.starts]
    last = rooms.t_s[rooms.starts + rooms.messages - 1]
    length = last - first + 2 * window_s
    shift = np.cumsum(length) - length - first
    return most_within(rooms.t_s + np.repeat(shift, rooms.messages), window_s)


def hottest_shares(rooms: Rooms) -> Floats:
    """For every hour with at least `BUSY_HOUR_MESSAGES`, the share of its hottest channel."""
    hour = np.floor(rooms.t_s / HOUR_S).astype(np.int64)
    hours, number = np.unique(hour, return_inverse=True)
    pairs, messages = np.unique(number * len(rooms.messages) + rooms.channel, return_counts=True)
    own = pairs // len(rooms.messages)
    hottest = np.zeros(len(hours), np.int64)
    np.maximum.at(hottest, own, messages)
    together = np.bincount(number)
    busy = together >= BUSY_HOUR_MESSAGES
    shares: Floats = hottest[busy] / together[busy]
    return shares
