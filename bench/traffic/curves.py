"""Traffic as curves on fixed places, for pictures: small, so that many seeds can be laid over each other. Pure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bench.traffic import popularity, timing
from bench.traffic.profile import seen
from bench.traffic.replies import antecedents
from bench.traffic.rooms import Floats, Ints, rooms_of
from bench.traffic.timing import HOUR_S
from workloads.trace import Trace

GAPS_S: Floats = np.geomspace(1.0, 1e7, 113)
BYTES: Floats = np.unique(np.rint(np.geomspace(1, 16_384, 113))).astype(np.float64)
RANKS: Ints = np.unique(np.rint(np.geomspace(1, 100_000, 121))).astype(np.int64)
DISTANCES: Ints = np.unique(np.rint(np.geomspace(1, 2_000, 81))).astype(np.int64)
DAYS_DRAWN = 400
"""A longer trace has its days drawn in spans of several."""


@dataclass(frozen=True, slots=True, eq=False)
class Curves:
    """Shares at the places named above; None where a trace has nothing of the kind.

    `gaps` is the share of gaps longer than each of `GAPS_S`, `bytes` that of texts longer than each of `BYTES`; `channels` and
    `users` are what the first `RANKS` have together, `distances` the share of answers at most so far back; `daily` are messages a
    day, one value for `days_each` days.
    """

    gaps: Floats | None
    bytes: Floats
    channels: Floats
    users: Floats
    distances: Floats | None
    hours: Floats
    daily: Floats
    days_each: int


def curves(trace: Trace, resolution_s: float, *, annotated_only: bool = False) -> Curves:
    """The curves of some rows, at least one."""
    rooms = rooms_of(trace)
    gaps = np.sort(np.diff(seen(rooms.t_s, resolution_s))[rooms.follows])
    answers = np.sort(antecedents(trace, rooms, annotated_only=annotated_only).distance)
    per_day = timing.messages_per_day(trace.t_s)
    each = -(-len(per_day) // DAYS_DRAWN)
    spans = np.add.reduceat(per_day, np.arange(0, len(per_day), each))
    lengths = np.full(len(spans), float(each))
    lengths[-1] = len(per_day) - each * (len(spans) - 1)
    return Curves(
        gaps=_above(gaps, GAPS_S) if len(gaps) and resolution_s < HOUR_S else None,
        bytes=_above(np.sort(trace.text_bytes), BYTES),
        channels=_at_ranks(popularity.cumulative_shares(rooms.messages)),
        users=_at_ranks(popularity.cumulative_shares(np.bincount(rooms.user))),
        distances=np.searchsorted(answers, DISTANCES, side="right") / len(answers) if len(answers) else None,
        hours=timing.hour_shares(trace.t_s),
        daily=spans / lengths,
        days_each=each,
    )


def _above(ordered: Floats | Ints, places: Floats) -> Floats:
    shares: Floats = 1 - np.searchsorted(ordered, places, side="right") / len(ordered)
    return shares


def _at_ranks(cumulative: Floats) -> Floats:
    shares: Floats = cumulative[np.minimum(RANKS, len(cumulative)) - 1]
    return shares
