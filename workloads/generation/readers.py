"""What people read behind a message. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from itertools import accumulate

import numpy as np

from workloads.generation.draws import uniforms
from workloads.generation.room import Room
from workloads.generation.rows import (
    IS_PARTICIPANT,
    LATEST_PAGE,
    LIST_CHANNELS,
    LIST_PARTICIPANTS,
    LIST_SERVERS,
    PAGE_BACK,
    Row,
)
from workloads.generation.spec import WorkloadSpec

Read = Callable[[Room, int, int, list[Row]], None]


class Readers:
    """The reads that follow messages, each kind at its own rate."""

    def __init__(self, spec: WorkloadSpec, rng: np.random.Generator, direct: list[int]) -> None:
        """`direct` are the direct channels that exist; whoever opens one puts it there."""
        self._spec, self._direct = spec, direct
        self._chance = uniforms(rng)
        rates: list[tuple[float, Read]] = [
            *((rate, partial(self._latest_page, limit)) for rate, limit in spec.latest_pages),
            (spec.scrolls_per_message, self._scroll),
            (spec.permalinks_per_message, self._permalink),
            (spec.direct_opens_per_message, self._open_direct),
            (spec.channel_lists_per_message, self._list_channels),
            (spec.member_lists_per_message, self._list_members),
            (spec.member_checks_per_message, self._check_member),
            (spec.server_lists_per_message, self._list_servers),
        ]
        asked = [(rate, read) for rate, read in rates if rate > 0]
        self._reads = [read for _, read in asked]
        self._edges = list(accumulate(rate for rate, _ in asked))
        self.per_message = self._edges[-1] if asked else 0.0

    @property
    def remembered(self) -> int:
        """How many of a channel's newest times these readers need."""
        return self._spec.scroll_pages_max * self._spec.scroll_limit if self._spec.scrolls_per_message else 0

    def after(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        """As many reads as the rates add up to: the whole part always, one more with the probability of the rest."""
        chance, edges, total = self._chance, self._edges, self.per_message
        for _ in range(int(total + chance())):
            read = bisect_right(edges, chance() * total)
            self._reads[min(read, len(edges) - 1)](room, at_ms, author, rows)

    def _latest_page(self, limit: int, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        rows.append((LATEST_PAGE, at_ms, room.number, 0, limit, 0, 0))

    def _scroll(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        """Page after page, each ending where the one before began; a page behind the first message is the last."""
        limit, newest_ms = self._spec.scroll_limit, room.newest_ms
        for page in range(1, 1 + int(self._chance() * self._spec.scroll_pages_max) + 1):
            seen = page * limit
            before_ms = newest_ms[-seen] if seen <= len(newest_ms) else newest_ms[0]
            rows.append((PAGE_BACK, before_ms, room.number, 0, limit, 0, 0))
            if seen >= len(newest_ms):
                return

    def _permalink(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        old_ms = room.old_ms[int(self._chance() * len(room.old_ms))]
        rows.append((PAGE_BACK, old_ms + 1, room.number, 0, self._spec.permalink_limit, 0, 0))

    def _open_direct(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        if self._direct:
            channel = self._direct[int(self._chance() * len(self._direct))]
            rows.append((LATEST_PAGE, at_ms, channel, 0, self._spec.direct_open_limit, 0, 0))

    def _list_channels(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        rows.append((LIST_CHANNELS, at_ms, room.server, 0, 0, 0, 0))

    def _list_members(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        rows.append((LIST_PARTICIPANTS, at_ms, room.number, 0, 0, 0, 0))

    def _check_member(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        # Half of the questions are about somebody who is there.
        asked = author if self._chance() < 0.5 else int(self._chance() * self._spec.users)
        rows.append((IS_PARTICIPANT, at_ms, room.number, asked, 0, 0, 0))

    def _list_servers(self, room: Room, at_ms: int, author: int, rows: list[Row]) -> None:
        if self._spec.agents:
            rows.append((LIST_SERVERS, at_ms, 0, int(self._chance() * self._spec.agents), 0, 0, 0))
