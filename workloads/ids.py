"""Ids that are derived, so that every process and every attempt arrives at the same one."""

from __future__ import annotations

import hashlib
import uuid

_MESSAGES = uuid.UUID("5b0f6c0e-8f0b-5d0c-9a3e-6d1f8b1f6a01")
_ATTEMPTS = uuid.UUID("5b0f6c0e-8f0b-5d0c-9a3e-6d1f8b1f6a02")
_NAMES = uuid.UUID("5b0f6c0e-8f0b-5d0c-9a3e-6d1f8b1f6a03")


def central_message_id(key: str, attempt: int | None = None) -> str:
    """The central id of a message as canonical UUID text.

    It derives from the key that the client gave, or, with `attempt`, from key and attempt: a retry then writes under a
    new id. Any text is a key, the empty one and lone surrogates too.
    """
    if attempt is None:
        return _uuid5(_MESSAGES, key)
    return _uuid5(_ATTEMPTS, f"{attempt}:{key}")


def named_id(name: str) -> str:
    """Canonical UUID text for a name such as `agent-1` or `server-2`: the same name gives the same id anywhere."""
    return _uuid5(_NAMES, name)


def _uuid5(namespace: uuid.UUID, name: str) -> str:
    # uuid.uuid5 of Python 3.11 takes no bytes, and encodes text strictly: lone surrogates would be refused.
    digest = hashlib.sha1(namespace.bytes + name.encode("utf-8", "surrogatepass"), usedforsecurity=False).digest()
    return str(uuid.UUID(bytes=digest[:16], version=5))
