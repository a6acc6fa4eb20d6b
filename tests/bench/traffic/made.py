"""Traces made by hand for tests of statistics."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from workloads.trace import Trace

Row = tuple[float, int, int]
"""Time, channel, user."""


def trace(
    rows: Sequence[Row],
    *,
    lengths: Sequence[int] | None = None,
    replies: dict[int, int] | None = None,
    bots: Sequence[int] = (),
    annotated: Sequence[int] | None = None,
) -> Trace:
    """A trace of these rows; `replies` maps a row to the one it answers, `bots` and `annotated` list rows."""
    count = len(rows)
    reply_to = np.full(count, -1)
    for row, answered in (replies or {}).items():
        reply_to[row] = answered
    return Trace(
        name="made",
        window=None,
        first_row=0,
        replies_before_window=0,
        t_s=np.array([row[0] for row in rows], np.float64),
        ch=np.array([row[1] for row in rows], np.int64),
        u=np.array([row[2] for row in rows], np.int64),
        text_bytes=np.array(lengths if lengths is not None else [10] * count, np.int64),
        reply_to=reply_to,
        bot=np.isin(np.arange(count), list(bots)),
        annotated=None if annotated is None else np.isin(np.arange(count), list(annotated)),
    )


def talk(authors: str, *, step_s: float = 1.0, channel: int = 0) -> Trace:
    """One channel in which these authors write, one letter each, at even times."""
    return trace([(place * step_s, channel, ord(author)) for place, author in enumerate(authors)])


def spread(
    seed: int,
    *,
    rooms: int = 24,
    messages: int = 600,
    users: int = 400,
    decay_s: float = 60.0,
    branching: float = 0.6,
    gap_s: float = 20_000.0,
) -> Trace:
    """Many rooms of self-exciting messages, about as many in each, by anybody; a tenth of them answers an earlier one."""
    rng = np.random.default_rng(seed)
    times, channels = [], []
    for room in range(rooms):
        generation = np.cumsum(rng.exponential(gap_s, round(messages * (1 - branching))))
        own = [generation]
        while len(generation):
            generation = np.repeat(generation, rng.poisson(branching, len(generation)))
            generation = generation + rng.exponential(decay_s, len(generation))
            own.append(generation)
        times.append(np.concatenate(own))
        channels.append(np.full(len(times[-1]), room))
    t_s, channel = np.concatenate(times), np.concatenate(channels)
    order = np.argsort(t_s)
    t_s, channel = np.round(t_s[order], 3), channel[order]
    reply_to = np.full(len(t_s), -1)
    last: dict[int, list[int]] = {}
    for row, room in enumerate(channel.tolist()):
        before = last.setdefault(room, [])
        if before and rng.random() < 0.1:
            reply_to[row] = before[-1 - int(rng.integers(min(len(before), 10)))]
        before.append(row)
    return Trace(
        name="spread",
        window=None,
        first_row=0,
        replies_before_window=0,
        t_s=t_s,
        ch=channel,
        u=np.minimum(rng.geometric(5 / users, len(t_s)), users),
        text_bytes=np.maximum(1, np.rint(np.exp(rng.normal(4, 1, len(t_s)))).astype(np.int64)),
        reply_to=reply_to,
        bot=np.zeros(len(t_s), np.bool_),
        annotated=np.ones(len(t_s), np.bool_),
    )
