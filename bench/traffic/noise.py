"""How much a real trace differs from itself: rooms drawn again, and halves set against each other. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from bench.traffic import popularity, timing, turns
from bench.traffic.popularity import largest_difference
from bench.traffic.profile import distance_of
from bench.traffic.replies import antecedents
from bench.traffic.rooms import Floats, Ints, Rooms, rooms_of
from workloads.trace import Trace

DRAWS = 200
SHARE = 0.95
ROOM_SHARE = 0.9
SEED = 1
ROOMS_MIN = 2


@dataclass(frozen=True, slots=True)
class Floor:
    """`bootstrap` is what 95 % of the draws of rooms stay below; `halves` is the distance of the halves of rooms.

    Gaps of single rooms are not drawn: there `bootstrap` is what the halves of 90 % of rooms stay below, `halves` the median room.
    """

    bootstrap: float
    halves: float | None = None


def floors(own: Trace, rooms: Rooms, resolution_s: float, linked: Trace, without: Collection[str]) -> dict[str, Floor]:
    """The noise of every measure that is not left out, by the key of its limit.

    Rooms are drawn again with replacement, as many as there are; a distance is that of the draw to the trace, a value's noise its
    difference from the median draw.
    """
    rng = np.random.default_rng(SEED)
    found: dict[str, Floor] = {}
    # One room drawn again is the same room.
    if len(rooms.messages) < ROOMS_MIN:
        return found
    if "gaps" not in without or "fano_hour" not in without:
        found |= _of_timing(rooms, resolution_s, rng)
    if "new_user" not in without:
        found |= _of_shares(own, rooms, rng)
    if "antecedents" not in without:
        found["antecedents"] = _of_answers(linked, rng)
    return {key: floor for key, floor in found.items() if key not in without}


def _of_timing(rooms: Rooms, resolution_s: float, rng: np.random.Generator) -> dict[str, Floor]:
    large = rooms.largest(timing.ROOM_MESSAGES)
    times = [rooms.t_s[rooms.starts[room] : rooms.starts[room] + rooms.messages[room]] for room in large]
    gaps = [np.diff(each) for each in times]
    logs = [timing.log_gaps(each, resolution_s) for each in gaps]
    drawn = rng.integers(len(large), size=(DRAWS, len(large)))
    found = {"gaps": Floor(_pooled(logs, drawn), _halves_together(logs))}
    halves = [_halves(each) for each in logs]
    found["room_gaps"] = Floor(float(np.quantile(halves, ROOM_SHARE)), float(np.median(halves)))
    values = {
        "burstiness": [timing.burstiness(each) for each in gaps],
        "memory": [timing.memory(each) for each in logs],
        "fano_minute": [timing.fano(each, 60.0) for each in times],
        "fano_hour": [timing.fano(each, timing.HOUR_S) for each in times],
    }
    for key, of_rooms in values.items():
        there = np.array([np.nan if value is None else value for value in of_rooms])
        if not np.isnan(there).any():
            found[key] = Floor(_spread(np.median(there[drawn], axis=1)))
    return found


def _pooled(logs: list[Floats], drawn: Ints) -> float:
    together = np.sort(np.concatenate(logs))
    edges = np.unique(np.quantile(together, np.linspace(0, 1, 513)))
    below = np.array([np.searchsorted(np.sort(each), edges, side="right") for each in logs])
    weights = np.apply_along_axis(np.bincount, 1, drawn, minlength=len(logs))
    shares = weights @ below / (weights @ np.array([len(each) for each in logs]))[:, np.newaxis]
    all_shares = np.searchsorted(together, edges, side="right") / len(together)
    return float(np.quantile(np.abs(shares - all_shares).max(axis=1), SHARE))


def _halves_together(logs: list[Floats]) -> float:
    first = np.sort(np.concatenate([each[: len(each) // 2] for each in logs]))
    second = np.sort(np.concatenate([each[len(each) // 2 :] for each in logs]))
    return distance_of(first, second) or 0.0


def _halves(logs: Floats) -> float:
    middle = len(logs) // 2
    return distance_of(np.sort(logs[:middle]), np.sort(logs[middle:])) or 0.0


def _of_shares(own: Trace, rooms: Rooms, rng: np.random.Generator) -> dict[str, Floor]:
    channels = len(rooms.messages)
    pair_channels, pair_users, pair_messages = turns.pairs(rooms)
    lengths, length = np.unique(rooms.text_bytes, return_inverse=True)
    hour = rooms.channel * 24 + (np.floor(rooms.t_s / timing.HOUR_S) % 24).astype(np.int64)
    hours = np.bincount(hour, minlength=24 * channels).reshape(channels, 24)
    same = (rooms.user[1:] == rooms.user[:-1]) & rooms.follows
    same_of: Ints = np.bincount(rooms.channel[1:][same], minlength=channels)
    follow_of = np.bincount(rooms.channel[1:][rooms.follows], minlength=channels)
    returned, turn_channel = turns.returns(rooms)
    return_of = np.bincount(turn_channel[returned], minlength=channels)
    turn_of = np.bincount(turn_channel, minlength=channels)
    of_channels = popularity.cumulative_shares(rooms.messages)
    of_users = popularity.cumulative_shares(np.bincount(rooms.user))
    length_shares = np.cumsum(np.bincount(length)) / len(length)
    hour_shares = timing.hour_shares(own.t_s)
    found: dict[str, list[float]] = {key: [] for key in _SHARES}
    for _ in range(DRAWS):
        weight = np.bincount(rng.integers(channels, size=channels), minlength=channels)
        messages = int(weight @ rooms.messages)
        per_user = np.bincount(pair_users, weights=pair_messages * weight[pair_channels]).astype(np.int64)
        drawn_lengths = np.cumsum(np.bincount(length, weights=weight[rooms.channel])) / messages
        drawn_channels = np.repeat(rooms.messages, weight)
        found["channels"].append(largest_difference(of_channels, popularity.cumulative_shares(drawn_channels)))
        found["users"].append(largest_difference(of_users, popularity.cumulative_shares(per_user)))
        found["top_hundredth"].append(popularity.top_share(per_user, 0.01))
        found["bytes"].append(float(np.abs(drawn_lengths - length_shares).max()))
        found["bytes_p99"].append(float(lengths[np.count_nonzero(drawn_lengths < 0.99)]))
        found["same_author"].append(float(weight @ same_of) / max(1.0, float(weight @ follow_of)))
        found["returns"].append(float(weight @ return_of) / max(1.0, float(weight @ turn_of)))
        found["hours"].append(float(np.abs(weight @ hours / messages - hour_shares).max()))
        found["new_user"].append(np.count_nonzero(per_user) / messages)
        found["new_pair"].append(float(weight[pair_channels].sum()) / messages)
    return {
        key: Floor(float(np.quantile(values, SHARE)) if key in _DISTANCES else _spread(np.array(values)))
        for key, values in found.items()
    }


_DISTANCES = frozenset({"channels", "users", "bytes", "hours"})
_SHARES = (*sorted(_DISTANCES), "bytes_p99", "top_hundredth", "same_author", "returns", "new_user", "new_pair")


def _spread(draws: Floats) -> float:
    return float(np.quantile(np.abs(draws - np.median(draws)), SHARE))


def _of_answers(linked: Trace, rng: np.random.Generator) -> Floor:
    rooms = rooms_of(linked)
    replies = antecedents(linked, rooms, annotated_only=True)
    distances, distance = np.unique(replies.distance, return_inverse=True)
    all_shares = np.cumsum(np.bincount(distance, minlength=len(distances))) / len(distance)
    # Rooms without an answer would only thin out the draws.
    answered, channel = np.unique(replies.channel, return_inverse=True)
    errors = []
    for _ in range(DRAWS):
        weight = np.bincount(rng.integers(len(answered), size=len(answered)), minlength=len(answered))
        drawn = np.cumsum(np.bincount(distance, weights=weight[channel], minlength=len(distances)))
        errors.append(float(np.abs(drawn / drawn[-1] - all_shares).max()))
    return Floor(float(np.quantile(errors, SHARE)))
