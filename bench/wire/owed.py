"""What a server still owes for messages that no Sync has followed yet. Pure."""

from __future__ import annotations

from bench.wire.protocol import ASKING, EXTENDED, Kind

_LAST_WORDS = frozenset("123nTCIsGHW")
"""Kinds of answers that end what one Parse, Bind, Close, Describe or Execute is answered; COPY goes on without another."""


class Owed:
    """Counts both ways of one connection. An error is the last answer before the next Sync: what follows it is passed over."""

    __slots__ = ("_refused", "_said", "_sent")

    def __init__(self) -> None:
        self._sent = 0
        self._said = 0
        self._refused = False

    def sent(self, kind: str) -> None:
        """A message of this kind went to the server."""
        if kind in ASKING:
            self._sent = 0
        elif kind in EXTENDED:
            self._sent += 1

    def answered(self, kind: str) -> None:
        """The server sent a message of this kind."""
        if kind == Kind.READY:
            self._said, self._refused = 0, False
        elif kind == Kind.ERROR:
            self._refused = True
        elif kind in _LAST_WORDS:
            self._said += 1

    @property
    def is_unasked(self) -> bool:
        """Whether a message was sent that the server may answer later."""
        return self._sent > 0

    @property
    def is_settled(self) -> bool:
        """Whether the server is through with them, once it has answered all that came before them."""
        return self._refused or self._said >= self._sent
