"""The part of a trace's statistics that two traces are compared by. Pure; small, so that it travels between processes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.traffic import popularity, timing, turns
from bench.traffic.replies import antecedents
from bench.traffic.rooms import Floats, Ints, Rooms, rooms_of
from workloads.trace import Trace


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Profile:
    """What people's rows are like.

    `room_logs` are the sorted logarithms of gaps of each timed room, the largest first, `all_logs` those of all of them together.
    Lengths are sorted; cumulative shares are by rank; `distances` of answers are sorted, and `places` says in the same order how
    many messages of the channel came before the answer.
    """

    messages: int
    room_logs: tuple[Floats, ...]
    all_logs: Floats
    burstiness: float | None
    memory: float | None
    fano_minute: float | None
    fano_hour: float | None
    text_bytes: Ints
    channel_shares: Floats
    user_shares: Floats
    top_hundredth: float
    same_author: float | None
    returns: float | None
    distances: Ints
    places: Ints
    hours: Floats
    new_user: float
    new_pair: float


def profile(trace: Trace, resolution_s: float, timed_rooms: int, *, annotated_only: bool = False) -> Profile:
    """The profile of people's rows, with times seen as finely as `resolution_s`, and timing of so many of the largest rooms."""
    rooms = rooms_of(trace)
    timed = rooms.largest(2)[:timed_rooms]
    times = [seen(rooms.t_s[rooms.starts[room] : rooms.starts[room] + rooms.messages[room]], resolution_s) for room in timed]
    gaps = [np.diff(each) for each in times]
    logs = [timing.log_gaps(each, resolution_s) for each in gaps]
    replies = antecedents(trace, rooms, annotated_only=annotated_only)
    order = np.argsort(replies.distance, kind="stable")
    per_user = np.bincount(rooms.user)
    new = turns.first_seen(rooms)
    return Profile(
        messages=len(trace),
        room_logs=tuple(np.sort(each) for each in logs),
        all_logs=np.sort(np.concatenate(logs)) if logs else np.empty(0),
        burstiness=timing.of_median_room([timing.burstiness(each) for each in gaps]),
        memory=timing.of_median_room([timing.memory(each) for each in logs]),
        fano_minute=timing.of_median_room([timing.fano(each, 60.0) for each in times]),
        fano_hour=timing.of_median_room([timing.fano(each, timing.HOUR_S) for each in times]),
        text_bytes=np.sort(trace.text_bytes),
        channel_shares=popularity.cumulative_shares(rooms.messages),
        user_shares=popularity.cumulative_shares(per_user),
        top_hundredth=popularity.top_share(per_user, 0.01),
        same_author=turns.mean_of(turns.same_author(rooms)),
        returns=turns.mean_of(turns.returns(rooms)[0]),
        distances=replies.distance[order],
        places=replies.place[order],
        hours=timing.hour_shares(trace.t_s),
        new_user=new["user"],
        new_pair=new["pair"],
    )


def seen(t_s: Floats, resolution_s: float) -> Floats:
    """Times as a clock of this resolution tells them."""
    if resolution_s <= 0.001:
        return t_s
    told: Floats = np.floor(t_s / resolution_s) * resolution_s
    return told


def timed_rooms(rooms: Rooms) -> int:
    """How many rooms have enough messages to be compared in their timing."""
    return len(rooms.largest(timing.ROOM_MESSAGES))


def distance_of(first: Floats | Ints, second: Floats | Ints) -> float | None:
    """The Kolmogorov-Smirnov distance of two sorted samples; None where one is empty."""
    if not len(first) or not len(second):
        return None
    at = np.concatenate([first, second])
    below_first = np.searchsorted(first, at, side="right") / len(first)
    below_second = np.searchsorted(second, at, side="right") / len(second)
    return float(np.abs(below_first - below_second).max())
