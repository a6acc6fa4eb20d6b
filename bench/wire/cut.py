"""What is done to a connection, and at which of its client's messages. Pure."""

from __future__ import annotations

import enum
from dataclasses import dataclass


class Side(enum.StrEnum):
    """What becomes of one message of a client, and of its answer.

    REQUEST_LOST: the message is never forwarded, both sides are closed. REPLY_LOST: it is forwarded, what the server answers is
    swallowed, then both sides are closed. ZOMBIE: it is never forwarded; the client is cut once the server is through with what
    came before, and the server keeps waiting on an open connection until it is released. To the client all three look alike.

    By the others nothing is closed at once. HELD: the message, or the answer to it, waits at the gate until it is released, and so
    does all that comes after it. DROPPED: it alone is gone and the connection goes on, so a client without a deadline of its own
    waits for ever. HALF_CLOSED: the server is told that the client sends no more, though its answers still arrive; or the client is
    told that the server does, though its messages still arrive.
    """

    REQUEST_LOST = "request-lost"
    REPLY_LOST = "reply-lost"
    ZOMBIE = "zombie"
    REQUEST_HELD = "request-held"
    REPLY_HELD = "reply-held"
    REQUEST_DROPPED = "request-dropped"
    REPLY_DROPPED = "reply-dropped"
    REQUEST_HALF_CLOSED = "request-half-closed"
    REPLY_HALF_CLOSED = "reply-half-closed"


CUTS = (Side.REQUEST_LOST, Side.REPLY_LOST)
"""The sides of a plain cut: after it nothing of the connection is left, at the server either."""


@dataclass(frozen=True, slots=True)
class Cut:
    """A fault at one message: `message` counts from 1 those that a client sends after the connection was armed.

    Its farewell (Terminate) is no message of an operation and is not counted.
    """

    message: int
    side: Side

    def __post_init__(self) -> None:
        if self.message < 1:
            raise ValueError(f"messages are counted from 1, not from {self.message}")

    @property
    def passed(self) -> int:
        """How many messages the server gets before the connection is touched, the one at which it is touched included."""
        return self.message if self.side in _FORWARDING else self.message - 1


_FORWARDING = frozenset({Side.REPLY_LOST, Side.REPLY_HELD, Side.REPLY_DROPPED, Side.REPLY_HALF_CLOSED})
