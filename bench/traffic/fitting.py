"""A workload fitted to a trace: values for keys of a generated workload, and what each was fitted to. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from bench.spans import span
from bench.traffic import carrying, popularity, timing, turns
from bench.traffic.fitting_arrivals import hours_of_immigrants, kernels, weekend_factor
from bench.traffic.fitting_authors import authors
from bench.traffic.fitting_bounds import bounded
from bench.traffic.fitting_lengths import parts
from bench.traffic.fitting_replies import distance_law
from bench.traffic.people import people, storms
from bench.traffic.replies import antecedents
from bench.traffic.rooms import Rooms, rooms_of
from bench.traffic.words import number
from workloads.generation.spec import WorkloadSpec
from workloads.trace import Trace

RUN_MESSAGES = 20_000
BOT_MESSAGES = 200
AGENTS_MAX, AGENTS_PER_CHANNEL_MAX, PLACES_MAX = 10_000, 50, 1_000_000
RATE_MIN, RATE_MAX = 1e-6, 1e6
LONGEST_S = 10 * 365 * timing.DAY_S
ROOM_MESSAGES_LEAST = 100
ANSWER_S = 600.0


@dataclass(slots=True)
class Fit:
    """Values by key, each with what it was fitted to; `left` says why keys keep their defaults, `remarks` what else is to know."""

    values: dict[str, object] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    left: dict[str, str] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def put(self, note: str, **values: object) -> None:
        """Values that were fitted to the same thing; one outside of the bounds of its key is cut to them, which is remarked."""
        cut, told = bounded(values)
        self.values |= cut
        self.notes |= dict.fromkeys(values, note)
        self.remarks += told

    def leave(self, why: str, *keys: str) -> None:
        """Keys that keep their defaults."""
        self.left |= dict.fromkeys(keys, why)

    def spec(self) -> WorkloadSpec:
        """The workload; raises pydantic's `ValidationError`, which would be a fault of the fit."""
        return WorkloadSpec.model_validate(self.values)


def fit(trace: Trace, name: str, advance: Callable[[float, float], None]) -> Fit:
    """A workload fitted to people's rows, of which there is at least one, and agents fitted to those of bots.

    `name` is what the trace is called in the workload's own words; `advance` is told how far the fit is.
    """
    own = people(trace)
    rooms = rooms_of(own)
    resolution = timing.resolution_s(trace.t_s)
    found = Fit()
    found.put("what was fitted", about=f"fitted to {name}"[:400])
    _sizes(found, own, rooms)
    advance(0.05, 1)
    _arrivals(found, own, rooms, resolution)
    advance(0.6, 1)
    _channels(found, rooms)
    _lengths(found, own)
    _replies(found, own, rooms)
    _agents(found, trace, own)
    _storms(found, trace)
    fitted = authors(own, found.spec())
    if fitted is None:
        found.leave("too few messages follow others", "author_dialogue", "author_crowd", "author_newcomer_share")
    else:
        found.put("who writes on, who returns, who is new: met by draws of the generator", **fitted)
    advance(1, 1)
    return found


def _sizes(found: Fit, own: Trace, rooms: Rooms) -> None:
    length_s = max(1.0, float(own.t_s[-1] - own.t_s[0]))
    rate = min(RATE_MAX, max(RATE_MIN, len(own) / length_s))
    messages = min(RUN_MESSAGES, len(own))
    found.put(f"{len(own):,} messages of people in the trace; a run takes at most {RUN_MESSAGES:,} of them", messages=messages)
    found.put("a run begins with an empty store", preload=0)
    found.put("channels with a message of a person", channels=min(PLACES_MAX, len(rooms.messages)))
    found.put("people who wrote", users=min(PLACES_MAX, rooms.users))
    found.put(f"{len(own):,} messages in {span(length_s)}", messages_per_s=float(f"{rate:.6g}"))
    found.put("real time", compression=max(1.0, float(f"{messages / rate / LONGEST_S:.6g}")))


def _arrivals(found: Fit, own: Trace, rooms: Rooms, resolution_s: float) -> None:
    given = None
    if resolution_s >= carrying.COARSE_S:
        found.leave("times are too coarse for the gaps between messages", "kernels")
    else:
        least = timing.ROOM_MESSAGES if len(rooms.largest(timing.ROOM_MESSAGES)) else ROOM_MESSAGES_LEAST
        given = kernels(rooms, least)
        if given is None:
            found.leave(f"no channel has {ROOM_MESSAGES_LEAST} messages", "kernels")
        else:
            found.put(f"gaps in the channels of {least:,} messages and more, by maximum likelihood", kernels=given)
    days = float(own.t_s[-1] - own.t_s[0]) / timing.DAY_S
    if days < carrying.DAYS_MIN:
        found.leave(f"the trace lasts {days:.1f} days, {carrying.DAYS_MIN} are needed", "hour_shares")
    else:
        used = given if given is not None else found.spec().kernels
        shares = timing.hour_shares(own.t_s)
        found.put("hours of the day, without what messages call forth later", hour_shares=hours_of_immigrants(shares, tuple(used)))
    factor = weekend_factor(own.t_s)
    if factor is None:
        found.leave("the trace has no two whole weeks", "weekend_factor")
    else:
        found.put("a day of the weekend against another day; the trace's time 0 is taken for a Monday", weekend_factor=factor)


