"""What a lane offers: connections that can be cut at a message, and the evidence of it.

There are two. `bench.wire.gated` runs every connection through the proxy and cuts it for real: the tool of record.
`bench.wire.emulated` keeps its connections and only behaves as if they were cut: over ten times faster, and to be shown equal.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from bench.drive.drivers import Links
from bench.wire.cut import Cut, Side
from bench.wire.evidence import Evidence


class Lane(Protocol):
    """Used by one thread; several connections may be open at once."""

    @property
    def sides(self) -> frozenset[Side]:
        """What this lane can do to a connection."""

    def open(self) -> AbstractContextManager[Links]:
        """One warm connection for both sides: it knows every statement that an earlier, undisturbed one has met.

        At the end it is closed, and released where it is still held.
        """

    def arm(self, links: Links, cut: Cut | None) -> None:
        """Count messages from here on, and cut the connection when its message comes; None: count only. The connection is idle.

        Raises `ValueError` for a side that this lane does not have.
        """

    def count(self, links: Links) -> int:
        """Messages that the client sent since the connection was armed."""

    def evidence(self, links: Links) -> Evidence:
        """What really happened since the connection was armed."""

    def release(self, links: Links) -> None:
        """Let go what a zombie or a held message keeps, and return when the server is done with it; otherwise nothing happens."""

    def close(self) -> None:
        """End everything; twice is fine."""
