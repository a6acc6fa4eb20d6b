"""Which checks a trace can carry, and why not the others. Pure."""

from __future__ import annotations

import numpy as np

from bench.spans import resolution
from bench.traffic import timing, turns
from bench.traffic.rooms import Rooms, rooms_of
from workloads.trace import Trace

ROOMS_MIN = 20
MESSAGES_MIN = 1_000
USERS_MIN = 100
DAYS_MIN = 7
WINDOWS_MIN = 24
COARSE_S = 30.0
"""Times no finer than this carry no gaps between messages."""


def reasons(own: Trace, resolution_s: float, linked: Trace) -> dict[str, str]:
    """Why people's rows of a trace cannot carry a check, by the key of its limit; `linked` is the trace with the reply links."""
    found: dict[str, str] = {}
    found |= dict.fromkeys(_ALL, f"{len(own):,} messages of people: {MESSAGES_MIN:,} are needed") if len(own) < MESSAGES_MIN else {}
    if not found:
        rooms = rooms_of(own)
        found |= _of_timing(rooms, resolution_s)
        found |= _of_shares(own, rooms)
    answer = _of_answers(linked, is_own=linked is own)
    if answer is None:
        found.pop("antecedents", None)
    else:
        found["antecedents"] = answer
    return found


_ROOM_KEYS = ("gaps", "room_gaps", "burstiness", "memory", "fano_minute", "fano_hour")
_ALL = (
    *_ROOM_KEYS,
    *("bytes", "bytes_p99", "channels", "users", "top_hundredth", "same_author", "returns", "hours", "new_user", "new_pair"),
)


def _of_timing(rooms: Rooms, resolution_s: float) -> dict[str, str]:
    large = rooms.largest(timing.ROOM_MESSAGES)
    if len(large) < ROOMS_MIN:
        have = f"{len(large)} {'room has' if len(large) == 1 else 'rooms have'} {timing.ROOM_MESSAGES} messages"
        return dict.fromkeys(_ROOM_KEYS, f"{have}: {ROOMS_MIN} are needed")
    found: dict[str, str] = {}
    if resolution_s >= COARSE_S:
        found |= dict.fromkeys(_ROOM_KEYS[:5], f"times are whole {_spoken(resolution_s)}")
    lengths_s = rooms.t_s[rooms.starts[large] + rooms.messages[large] - 1] - rooms.t_s[rooms.starts[large]]
    if resolution_s >= timing.HOUR_S:
        found["fano_hour"] = f"times are whole {_spoken(resolution_s)}"
    elif float(np.median(lengths_s)) < WINDOWS_MIN * timing.HOUR_S:
        found["fano_hour"] = f"the median room lasts less than {WINDOWS_MIN} h"
    for key, window_s in (("fano_minute", 60.0), ("fano_hour", timing.HOUR_S)):
        if key not in found and not timing.of_median_room([timing.fano(_times(rooms, room), window_s) for room in large]):
            found[key] = f"the median room has no two windows of {window_s:g} s"
    gaps = [np.diff(_times(rooms, room)) for room in large]
    if "burstiness" not in found and timing.of_median_room([timing.burstiness(each) for each in gaps]) is None:
        found["burstiness"] = "all messages of a room have the same time"
    logs = [timing.log_gaps(each, resolution_s) for each in gaps]
    if "memory" not in found and timing.of_median_room([timing.memory(each) for each in logs]) is None:
        found["memory"] = "all gaps of a room are alike"
    return found


def _of_shares(own: Trace, rooms: Rooms) -> dict[str, str]:
    found: dict[str, str] = {}
    if not own.text_bytes.any():
        found |= dict.fromkeys(("bytes", "bytes_p99"), "no message has a length")
    if len(rooms.messages) < ROOMS_MIN:
        found["channels"] = f"{len(rooms.messages)} channels: {ROOMS_MIN} are needed"
    if rooms.users < USERS_MIN:
        found |= dict.fromkeys(("users", "top_hundredth"), f"{rooms.users} users: {USERS_MIN} are needed")
    if len(turns.same_author(rooms)) < MESSAGES_MIN:
        found["same_author"] = f"too few messages follow another one: {MESSAGES_MIN:,} are needed"
    if len(turns.returns(rooms)[0]) < MESSAGES_MIN:
        found["returns"] = f"too few changes of author: {MESSAGES_MIN:,} are needed"
    days = float(own.t_s[-1] - own.t_s[0]) / timing.DAY_S
    if days < DAYS_MIN:
        found["hours"] = f"it lasts {days:.1f} days: {DAYS_MIN} are needed"
    return found


def _of_answers(linked: Trace, *, is_own: bool) -> str | None:
    if linked.annotated is None or not linked.annotated.any():
        if is_own:
            return "reply links may be inferred; give --annotated TRACE"
        return f"no row of {linked.name} is annotated, its reply links may be inferred"
    answers = int(np.count_nonzero(linked.annotated & (linked.reply_to >= 0)))
    return f"{answers:,} annotated answers: {MESSAGES_MIN:,} are needed" if answers < MESSAGES_MIN else None


def _times(rooms: Rooms, room: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    return rooms.t_s[rooms.starts[room] : rooms.starts[room] + rooms.messages[room]]


def _spoken(step_s: float) -> str:
    return {60.0: "minutes", 3_600.0: "hours", 86_400.0: "days"}.get(step_s, f"multiples of {resolution(step_s)}")
