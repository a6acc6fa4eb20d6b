"""Whether a single operation is well formed: the edge where operations of any origin come in."""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Iterable, Mapping

from workloads.errors import InputError
from workloads.operations import (
    KIND,
    AddAgent,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    IsParticipant,
    Join,
    LatestPage,
    Leave,
    ListChannels,
    ListParticipants,
    ListServers,
    Member,
    Operation,
    PageBack,
    RecallContext,
    Reply,
    Role,
    Send,
)

ID_BYTES_MAX = 255
AT_MS_MAX = 9_223_372_036_854
"""2262-04-11, where a count of nanoseconds since 1970 leaves 64 bits."""
LIMIT_MAX = 1000
REV_MAX = 2**31 - 1
EXACT_FLOAT_MAX = 1e16

Complaint = str | None
Check = Callable[[object], Complaint]


def check(operation: Operation) -> None:
    """Raise `InputError` when a field is not what every store can take; it names kind, key, field and what to do."""
    for field, complain in _CHECKS[type(operation)]:
        complaint = complain(getattr(operation, field))
        if complaint is not None:
            key = getattr(operation, "key", None)
            name = KIND[type(operation)] if key is None else f"{KIND[type(operation)]} {key!r}"
            raise InputError(f"{name}: {field} {complaint}")


def _text(value: object) -> Complaint:
    if not isinstance(value, str):
        return f"is {value!r}: give text"
    if "\0" in value:
        return "holds a NUL character: remove it, PostgreSQL stores none"
    try:
        value.encode()
    except UnicodeEncodeError:
        return "holds a lone surrogate: give text that UTF-8 can hold"
    return None


def _filled_text(value: object) -> Complaint:
    return "is empty: give at least one character" if value == "" else _text(value)


def _id(value: object) -> Complaint:
    complaint = _filled_text(value)
    if complaint is None and isinstance(value, str) and len(value.encode()) > ID_BYTES_MAX:
        return f"has {len(value.encode())} bytes: give an id of 1 to {ID_BYTES_MAX} bytes"
    return complaint


def _uuid(value: object) -> Complaint:
    complaint = _id(value)
    if complaint is None and not (isinstance(value, str) and _is_canonical_uuid(value)):
        return f"is {value!r}: give a UUID in canonical form, lower case with four hyphens"
    return complaint


def _is_canonical_uuid(value: str) -> bool:
    try:
        return str(uuid.UUID(value)) == value
    except ValueError:
        return False


def _member(value: object) -> Complaint:
    if not isinstance(value, Member):
        return f"is {value!r}: give a Member"
    complaint = _uuid(value.id) if value.role is Role.AGENT else _id(value.id)
    return None if complaint is None else f"id {complaint}"


def _whole(lowest: int, highest: int, meaning: str) -> Check:
    def complain(value: object) -> Complaint:
        if isinstance(value, int) and not isinstance(value, bool) and lowest <= value <= highest:
            return None
        return f"is {value!r}: give {meaning}, {lowest} to {highest}"

    return complain


def _or_none(complain: Check) -> Check:
    return lambda value: None if value is None else complain(value)


def _metadata(value: object) -> Complaint:
    return _json(value, "") if isinstance(value, Mapping) else f"is {value!r}: give a mapping"


def _json(value: object, place: str) -> Complaint:
    """What keeps a value from coming back equal from a column of type jsonb."""
    if value is None or isinstance(value, (bool, int)):
        return None
    if isinstance(value, str):
        complaint = _text(value)
        return None if complaint is None else f"at {place} {complaint}"
    if isinstance(value, float):
        exact = math.isfinite(value) and abs(value) < EXACT_FLOAT_MAX and not (value == 0 and math.copysign(1, value) < 0)
        return None if exact else f"at {place} is {value!r}: give a number that jsonb gives back unchanged"
    if isinstance(value, (list, tuple)):
        return _first(_json(item, f"{place}[{index}]") for index, item in enumerate(value))
    if isinstance(value, dict):
        return _first(_entry(key, item, place) for key, item in value.items())
    return f"at {place or 'its top'} is of type {type(value).__name__}: give values of JSON"


def _entry(key: object, value: object, place: str) -> Complaint:
    complaint = _text(key)
    return f"key {key!r} {complaint}" if complaint is not None else _json(value, f"{place}.{key}")


def _first(complaints: Iterable[Complaint]) -> Complaint:
    return next((complaint for complaint in complaints if complaint is not None), None)


_AT_MS = _whole(0, AT_MS_MAX, "milliseconds since 1970")
_LIMIT = _whole(1, LIMIT_MAX, "a number of rows")
_WRITE = (("key", _id), ("at_ms", _AT_MS))
_SOURCE = (("source_type", _text), ("source_id", _or_none(_id)), ("metadata", _metadata))
_MOVE = (*_WRITE, ("channel_id", _id), ("member", _member))
_POST = (*_WRITE, ("channel_id", _id), ("text", _filled_text), ("source_type", _text), ("metadata", _metadata))
_CHANGE = (*_WRITE, ("channel_id", _id), ("message_key", _id))
_PAGE = (("channel_id", _id), ("limit", _LIMIT))

_CHECKS: Mapping[type[Operation], tuple[tuple[str, Check], ...]] = {
    CreateServer: (*_WRITE, ("server_id", _uuid), ("name", _text), *_SOURCE),
    CreateChannel: (
        *_WRITE,
        ("channel_id", _id),
        ("server_id", _uuid),
        ("name", _text),
        ("topic", _or_none(_text)),
        *_SOURCE,
    ),
    AddAgent: (*_WRITE, ("server_id", _uuid), ("agent_id", _uuid), ("name", _text)),
    Join: _MOVE,
    Leave: _MOVE,
    Send: (*_POST, ("author_id", _id), ("in_reply_to", _or_none(_id))),
    Reply: (*_POST, ("agent_id", _uuid), ("answers", _id)),
    Edit: (*_CHANGE, ("text", _filled_text), ("rev", _whole(1, REV_MAX, "the number of the edit"))),
    Delete: _CHANGE,
    LatestPage: _PAGE,
    PageBack: (*_PAGE, ("before_ms", _AT_MS)),
    RecallContext: (*_PAGE, ("agent_id", _uuid)),
    ListChannels: (("server_id", _uuid),),
    ListParticipants: (("channel_id", _id),),
    IsParticipant: (("channel_id", _id), ("member_id", _id)),
    ListServers: (("agent_id", _uuid),),
}
