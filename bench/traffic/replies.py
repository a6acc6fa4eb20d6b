"""What is answered, and how far back it lies. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.traffic.rooms import Ints, Rooms
from workloads.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Antecedents:
    """What the rows answer whose reply links are told.

    `distance` counts messages of the channel, 1 for the message just before; `place` is how many messages of the channel came
    before the answer, `channel` is its channel as in `Rooms`; `looked_at` is how many rows might have answered something, `to_self`
    how many answers are to a message of the same author.
    """

    distance: Ints
    place: Ints
    channel: Ints
    looked_at: int
    to_self: int

    @property
    def share(self) -> float | None:
        """The share of rows with an antecedent."""
        return len(self.distance) / self.looked_at if self.looked_at else None


def antecedents(trace: Trace, rooms: Rooms, *, annotated_only: bool) -> Antecedents:
    """The antecedents of a trace; where only annotated rows count, there are none without that column."""
    told = np.ones(len(trace), np.bool_)
    if annotated_only:
        told = np.zeros(len(trace), np.bool_) if trace.annotated is None else trace.annotated
    place = np.empty(len(trace), np.int64)
    place[rooms.row] = rooms.place
    channel = np.empty(len(trace), np.int64)
    channel[rooms.row] = rooms.channel
    rows = np.flatnonzero(told & (trace.reply_to >= 0))
    answered = trace.reply_to[rows]
    return Antecedents(
        distance=place[rows] - place[answered],
        place=place[rows],
        channel=channel[rows],
        looked_at=int(told.sum()),
        to_self=int((trace.u[rows] == trace.u[answered]).sum()),
    )


def received(trace: Trace) -> Ints:
    """Answers that each annotated row (each row, where nothing is annotated) received."""
    counts = np.bincount(trace.reply_to[trace.reply_to >= 0], minlength=len(trace)).astype(np.int64)
    return counts if trace.annotated is None or not trace.annotated.any() else counts[trace.annotated]
