"""Who writes after whom, and what is seen for the first time. Pure."""

from __future__ import annotations

import numpy as np

from bench.traffic.rooms import Flags, Floats, Ints, Rooms

LAST = 32
"""The messages that an agent of the real server reads before it answers."""


def same_author(rooms: Rooms) -> Flags:
    """For every message with one before it in its channel, whether both have one author."""
    same: Flags = (rooms.user[1:] == rooms.user[:-1])[rooms.follows]
    return same


def returns(rooms: Rooms) -> tuple[Flags, Ints]:
    """For every three messages in a row A, B, C of one channel with A != B != C: whether C is A; and the channel of each."""
    a, b, c = rooms.user[:-2], rooms.user[1:-1], rooms.user[2:]
    turn = rooms.follows[1:] & rooms.follows[:-1] & (a != b) & (b != c)
    return (a == c)[turn], rooms.channel[2:][turn]


def mean_of(flags: Flags) -> float | None:
    """The share of true ones; None where there are none at all."""
    return float(flags.mean()) if len(flags) else None


def distinct_authors(rooms: Rooms) -> Ints:
    """For every message with at least `LAST` - 1 before it in its channel: the authors of these and itself."""
    order = np.lexsort((rooms.place, rooms.user, rooms.channel))
    user, channel = rooms.user[order], rooms.channel[order]
    same = (user[1:] == user[:-1]) & (channel[1:] == channel[:-1])
    changes = np.zeros(len(order) + 1, np.int64)
    first_row = np.arange(len(order)) - rooms.place
    # Each author of a span is counted at the author's latest message in it: until the author writes again, or that falls out.
    after = np.full(len(order), np.iinfo(np.int64).max)
    after[order[:-1][same]] = rooms.place[order[1:][same]]
    until = np.minimum(np.minimum(after, rooms.place + LAST), rooms.messages[rooms.channel])
    np.add.at(changes, np.arange(len(order)), 1)
    np.add.at(changes, first_row + until, -1)
    inside = np.cumsum(changes[:-1])
    return inside[rooms.place >= LAST - 1]


def pairs(rooms: Rooms) -> tuple[Ints, Ints, Ints]:
    """Each (channel, user) that occurs: the channels, the users, and how many messages each pair has."""
    users = max(1, rooms.users)
    keys, messages = np.unique(rooms.channel * users + rooms.user, return_counts=True)
    return keys // users, keys % users, messages


def first_seen(rooms: Rooms) -> dict[str, float]:
    """Per message: new users, new (user, channel) pairs, new channels."""
    messages = len(rooms.user)
    return {
        "user": len(np.unique(rooms.user)) / messages,
        "pair": len(pairs(rooms)[0]) / messages,
        "channel": len(rooms.messages) / messages,
    }


def quantiles(values: Ints | Floats, *shares: float) -> tuple[float, ...] | None:
    """Quantiles of the values, interpolated; None where there are none."""
    return tuple(float(value) for value in np.quantile(values, shares)) if len(values) else None
