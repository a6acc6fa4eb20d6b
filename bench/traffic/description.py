"""What a trace is like: every statistic that it can carry, of all its rows and of people's alone. Pure.

A value that a trace cannot carry is None: times in whole minutes have no gaps, a trace without replies has no distances.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from bench.traffic import popularity, timing, turns
from bench.traffic.carrying import COARSE_S
from bench.traffic.hawkes import Excitation, excitation
from bench.traffic.people import Storm, people, storms
from bench.traffic.popularity import ZipfMandelbrot
from bench.traffic.replies import antecedents, received
from bench.traffic.rooms import Floats, Rooms, rooms_of
from bench.traffic.turns import quantiles
from workloads.trace import Trace

Values = tuple[float, ...] | None

ROOM_TAIL = 10
USER_TAIL = 30
ANSWER_S = 10.0
"""A bot's message that follows a person's within this time is taken for its answer."""
OWN_GAP_S = (30.0, 3_600.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Statistics of some rows of a trace; shares are from 0 to 1, times in seconds.

    Timing is that of the median room with at least `timing.ROOM_MESSAGES` messages, of which there are `timed_rooms`; `own_gap` is
    the exponent of a power law over the gaps of one user in one channel.
    """

    messages: int
    channels: int
    users: int
    length_s: float
    top_channel: float
    top_tenth: float
    channel_zipf: ZipfMandelbrot | None
    channel_zipf_tail: ZipfMandelbrot | None
    channel_zipf_mandelbrot: ZipfMandelbrot | None
    user_messages: Values
    user_zipf: ZipfMandelbrot | None
    user_tail: float | None
    top_hundredth: float
    single: float
    channel_users: Values
    channels_per_user: float
    text_bytes: Values
    mean_bytes: float
    gaps_s: Values
    timed_rooms: int
    burstiness: float | None
    memory: float | None
    fano_minute: float | None
    fano_hour: float | None
    fano_day: float | None
    excitation: Excitation | None
    own_gap: float | None
    same_author: float | None
    returns: float | None
    distinct_authors: Values
    session_mean: float
    session_p99: float
    session_single: float
    answers: float
    distance: Values
    within_last: float | None
    received: Values
    to_self: float | None
    peak_hour: float
    trough_hour: float
    weekend: float
    new_user: float
    new_pair: float
    new_channel: float
    most_in_hour: int
    most_in_day: int
    most_in_room_minute: int | None
    most_in_room_second: int | None
    hottest: Values
    busy_hours: int


@dataclass(frozen=True, slots=True)
class Description:
    """A trace: all rows, and `people` those without bots and storms; None where no people's row is there."""

    name: str
    resolution_s: float
    annotated: int | None
    bots: float
    bot_lag_s: Values
    storms: tuple[Storm, ...]
    all: Traffic
    people: Traffic | None


def describe(trace: Trace) -> Description:
    """All statistics of a trace with at least one row."""
    resolution = timing.resolution_s(trace.t_s)
    own = people(trace)
    everything = _traffic(trace, resolution)
    return Description(
        name=trace.name,
        resolution_s=resolution,
        annotated=None if trace.annotated is None else int(trace.annotated.sum()),
        bots=float(trace.bot.mean()),
        bot_lag_s=None if resolution >= COARSE_S else _bot_lag_s(trace),
        storms=tuple(storms(trace)),
        all=everything,
        people=everything if len(own) == len(trace) else _traffic(own, resolution) if len(own) else None,
    )


