"""Messages of PostgreSQL's protocol 3 out of a stream of bytes. Pure and incremental: bytes in, whole messages out.

After the start each message is a byte that names its kind, a length that counts itself, and the rest. Before that, a client's
packets have no such byte (start, request for encryption, cancel), and a request for encryption is answered by a single byte.
Source: the chapters "Message Flow" and "Message Formats" of PostgreSQL's manual.
"""

from __future__ import annotations

import enum
import struct
from typing import NamedTuple

MESSAGE_MAX = 1 << 30
"""A server takes no longer message, so neither does the gate."""

START_MAX = 10_000
"""The longest packet that a server takes from a client that it does not know yet."""

_LENGTH = struct.Struct("!I")
_START = struct.Struct("!II")
_CANCEL, _SSL, _GSS = 80877102, 80877103, 80877104


class ProtocolError(Exception):
    """These bytes are not PostgreSQL's protocol."""


class Kind(enum.StrEnum):
    """Kinds of messages that mean something to the gate, by the byte that names them; those of the start have a word."""

    START = "start"
    ENCRYPTION = "encryption"
    CANCEL = "cancel"
    SYNC = "S"
    QUERY = "Q"
    CALL = "F"
    TERMINATE = "X"
    COMPLETE = "C"
    ERROR = "E"
    READY = "Z"
    COPY_DONE = "c"
    COPY_FAIL = "f"
    COPY_IN = "G"
    COPY_BOTH = "W"


ASKING = frozenset({Kind.SYNC.value, Kind.QUERY.value, Kind.CALL.value})
"""Kinds of a client's messages that the server answers by ReadyForQuery in the end."""

EXTENDED = frozenset("PBDEC")
"""Kinds of a client's messages (Parse, Bind, Describe, Execute, Close) whose answers the server keeps back until it is asked."""

FLUSH = b"H\x00\x00\x00\x04"
"""Asks the server to send what it has to say so far; it changes nothing that the server does."""


class Message(NamedTuple):
    """One message: its kind, by its byte or by a word of `Kind`, and all its bytes."""

    kind: str
    raw: bytes

    @property
    def body(self) -> bytes:
        """What follows the kind and the length."""
        return self.raw[5:]


class Framer:
    """Cuts one direction of a connection into messages, from its beginning or from the border of two messages on."""

    __slots__ = ("_greets", "_rest", "_wanted")

    def __init__(self, *, greets: bool = False) -> None:
        self._rest = bytearray()
        self._wanted = 0
        self._greets = greets

    def feed(self, data: bytes) -> list[Message]:
        """The messages that these bytes complete. Raises `ProtocolError` for what cannot be any."""
        if self._rest:
            # A long message comes in many parts: they are put together once, and not anew with each of them.
            self._rest += data
            if len(self._rest) < self._wanted:
                return []
            data, self._rest = bytes(self._rest), bytearray()
        messages: list[Message] = []
        place, end = 0, len(data)
        self._wanted = 0
        while self._greets and end - place >= _START.size:
            length, code = _START.unpack_from(data, place)
            if not _START.size <= length <= START_MAX:
                raise ProtocolError(f"a first packet of {length} bytes")
            if place + length > end:
                self._wanted = length
                break
            kind = {_CANCEL: Kind.CANCEL, _SSL: Kind.ENCRYPTION, _GSS: Kind.ENCRYPTION}.get(code, Kind.START)
            messages.append(Message(kind, data[place : place + length]))
            place += length
            # After a request for encryption the client waits for one byte and begins again.
            self._greets = kind is Kind.ENCRYPTION
        while not self._greets and end - place >= 5:
            length = 1 + _LENGTH.unpack_from(data, place + 1)[0]
            if not 5 <= length <= MESSAGE_MAX:
                raise ProtocolError(f"a message of {length} bytes")
            if place + length > end:
                self._wanted = length
                break
            messages.append(Message(chr(data[place]), data[place : place + length]))
            place += length
        if place < end:
            self._rest += data[place:]
        return messages


def tag_of(message: Message) -> str:
    """The tag of a command that is complete, as in `INSERT 0 1`."""
    return message.body.rstrip(b"\x00").decode("utf-8", "replace")


def is_inside(ready: Message) -> bool:
    """Whether the server, ready for the next command, holds an open transaction, failed or not."""
    return ready.body[:1] in (b"T", b"E")
