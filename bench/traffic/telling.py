"""What a trace is like, as rows of a table. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.spans import resolution, span
from bench.traffic import timing
from bench.traffic.description import Description, Traffic
from bench.traffic.popularity import ZipfMandelbrot
from bench.traffic.words import NOTHING, listed, number, percent, percents


@dataclass(frozen=True, slots=True)
class Row:
    """A statistic of all rows and of people's; `people` is None where both are the same rows."""

    group: str
    name: str
    everything: str
    people: str | None


def rows(found: Description) -> list[Row]:
    """Every statistic, in groups."""
    everything = list(_rows(found.all))
    own = [] if found.people is None or found.people is found.all else list(_rows(found.people))
    if not own:
        return [Row(group, name, value, None) for group, name, value in everything]
    return [Row(group, name, value, mine) for (group, name, value), (_, _, mine) in zip(everything, own, strict=True)]


def heading(found: Description) -> list[str]:
    """What is to be known of the whole trace."""
    lines = [
        f"{found.all.messages:,} rows over {span(found.all.length_s)}; times are as fine as {resolution(found.resolution_s)}",
        f"automated accounts: {percent(found.bots)} of rows" if found.bots else "automated accounts: none",
    ]
    if found.bot_lag_s is not None:
        lines.append(f"their lag behind a person's message, p50/p90/p99: {listed(found.bot_lag_s)} s")
    storms = [
        f"broadcast storm: one account wrote {storm.messages:,} messages into {storm.channels:,} channels in {span(storm.length_s)}"
        for storm in found.storms[:3]
    ]
    lines += storms or ["broadcast storms: none"]
    if len(found.storms) > 3:
        lines.append(f"and {len(found.storms) - 3} more storms")
    if found.annotated:
        lines.append(f"reply links: {found.annotated:,} rows are annotated, and count below")
    else:
        lines.append("reply links: no row is annotated; they may be inferred, and all count below")
    if found.people is None:
        lines.append("no row is of a person")
    elif found.people is not found.all:
        lines.append("people: the rows without automated accounts and storms")
    return lines


def _rows(traffic: Traffic) -> Iterator[tuple[str, str, str]]:
    """Group, name and value of each statistic."""
    for group, table in (
        ("size", _size(traffic)),
        ("channels and users", _shares(traffic)),
        ("time", _timing(traffic)),
        ("turns and replies", _turns(traffic)),
        ("rhythm and peaks", _rhythm(traffic)),
    ):
        for name, value in table:
            yield group, name, value


def _size(traffic: Traffic) -> Sequence[tuple[str, str]]:
    return (
        ("messages", f"{traffic.messages:,}"),
        ("channels", f"{traffic.channels:,}"),
        ("users", f"{traffic.users:,}"),
        ("text bytes p50/p90/p99/p99.9", listed(traffic.text_bytes)),
        ("text bytes, mean", number(traffic.mean_bytes)),
    )


def _shares(traffic: Traffic) -> Sequence[tuple[str, str]]:
    return (
        ("share of the top channel / top 10 %", percents((traffic.top_channel, traffic.top_tenth))),
        ("Zipf exponent, all channels / of 10 messages", f"{_zipf(traffic.channel_zipf)} / {_zipf(traffic.channel_zipf_tail)}"),
        ("Zipf-Mandelbrot exponent, offset", _mandelbrot(traffic.channel_zipf_mandelbrot)),
        ("messages per user p50/p90/p99", listed(traffic.user_messages)),
        ("Zipf exponent of users", _zipf(traffic.user_zipf)),
        ("power-law tail of users from 30 messages", number(traffic.user_tail)),
        ("share of the top 1 % of users", percent(traffic.top_hundredth)),
        ("users with a single message", percent(traffic.single)),
        ("users per channel p50/p90/p99", listed(traffic.channel_users)),
        ("channels per user, mean", number(traffic.channels_per_user)),
    )


def _timing(traffic: Traffic) -> Sequence[tuple[str, str]]:
    kernel = traffic.excitation
    return (
        ("gaps in a channel p25/p50/p75/p90/p99 in s", listed(traffic.gaps_s)),
        (f"rooms with {timing.ROOM_MESSAGES} messages, for the next three", f"{traffic.timed_rooms:,}"),
        ("burstiness B / memory M, median room", f"{number(traffic.burstiness)} / {number(traffic.memory)}"),
        (
            "Fano factor at 60 s / 1 h / 1 d, median room",
            " / ".join(map(number, (traffic.fano_minute, traffic.fano_hour, traffic.fano_day))),
        ),
        ("Hawkes: branching, decay, median room", f"{number(kernel.branching)}, {number(kernel.decay_s)} s" if kernel else NOTHING),
        ("one user's gaps of 30 s to 1 h: exponent", number(traffic.own_gap)),
        ("sessions (gap of 600 s): mean, p99 messages", f"{number(traffic.session_mean)}, {number(traffic.session_p99)}"),
        ("sessions of a single message", percent(traffic.session_single)),
    )


def _turns(traffic: Traffic) -> Sequence[tuple[str, str]]:
    return (
        ("P(same author as before)", number(traffic.same_author)),
        ("P(A B A), given A, B, and then not B", number(traffic.returns)),
        ("distinct authors of the last 32, p10/p50/p90", listed(traffic.distinct_authors)),
        ("messages with a reply link", percent(traffic.answers)),
        ("messages back p50/p75/p90/p99", listed(traffic.distance)),
        ("reply links within the last 32", percent(traffic.within_last)),
        ("reply links to oneself", percent(traffic.to_self)),
        ("replies received: 0 / 1 / 2 / 3 or more", percents(traffic.received)),
    )


def _rhythm(traffic: Traffic) -> Sequence[tuple[str, str]]:
    hottest = percents(traffic.hottest) if traffic.hottest else NOTHING
    return (
        ("hour of day, peak : mean : trough", f"{number(traffic.peak_hour)} : 1 : {number(traffic.trough_hour)}"),
        ("weekend share", percent(traffic.weekend)),
        (
            "first seen per message: user / pair / channel",
            percents((traffic.new_user, traffic.new_pair, traffic.new_channel)),
        ),
        ("most in 1 h / in 24 h", f"{traffic.most_in_hour:,} / {traffic.most_in_day:,}"),
        (
            "most of one channel in 60 s / in 1 s",
            f"{_count(traffic.most_in_room_minute)} / {_count(traffic.most_in_room_second)}",
        ),
        (f"hottest channel's share in hours of {timing.BUSY_HOUR_MESSAGES}, p25/p50", hottest),
    )


def _count(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def _zipf(law: ZipfMandelbrot | None) -> str:
    return NOTHING if law is None else number(law.exponent)


def _mandelbrot(law: ZipfMandelbrot | None) -> str:
    return NOTHING if law is None else f"{number(law.exponent)}, {number(law.offset)}"
