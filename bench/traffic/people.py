"""The part of a trace that people wrote by hand: without automated accounts and without broadcast storms. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np

from bench.traffic.rooms import Flags, Ints
from workloads.trace import Trace

STORM_CHANNELS = 50
STORM_S = 900.0
"""A storm: one account writes into at least so many different channels within so many seconds."""


@dataclass(frozen=True, slots=True)
class Storm:
    """A broadcast by one account."""

    start_s: float
    length_s: float
    channels: int
    messages: int


def storms(trace: Trace) -> list[Storm]:
    """The broadcast storms of a trace, earliest first."""
    found = []
    for rows in _storms(trace):
        t_s = trace.t_s[rows]
        found.append(Storm(float(t_s[0]), float(t_s[-1] - t_s[0]), len(np.unique(trace.ch[rows])), len(rows)))
    return sorted(found, key=lambda storm: (storm.start_s, -storm.messages))


def people(trace: Trace) -> Trace:
    """The rows of people, without storms; a reply to a row that is left out answers nothing."""
    keep = ~trace.bot
    for rows in _storms(trace):
        keep[rows] = False
    return part(trace, keep)


def part(trace: Trace, keep: Flags) -> Trace:
    """Some rows of a trace; a reply to a row that is left out answers nothing."""
    place = np.cumsum(keep) - 1
    answered = trace.reply_to[keep]
    inside = answered >= 0
    inside[inside] = keep[answered[inside]]
    return replace(
        trace,
        t_s=trace.t_s[keep],
        ch=trace.ch[keep],
        u=trace.u[keep],
        text_bytes=trace.text_bytes[keep],
        reply_to=np.where(inside, place[np.maximum(answered, 0)], -1) if len(answered) else answered,
        bot=trace.bot[keep],
        annotated=None if trace.annotated is None else trace.annotated[keep],
    )


def _storms(trace: Trace) -> list[Ints]:
    """The rows of each storm."""
    user = np.unique(trace.u, return_inverse=True)[1]
    order = np.argsort(user, kind="stable")
    user, t_s = user[order], trace.t_s[order]
    ahead = STORM_CHANNELS - 1
    if len(order) <= ahead:
        return []
    # Only who writes so many rows within the time can reach so many channels.
    fast = (user[ahead:] == user[:-ahead]) & (t_s[ahead:] - t_s[:-ahead] <= STORM_S)
    found = []
    for account in np.unique(user[:-ahead][fast]):
        first, end = np.searchsorted(user, [account, account + 1])
        rows = order[first:end]
        inside = _within_storms(trace.t_s[rows], trace.ch[rows])
        places = np.flatnonzero(inside)
        apart = np.flatnonzero(np.diff(trace.t_s[rows[places]]) > STORM_S) + 1
        found += [rows[piece] for piece in np.split(places, apart) if len(piece)]
    return found


def _within_storms(t_s: np.ndarray[tuple[int], np.dtype[np.float64]], channel: Ints) -> Flags:
    """Which rows of one account lie in a span of `STORM_S` that holds `STORM_CHANNELS` different channels."""
    # Spans overlap: where they begin and end is counted, so that no row is marked more than once.
    changes = np.zeros(len(t_s) + 1, np.int64)
    ends = np.searchsorted(t_s, t_s + STORM_S, side="right").tolist()
    numbers = channel.tolist()
    held = Counter[int]()
    end = 0
    for start, until in enumerate(ends):
        held.update(numbers[end:until])
        end = until
        if len(held) >= STORM_CHANNELS:
            changes[start] += 1
            changes[until] -= 1
        held[numbers[start]] -= 1
        if not held[numbers[start]]:
            del held[numbers[start]]
    inside: Flags = np.cumsum(changes[:-1]) > 0
    return inside
