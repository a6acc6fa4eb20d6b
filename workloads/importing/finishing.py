"""From the rows that were collected to a trace: sorted, linked, numbered at random."""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workloads.errors import InputError
from workloads.importing.collecting import Collector
from workloads.importing.columns import MICROSECONDS
from workloads.importing.times import week_of
from workloads.trace import Trace

TWICE = "its message id was there before, in this channel"
UNKNOWN = "what they answer is not among the rows of their channel"
NOT_EARLIER = "what they answer is not earlier"

COLUMNS = ("at_us", "place", "ordinal", "channel", "user", "text_bytes", "bot", "annotated", "own", "answered", "answered_row")
_NONE, _MISSING = -1, -2

Numbers = NDArray[Any]
"""Whole numbers of any width."""


@dataclass(frozen=True, slots=True)
class Finished:
    """The trace, and how many links to an answered message could not be kept, by the reason."""

    trace: Trace
    links_lost: Mapping[str, int]


def reject_repeated(collector: Collector) -> NDArray[np.bool_]:
    """Which of the collected rows have the message id of one before them, in their channel; these are rejected."""
    own = _numbers(collector.own)
    order = np.argsort(own, kind="stable")
    repeated = np.zeros(len(own), np.bool_)
    repeated[order[1:]] = (own[order[1:]] == own[order[:-1]]) & (own[order[1:]] != 0)
    for place in _numbers(collector.place)[repeated].tolist():
        collector.rejections.add(place, TWICE)
    return repeated


def finish(
    collector: Collector,
    repeated: NDArray[np.bool_],
    *,
    name: str,
    relative: bool = False,
    annotated: bool = False,
    resolution_us: int = 1,
) -> Finished:
    """The trace of all collected rows but the repeated ones. Rows of one time keep their order, reversed where the newest is first.

    With `relative` times stay as they are; else they count from Monday 00:00 UTC of the first row's week. They are cut to multiples
    of `resolution_us`. `annotated`: the source says which rows answer nothing. Raises `InputError` when there is no row.
    """
    rows = {column: _numbers(getattr(collector, column)) for column in COLUMNS}
    if repeated.any():
        rows = {column: values[~repeated] for column, values in rows.items()}
    count = len(rows["at_us"])
    if not count:
        raise InputError("the source holds no message that can be used: give one that has messages")
    # The order of the trace, and the row of the trace that each collected row becomes.
    order, own_row = _by_time(rows["at_us"]), np.empty(count, np.int64)
    own_row[order] = np.arange(count)
    channel = _renumbered(rows["channel"], collector.names["channel"])[order]
    answered = _answered(rows)[order]
    reply_to = np.where(answered >= 0, own_row[np.maximum(answered, 0)], answered)
    unknown = (reply_to == _MISSING) | ((reply_to >= 0) & (channel[np.maximum(reply_to, 0)] != channel))
    not_earlier = ~unknown & (reply_to >= np.arange(count))
    at_us = rows["at_us"][order]
    t_us = at_us if relative else at_us - week_of(int(at_us[0]))
    trace = Trace(
        name=name,
        window=None,
        first_row=0,
        replies_before_window=0,
        t_s=t_us // resolution_us * resolution_us / MICROSECONDS,
        ch=channel,
        u=_renumbered(rows["user"], collector.names["user"])[order],
        text_bytes=rows["text_bytes"][order].astype(np.int64),
        reply_to=np.where(unknown | not_earlier, _NONE, reply_to),
        bot=rows["bot"][order] != 0,
        annotated=(rows["annotated"][order] != 0) & ~(unknown | not_earlier) if annotated else None,
    )
    lost = {UNKNOWN: int(unknown.sum()), NOT_EARLIER: int(not_earlier.sum())}
    return Finished(trace, {why: links for why, links in lost.items() if links})


def _by_time(at_us: Numbers) -> Numbers:
    """The rows in the order of time. In a source that goes down more often than up, what comes first of one time is the latest."""
    steps = np.diff(at_us)
    if np.count_nonzero(steps < 0) <= np.count_nonzero(steps > 0):
        return np.argsort(at_us, kind="stable")
    return len(at_us) - 1 - np.argsort(at_us[::-1], kind="stable")


def _answered(rows: Mapping[str, Numbers]) -> Numbers:
    """For each row the place among the collected rows of what it answers, -1 for nothing, -2 for what is not there."""
    by_id, by_row = _found(rows["own"], rows["answered"]), _found(rows["ordinal"], rows["answered_row"])
    return np.where(rows["answered"] != 0, by_id, np.where(rows["answered_row"] >= 0, by_row, _NONE))


def _found(those: Numbers, wanted: Numbers) -> Numbers:
    order = np.argsort(those, kind="stable")
    places = order[np.minimum(np.searchsorted(those, wanted, sorter=order), len(those) - 1)]
    return np.where(those[places] == wanted, places, _MISSING)


def _renumbered(seen: Numbers, digests: Mapping[bytes, int]) -> Numbers:
    """Channels or users by the order of their digests, a permutation that only the key could tell."""
    rank = np.empty(len(digests), np.int64)
    rank[[digests[digest] for digest in sorted(digests)]] = np.arange(len(digests))
    # Those of rejected rows alone leave no hole.
    return np.unique(rank[seen], return_inverse=True)[1]


def _numbers(column: array[int]) -> Numbers:
    return np.frombuffer(column, np.dtype(column.typecode)) if column else np.empty(0, np.dtype(column.typecode))
