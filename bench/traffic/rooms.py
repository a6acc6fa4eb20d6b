"""The rows of a trace channel by channel, as columns that statistics are computed from. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workloads.trace import Trace

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Rooms:
    """Rows ordered by channel, those of a channel in their own order; channels and users are numbered from 0 without holes.

    `row` is a row's place in the trace, `place` its place among the messages of its channel. `starts` and `messages` have one value
    for each channel: its first row here, and how many it has. `follows` says of each row but the first whether the row before it is
    of the same channel.
    """

    row: Ints
    place: Ints
    t_s: Floats
    channel: Ints
    user: Ints
    text_bytes: Ints
    starts: Ints
    messages: Ints
    follows: Flags

    @property
    def users(self) -> int:
        """How many users wrote."""
        return int(self.user.max()) + 1 if len(self.user) else 0

    def largest(self, at_least: int) -> Ints:
        """The channels with at least so many messages, the largest first."""
        order = np.argsort(-self.messages, kind="stable")
        return order[self.messages[order] >= at_least]

    def only(self, channels: Ints) -> Rooms:
        """The rows of some channels, which are numbered anew in the given order; users keep their numbers."""
        messages = self.messages[channels]
        starts = np.cumsum(messages) - messages
        taken = np.repeat(self.starts[channels] - starts, messages) + np.arange(messages.sum())
        channel = np.repeat(np.arange(len(channels)), messages)
        return Rooms(
            row=self.row[taken],
            place=self.place[taken],
            t_s=self.t_s[taken],
            channel=channel,
            user=self.user[taken],
            text_bytes=self.text_bytes[taken],
            starts=starts,
            messages=messages,
            follows=channel[1:] == channel[:-1],
        )


def rooms_of(trace: Trace) -> Rooms:
    """The rows of a trace, channel by channel."""
    channel_of_row = np.unique(trace.ch, return_inverse=True)[1]
    user = np.unique(trace.u, return_inverse=True)[1]
    row = np.argsort(channel_of_row, kind="stable")
    channel = channel_of_row[row]
    messages = np.bincount(channel).astype(np.int64)
    starts = np.cumsum(messages) - messages
    return Rooms(
        row=row,
        place=np.arange(len(row)) - np.repeat(starts, messages),
        t_s=trace.t_s[row],
        channel=channel,
        user=user[row],
        text_bytes=trace.text_bytes[row],
        starts=starts,
        messages=messages,
        follows=channel[1:] == channel[:-1],
    )