def _channels(found: Fit, rooms: Rooms) -> None:
    law = popularity.zipf_mandelbrot(rooms.messages)
    if law is None:
        found.leave("too few channels, or all alike", "channel_exponent", "channel_offset_share")
        return
    found.put(
        "messages by channel, by maximum likelihood",
        channel_exponent=round(law.exponent, 4),
        channel_offset_share=round(law.offset / len(rooms.messages), 5),
    )


def _lengths(found: Fit, own: Trace) -> None:
    given = parts(own.text_bytes)
    if given is None:
        found.leave("no message has a length", "text_parts", "text_bytes_max")
    else:
        longest = int(max(20, own.text_bytes.max()))
        found.put("lengths of people's texts", text_parts=given, text_bytes_max=longest)


def _replies(found: Fit, own: Trace, rooms: Rooms) -> None:
    annotated = own.annotated is not None and bool(own.annotated.any())
    answers = antecedents(own, rooms, annotated_only=annotated)
    kind = "annotated reply links" if annotated else "reply links, which may be inferred"
    if not len(answers.distance):
        found.leave("no row answers another one", "in_reply_to_share", "reply_distance_exponent", "reply_distance_offset")
        return
    found.put(kind, in_reply_to_share=round(answers.share or 0.0, 4))
    law = distance_law(answers.distance) if annotated else None
    if not annotated:
        found.leave(
            "no row is annotated, and inferred links say little of distances", "reply_distance_exponent", "reply_distance_offset"
        )
    elif law is None:
        found.leave(f"{len(answers.distance):,} answers are too few", "reply_distance_exponent", "reply_distance_offset")
    else:
        found.put(kind, reply_distance_exponent=law[0], reply_distance_offset=law[1])


def _agents(found: Fit, trace: Trace, own: Trace) -> None:
    bots = int(np.count_nonzero(trace.bot))
    if bots < BOT_MESSAGES:
        why = f"{bots:,} rows are of bots, {BOT_MESSAGES} are needed"
        found.leave(why, "agents", "agents_per_channel", "reply_probability", "agent_text_parts", "agent_delay_median_s")
        return
    rooms = rooms_of(trace)
    bot = trace.bot[rooms.row]
    pairs = np.unique(rooms.channel[bot] * rooms.users + rooms.user[bot]) // rooms.users
    per_channel = np.bincount(pairs, minlength=len(rooms.messages))
    accounts = min(AGENTS_MAX, len(np.unique(rooms.user[bot])))
    # Of a mean message's channel, not of a mean channel: most channels are nearly empty.
    mean = float((per_channel * rooms.messages).sum() / rooms.messages.sum())
    k = min(AGENTS_PER_CHANNEL_MAX, accounts, max(1, round(mean)))
    found.put(f"accounts of bots; {number(mean)} of them in the channel of a mean message", agents=accounts, agents_per_channel=k)
    found.put(f"{bots:,} messages of bots for {len(own):,} of people", reply_probability=round(min(1.0, bots / (len(own) * k)), 5))
    given = parts(trace.text_bytes[trace.bot])
    if given is None:
        found.leave("no message of a bot has a length", "agent_text_parts")
    else:
        found.put("lengths of bots' texts", agent_text_parts=given)
    after = np.flatnonzero(rooms.follows & bot[1:] & ~bot[:-1])
    lag_s = rooms.t_s[after + 1] - rooms.t_s[after]
    lag_s = lag_s[(lag_s > 0) & (lag_s <= ANSWER_S)]
    if len(lag_s) < BOT_MESSAGES:
        found.leave("too few messages of bots follow a person's", "agent_delay_median_s", "agent_delay_sigma")
    else:
        logs = np.log(lag_s)
        found.put(
            f"a bot's message right after a person's, within {span(ANSWER_S)}",
            agent_delay_median_s=float(f"{np.exp(np.median(logs)):.4g}"),
            agent_delay_sigma=min(5.0, round(float(logs.std()), 4)),
        )


def _storms(found: Fit, trace: Trace) -> None:
    for storm in storms(trace)[:1]:
        found.remarks.append(
            f"The trace has a broadcast storm, which is left out: storm_channels = {storm.channels}, "
            f"storm_span_s = {max(1.0, storm.length_s):.1f} would draw one like it."
        )
    share = turns.first_seen(rooms_of(trace))["channel"]
    found.remarks.append(f"New channels per message: {number(100 * share)} %; new_channel_share is left at 0.")
