"""From central ids to an agent's own ids, as the real server computes them.

The formulas are those of elizaOS core 1.6.1 (`stringToUuid`, `createUniqueUuid`); its published vectors are the test.
"""

from __future__ import annotations

import hashlib
import re
from urllib.parse import quote

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_OWN_KEY = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[1-7][0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}")
_UNESCAPED = "-_.!~*'()"  # what JavaScript's encodeURIComponent leaves alone besides letters and digits

_VARIANT = {f"{nibble:x}": f"{nibble & 0x3 | 0x8:x}" for nibble in range(16)}
"""The first digit of the fourth group, with the two bits of the RFC variant set."""


def hashed_uuid(text: str) -> str:
    """SHA-1 of the percent-encoded text as a UUID with version nibble 0 and the RFC variant; what core 1.4.2 did to every text."""
    # Nearly all ids have nothing to escape but a colon, and this is asked for several ids of every message.
    is_plain = text.isascii() and text.replace("-", "").replace(":", "").isalnum()
    escaped = text.replace(":", "%3A") if is_plain else quote(text, safe=_UNESCAPED)
    raw = hashlib.sha1(escaped.encode(), usedforsecurity=False).hexdigest()
    return f"{raw[:8]}-{raw[8:12]}-0{raw[13:16]}-{_VARIANT[raw[16]]}{raw[17:20]}-{raw[20:32]}"


def string_to_uuid(value: str | int) -> str:
    """`stringToUuid` of core 1.6.1: a text that is a UUID stays as it is, case kept; anything else is hashed."""
    text = str(value)
    return text if _UUID.fullmatch(text) else hashed_uuid(text)


def unique_uuid(agent_id: str, base: str) -> str:
    """`createUniqueUuid`: the id under which an agent knows `base`; its own id stays itself."""
    # No UUID has a colon, so `stringToUuid` hashes what is put together here.
    return agent_id if base == agent_id else hashed_uuid(f"{base}:{agent_id}")


def memory_id(agent_id: str, message_id: str) -> str:
    """The id of an agent's copy of a message (the formula since core 1.3.2)."""
    return hashed_uuid(f"{message_id}-{agent_id}:{agent_id}")


def central_uuid(central_id: str) -> str:
    """A UUID key for a central id of any form: itself when it is one of version 1 to 7 in canonical form, else its hash.

    No two central ids have one key, and none has a key that an agent makes. An agent's own ids are hashes with version nibble 0:
    a channel may have such an id, or be called what one is a hash of, so an id with 0 is hashed. What is hashed gets 8, so an id
    with 8 is hashed, too. An upper-case UUID is hashed: the type `uuid` would fold it onto the lower-case one, which is another
    id. What is left is the agent's own id, which no channel or server may have (`workloads.rules`); as a member's id it is the
    agent.
    """
    if _OWN_KEY.fullmatch(central_id):
        return central_id
    derived = hashed_uuid(central_id)
    return f"{derived[:14]}8{derived[15:]}"


def row_id(owner: str | None, central_id: str) -> str:
    """The id of the row that an agent has of something central, or that the central side has of it (owner None, Option A)."""
    return central_uuid(central_id) if owner is None else unique_uuid(owner, central_id)


def message_row_id(owner: str | None, message_id: str) -> str:
    """The id of the row of a message, an agent's copy or the central one (owner None, Option A)."""
    return central_uuid(message_id) if owner is None else memory_id(owner, message_id)
