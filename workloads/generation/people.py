"""What people write: who, where, when, how long, and to what; the same whatever agents and readers do. Pure.

Times, channels, authors, lengths and targets come from generators of their own. A target is told by how many messages of people it
lies back in its channel, so that no history is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workloads.errors import InputError
from workloads.generation.authors import Authors
from workloads.generation.draws import Draws
from workloads.generation.fate import Fates
from workloads.generation.laws_of import author_law, reply_distance_edges
from workloads.generation.spec import WorkloadSpec
from workloads.generation.traffic import NOBODY, Traffic, traffic
from workloads.laws import mixed_bytes
from workloads.trace import Trace

Ints = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class People:
    """Messages of people in order of time: columns of equal length, all of them measured or none.

    `sequence` counts a channel's messages from 1; `distance` is how many of them back the answered one lies, 0 for none. `leaver`
    is somebody who leaves the channel behind the message, or -1. `fate` says whether and how the message will be deleted.
    """

    measured: bool
    t_s: NDArray[np.float64]
    channel: Ints
    user: Ints
    sequence: Ints
    distance: Ints
    text_bytes: Ints
    wait_s: NDArray[np.float64]
    leaver: Ints
    fate: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.t_s)


def people(spec: WorkloadSpec, seed: int) -> Iterator[People]:
    """The messages of a workload in blocks, those that are not measured first."""
    draws = Draws.of(seed)
    writers = _Writers(spec, draws)
    links = _Links(spec, draws)
    fates = Fates(seed, spec.delete_share, spec.recent_share)
    newcomers = spec.users
    for measured, rows in traffic(spec, draws):
        channel, user, leaver = writers.of(rows)
        if measured and spec.newcomers:
            user = np.where(rows.place < spec.channels, newcomers + np.arange(len(rows)), user)
            newcomers += len(rows)
        sequence, distance = links.of(channel)
        text_bytes = mixed_bytes(len(rows), spec.text_parts, draws.lengths, most=spec.text_bytes_max)
        fate = fates.of(channel, sequence)
        yield People(measured, rows.t_s, channel, user, sequence, distance, text_bytes, rows.wait_s, leaver, fate)


class _Writers:
    """Who writes, and who leaves; and which channel stands in the place of another one."""

    def __init__(self, spec: WorkloadSpec, draws: Draws) -> None:
        self._spec, self._draws = spec, draws
        self._authors = Authors(author_law(spec), spec.channels, spec.users, draws.authors)
        self._channel_at = list(range(spec.channels)) if spec.new_channel_share else None
        self._next_channel = spec.channels + spec.direct_channels + spec.storm_channels
        self._spoke: dict[int, tuple[list[int], dict[int, int]]] = {}

    def of(self, rows: Traffic) -> tuple[Ints, Ints, Ints]:
        """Channel, user and leaver of each row."""
        spec, places = self._spec, rows.place
        nobody = np.full(len(rows), NOBODY, np.int64)
        if spec.direct_share == spec.storm_channels == spec.leave_share == spec.new_channel_share == 0:
            return places, np.fromiter(map(self._authors.next, places.tolist()), np.int64, len(rows)), nobody
        channels, users, leavers = places.tolist(), rows.user.tolist(), nobody.tolist()
        renewed = self._draws.renewals.random(len(rows)) < spec.new_channel_share
        leaves = (self._draws.leaves.random(len(rows)) < spec.leave_share).tolist()
        for row, (place, user, renews) in enumerate(zip(places.tolist(), users, renewed.tolist(), strict=True)):
            if user != NOBODY:
                continue
            slot = self._renew() if renews else place
            author = users[row] = self._authors.next(slot)
            if self._channel_at is not None:
                channels[row] = self._channel_at[slot]
            if spec.leave_share:
                leavers[row] = self._leaver(slot, author, leaves=leaves[row])
        return np.array(channels, np.int64), np.array(users, np.int64), np.array(leavers, np.int64)

    def _renew(self) -> int:
        """A new channel stands where any other one stood."""
        slot = int(self._draws.renewals.integers(self._spec.channels))
        if self._channel_at is not None:
            self._channel_at[slot] = self._next_channel
        self._next_channel += 1
        self._spoke.pop(slot, None)
        return slot

    def _leaver(self, slot: int, author: int, *, leaves: bool) -> int:
        spoke, places = self._spoke.setdefault(slot, ([], {}))
        if author not in places:
            places[author] = len(spoke)
            spoke.append(author)
        if not leaves:
            return NOBODY
        gone = spoke[int(self._draws.leaves.integers(len(spoke)))]
        last = spoke.pop()
        place = places.pop(gone)
        if last != gone:
            spoke[place] = last
            places[last] = place
        self._authors.forget(slot, gone)
        return gone


class _Links:
    """The number of each message in its channel, and how far back lies what it answers."""

    def __init__(self, spec: WorkloadSpec, draws: Draws) -> None:
        self._share = spec.in_reply_to_share
        self._edges = reply_distance_edges(spec)
        self._rng = draws.links
        self._counts = np.zeros(spec.channels + spec.direct_channels + spec.storm_channels + 1, np.int64)

    def of(self, channel: Ints) -> tuple[Ints, Ints]:
        """Sequence and distance of each message."""
        size = len(channel)
        highest = int(channel.max())
        if highest >= len(self._counts):
            self._counts = np.concatenate([self._counts, np.zeros(highest, np.int64)])
        order = np.argsort(channel, kind="stable")
        ordered = channel[order]
        places = np.arange(size)
        begins = np.maximum.accumulate(np.where(np.r_[True, ordered[1:] != ordered[:-1]], places, 0))
        sequence = np.empty(size, np.int64)
        sequence[order] = self._counts[ordered] + places - begins + 1
        # Of a channel that stands there more than once, the last value stays.
        self._counts[ordered] = sequence[order]
        return sequence, self._distances(sequence)

    def _distances(self, sequence: Ints) -> Ints:
        edges, among = self._edges, np.minimum(sequence - 1, len(self._edges))
        asked = self._rng.random(len(sequence)) < self._share
        drawn = self._rng.random(len(sequence)) * edges[np.maximum(among, 1) - 1]
        # The last edge may round to just below what is drawn.
        distance = np.minimum(edges.searchsorted(drawn, side="right") + 1, among)
        return np.where(asked & (among > 0), distance, 0)


def trace_of(
    spec: WorkloadSpec,
    seed: int,
    *,
    channels: int | None = None,
    users: int | None = None,
    messages: int | None = None,
    span_s: float | None = None,
    direct: bool = False,
) -> Trace:
    """People's messages of a workload as a trace in real seconds, those of group channels or, with `direct`, of direct ones too.

    What is given stands in the place of what the workload says; so many messages in a span give the rate. Nothing is preloaded.
    """
    rows = spec.preload + spec.messages if messages is None else messages
    if rows < 1:
        raise InputError(f"messages is {rows}: give 1 or more")
    given: dict[str, object] = {"preload": 0, "messages": rows}
    given |= {name: value for name, value in (("channels", channels), ("users", users)) if value is not None}
    if span_s is not None:
        given["messages_per_s"] = rows / span_s
    if not direct:
        given |= {"direct_share": 0.0, "direct_channels": 0}
    return _trace(list(people(spec.model_copy(update=given), seed)))


def _trace(blocks: list[People]) -> Trace:
    channel, sequence, distance = (
        np.concatenate([getattr(block, name) for block in blocks]) for name in ("channel", "sequence", "distance")
    )
    order = np.argsort(channel, kind="stable")
    begins = np.searchsorted(channel[order], channel)
    answered = order[np.maximum(begins + sequence - 1 - distance, 0)]
    return Trace(
        name="generated",
        window=None,
        first_row=0,
        replies_before_window=0,
        t_s=np.round(np.concatenate([block.t_s for block in blocks]), 3),
        ch=channel,
        u=np.concatenate([block.user for block in blocks]),
        text_bytes=np.concatenate([block.text_bytes for block in blocks]),
        reply_to=np.where(distance > 0, answered, -1),
        bot=np.zeros(len(channel), np.bool_),
    )