def _traffic(trace: Trace, resolution: float) -> Traffic:
    rooms = rooms_of(trace)
    per_user = np.bincount(rooms.user)
    pair_channels, pair_users, _ = turns.pairs(rooms)
    replies = antecedents(trace, rooms, annotated_only=trace.annotated is not None and bool(trace.annotated.any()))
    sizes = timing.session_sizes(rooms)
    hours = timing.hour_shares(trace.t_s)
    new = turns.first_seen(rooms)
    hottest = timing.hottest_shares(rooms)
    fine = resolution < COARSE_S
    timed = rooms.largest(timing.ROOM_MESSAGES)
    times = [rooms.t_s[rooms.starts[room] : rooms.starts[room] + rooms.messages[room]] for room in timed]
    gaps = [np.diff(each) for each in times] if fine else []
    return Traffic(
        messages=len(trace),
        channels=len(rooms.messages),
        users=rooms.users,
        length_s=float(trace.t_s[-1] - trace.t_s[0]),
        top_channel=float(rooms.messages.max() / len(trace)),
        top_tenth=popularity.top_share(rooms.messages, 0.1),
        channel_zipf=popularity.zipf(rooms.messages),
        channel_zipf_tail=popularity.zipf(rooms.messages[rooms.messages >= ROOM_TAIL]),
        channel_zipf_mandelbrot=popularity.zipf_mandelbrot(rooms.messages),
        user_messages=quantiles(per_user, 0.5, 0.9, 0.99),
        user_zipf=popularity.zipf(per_user),
        user_tail=popularity.tail_exponent(per_user, USER_TAIL),
        top_hundredth=popularity.top_share(per_user, 0.01),
        single=float(np.mean(per_user == 1)),
        channel_users=quantiles(np.bincount(pair_channels), 0.5, 0.9, 0.99),
        channels_per_user=len(pair_users) / rooms.users,
        text_bytes=quantiles(trace.text_bytes, 0.5, 0.9, 0.99, 0.999),
        mean_bytes=float(trace.text_bytes.mean()),
        gaps_s=quantiles(timing.gaps_s(rooms), 0.25, 0.5, 0.75, 0.9, 0.99) if fine else None,
        timed_rooms=len(timed),
        burstiness=timing.of_median_room([timing.burstiness(each) for each in gaps]),
        memory=timing.of_median_room([timing.memory(timing.log_gaps(each, resolution)) for each in gaps]),
        fano_minute=timing.of_median_room([timing.fano(each, 60.0) for each in times]) if resolution <= 60 else None,
        fano_hour=timing.of_median_room([timing.fano(each, timing.HOUR_S) for each in times]) if resolution <= 3_600 else None,
        fano_day=timing.of_median_room([timing.fano(each, timing.DAY_S) for each in times]),
        excitation=excitation(rooms, timing.ROOM_MESSAGES) if fine else None,
        own_gap=_own_gap(rooms) if fine else None,
        same_author=turns.mean_of(turns.same_author(rooms)),
        returns=turns.mean_of(turns.returns(rooms)[0]),
        distinct_authors=quantiles(turns.distinct_authors(rooms), 0.1, 0.5, 0.9),
        session_mean=float(sizes.mean()),
        session_p99=float(np.quantile(sizes, 0.99)),
        session_single=float(np.mean(sizes == 1)),
        answers=replies.share or 0.0,
        distance=quantiles(replies.distance, 0.5, 0.75, 0.9, 0.99),
        within_last=turns.mean_of(replies.distance <= turns.LAST),
        received=_received(trace) if len(replies.distance) else None,
        to_self=replies.to_self / len(replies.distance) if len(replies.distance) else None,
        peak_hour=float(hours.max() * 24),
        trough_hour=float(hours.min() * 24),
        weekend=timing.weekend_share(trace.t_s),
        new_user=new["user"],
        new_pair=new["pair"],
        new_channel=new["channel"],
        most_in_hour=timing.most_within(trace.t_s, timing.HOUR_S),
        most_in_day=timing.most_within(trace.t_s, timing.DAY_S),
        most_in_room_minute=timing.most_within_one_room(rooms, 60.0) if resolution <= 60 else None,
        most_in_room_second=timing.most_within_one_room(rooms, 1.0) if resolution <= 1 else None,
        hottest=quantiles(hottest, 0.25, 0.5),
        busy_hours=len(hottest),
    )


def _received(trace: Trace) -> Values:
    counts = np.bincount(np.minimum(received(trace), 3), minlength=4)
    return tuple(float(count) for count in counts / counts.sum())


def _own_gap(rooms: Rooms) -> float | None:
    """The exponent of a power law cut off at both ends, over the gaps of one user in one channel, by maximum likelihood."""
    order = np.lexsort((rooms.place, rooms.user, rooms.channel))
    same = (np.diff(rooms.user[order]) == 0) & (np.diff(rooms.channel[order]) == 0)
    gaps: Floats = np.diff(rooms.t_s[order])[same]
    low, high = OWN_GAP_S
    gaps = gaps[(gaps >= low) & (gaps <= high)]
    if len(gaps) < USER_TAIL:
        return None
    mean_log = float(np.log(gaps).mean())
    # The integral of x ** -a from low to high, written so that a = 1 needs no case of its own.
    spread = np.log(high / low)

    def surprise(exponent: float) -> float:
        rest = (1 - exponent) * spread
        integral = low ** (1 - exponent) * spread * (np.expm1(rest) / rest if rest else 1.0)
        return exponent * mean_log + float(np.log(integral))

    return float(minimize_scalar(surprise, bounds=(0.0, 5.0), method="bounded").x)


def _bot_lag_s(trace: Trace) -> Values:
    rooms = rooms_of(trace)
    bot = trace.bot[rooms.row]
    after = np.flatnonzero(rooms.follows & bot[1:] & ~bot[:-1])
    lag_s = rooms.t_s[after + 1] - rooms.t_s[after]
    return quantiles(lag_s[lag_s <= ANSWER_S], 0.5, 0.9, 0.99)
