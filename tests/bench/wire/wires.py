"""Bytes as both sides of a connection send them, and sockets for a server that is played."""

from __future__ import annotations

import struct


def message(kind: str, body: bytes = b"") -> bytes:
    """One message of either side."""
    return kind.encode() + struct.pack("!I", len(body) + 4) + body


def complete(tag: str) -> bytes:
    """The server executed a command."""
    return message("C", tag.encode() + b"\0")


def ready(state: str = "I") -> bytes:
    """The server awaits the next command: idle, in a transaction (T), or in a failed one (E)."""
    return message("Z", state.encode())


BIND, DESCRIBE, EXECUTE, PARSE = (message(kind, kind.lower().encode()) for kind in "BDEP")
SYNC = message("S")
TERMINATE = message("X")
COMMAND = (BIND, DESCRIBE, EXECUTE, SYNC)
REFUSAL = message("E", b"SERROR\0C23505\0\0")


def start(code: int = 196608, rest: bytes = b"user\0me\0\0") -> bytes:
    """A packet of a client that the server does not know yet."""
    return struct.pack("!II", len(rest) + 8, code) + rest
