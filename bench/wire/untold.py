"""Commands that write though their tag is that of a read, such as `WITH new AS (INSERT ...) SELECT ...`. Pure."""

from __future__ import annotations

from collections import deque

from bench.wire.protocol import ASKING, Message
from variants.contract import Query

_BIND, _EXECUTE = "B", "E"


def writes_untold(query: Query) -> bool:
    """Whether a statement writes and its tag may not say so: a query around a change of rows, or a text."""
    return query.writes and not getattr(query.construct, "is_dml", False)


class Executed:
    """Follows which prepared statements a client executes, so that each completed command is known to be one of `writing` or not.

    `writing` are names of prepared statements. A command that fails takes along what shares its Sync.
    """

    __slots__ = ("_bound", "_waiting", "_writing")

    def __init__(self, writing: frozenset[bytes]) -> None:
        self._writing = writing
        self._bound = False
        # None stands for what the server answers by being ready.
        self._waiting: deque[bool | None] = deque()

    def sent(self, message: Message) -> None:
        """The server gets this message."""
        if message.kind == _BIND:
            _portal, *name = message.body.split(b"\0", 2)[:2]
            self._bound = bool(name) and name[0] in self._writing
        elif message.kind == _EXECUTE:
            self._waiting.append(self._bound)
        elif message.kind in ASKING:
            self._waiting.append(None)

    def completed(self) -> bool:
        """A command was executed: whether it is one of those that write."""
        return bool(self._waiting and self._waiting[0] is not None and self._waiting.popleft())

    def refused(self) -> None:
        """A command failed: the server passes over the others up to the next Sync."""
        while self._waiting and self._waiting[0] is not None:
            self._waiting.popleft()

    def ready(self) -> None:
        """The server awaits the next command."""
        self.refused()
        if self._waiting:
            self._waiting.popleft()
