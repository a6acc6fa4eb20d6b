"""How greenlets let each other go on: a user waits for a connection and stops alone, and who works for long gives way.

psycopg's own calls give way once gevent has patched `select`; the exchange of operations waits here, on libpq's socket, with one
watcher a connection that is made once.
"""

from __future__ import annotations

from typing import Any

from gevent import get_hub, sleep  # type: ignore[import-untyped]  # it has no types

from bench.drive.link import Link, Ready

_READ, _WRITE = 1, 2
"""Of the events of gevent's loops, which are libev's."""


def give_way() -> None:
    """Let all others run that can: whoever draws for long must answer heartbeats meanwhile."""
    sleep(0)


class Greening:
    """Waits for the connections of one user; make one for each."""

    def __init__(self) -> None:
        self._watchers: dict[tuple[int, Ready], Any] = {}

    def until(self, link: Link, ready: Ready) -> None:
        """Let other greenlets run until the socket is ready."""
        hub = get_hub()
        watcher = self._watchers.get((link.socket, ready))
        if watcher is None:
            events = _READ if ready is Ready.READ else _READ | _WRITE
            watcher = self._watchers[link.socket, ready] = hub.loop.io(link.socket, events)
        hub.wait(watcher)

    def close(self) -> None:
        """Give the watchers back; the connections are closed by whoever opened them."""
        for watcher in self._watchers.values():
            watcher.close()
        self._watchers.clear()
