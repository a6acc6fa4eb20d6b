"""The canonical projection: what a store must be able to say, in the same words for every design.

Each relation is a set of rows; the order of messages is their `created_at_ms` alone. Texts of JSON are canonical (sorted keys).
`None` stands for a fact that is absent. Views of designs deliver these relations with exactly these columns, in this order;
`c_message` and `a_message` bring two more behind them, `seq` and `xid` (see `variants.contract`), which are not part of the facts.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import NamedTuple, TypeVar


class ServerRow(NamedTuple):
    """A server as the central side knows it."""

    server: str
    name: str
    source_type: str | None
    source_id: str | None
    metadata: str | None
    created_at_ms: int | None


class ChannelRow(NamedTuple):
    """A channel as the central side knows it."""

    channel: str
    server: str | None
    name: str
    kind: str | None
    source_type: str | None
    source_id: str | None
    topic: str | None
    metadata: str | None
    created_at_ms: int | None


class AgentRow(NamedTuple):
    """An agent that was added to a server."""

    server: str
    agent: str
    name: str


class MemberRow(NamedTuple):
    """A member of a channel."""

    channel: str
    member: str


class MessageRow(NamedTuple):
    """A message as the central side has it."""

    message: str
    channel: str
    author: str
    text: str | None
    metadata: str | None
    source_type: str | None
    in_reply_to: str | None
    rev: int
    created_at_ms: int


class AgentServerRow(NamedTuple):
    """A server as an agent knows it."""

    agent: str
    server: str
    name: str | None
    source_type: str | None
    source_id: str | None
    metadata: str | None
    created_at_ms: int | None


class AgentChannelRow(NamedTuple):
    """A channel as an agent knows it."""

    agent: str
    channel: str
    server: str | None
    name: str | None
    kind: str | None
    source_type: str | None
    source_id: str | None
    topic: str | None
    metadata: str | None
    created_at_ms: int | None


class AgentMemberRow(NamedTuple):
    """A member of a channel as an agent knows it."""

    agent: str
    channel: str
    member: str


class AgentMessageRow(NamedTuple):
    """A message as an agent has it; `message` is None when the copy does not tell which message it is of."""

    agent: str
    message: str | None
    channel: str
    author: str
    text: str | None
    metadata: str | None
    source_type: str | None
    in_reply_to: str | None
    rev: int
    created_at_ms: int


Row = (
    ServerRow | ChannelRow | AgentRow | MemberRow | MessageRow | AgentServerRow | AgentChannelRow | AgentMemberRow | AgentMessageRow
)

RELATIONS: dict[str, type[Row]] = {
    "c_server": ServerRow,
    "c_channel": ChannelRow,
    "c_agent": AgentRow,
    "c_member": MemberRow,
    "c_message": MessageRow,
    "a_server": AgentServerRow,
    "a_channel": AgentChannelRow,
    "a_member": AgentMemberRow,
    "a_message": AgentMessageRow,
}


@dataclass(frozen=True, slots=True)
class Projection:
    """All relations, each a tuple of rows in sorted order."""

    c_server: tuple[ServerRow, ...]
    c_channel: tuple[ChannelRow, ...]
    c_agent: tuple[AgentRow, ...]
    c_member: tuple[MemberRow, ...]
    c_message: tuple[MessageRow, ...]
    a_server: tuple[AgentServerRow, ...]
    a_channel: tuple[AgentChannelRow, ...]
    a_member: tuple[AgentMemberRow, ...]
    a_message: tuple[AgentMessageRow, ...]

    def digest(self) -> str:
        """SHA-256 over all relations; equal digests mean equal facts."""
        hasher = hashlib.sha256()
        for relation in fields(self):
            hasher.update(relation.name.encode())
            for row in getattr(self, relation.name):
                hasher.update(json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode())
                hasher.update(b"\n")
        return hasher.hexdigest()


KEY_COLUMNS: dict[str, int] = {
    "c_server": 1,
    "c_channel": 1,
    "c_agent": 2,
    "c_member": 2,
    "c_message": 1,
    "a_server": 2,
    "a_channel": 2,
    "a_member": 3,
    "a_message": 2,
}
"""How many of the first columns of a relation say which thing a row is about; the others say what is known of it."""

SHOWN_CHARACTERS = 100
"""A longer value is cut where a difference is told; the difference itself is in the whole value."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing of which two projections know different facts; None stands for the side that has no row of it."""

    relation: str
    expected: Row | None
    observed: Row | None

    def __str__(self) -> str:
        """A line for people: which thing, and what is missing, not expected or otherwise than expected."""
        row = self.expected or self.observed
        if row is None:
            return f"{self.relation}: nothing"
        keys = KEY_COLUMNS[self.relation]
        cells = list(zip(row._fields, row, strict=True))
        thing = f"{self.relation}: " + ", ".join(f"{name}={_shown(value)}" for name, value in cells[:keys])
        if self.expected is not None and self.observed is not None:
            pairs = zip(row._fields, self.expected, self.observed, strict=True)
            changes = (f"{name} is {_shown(got)}, not {_shown(want)}" for name, want, got in pairs if want != got)
            return f"{thing}: {'; '.join(changes)}"
        rest = "".join(f", {name}={_shown(value)}" for name, value in cells[keys:])
        return f"{thing}: {'missing' if self.observed is None else 'not expected'}{rest}"


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else f"{text[:SHOWN_CHARACTERS]}... ({len(text)} characters)"


R = TypeVar("R", bound=Row)


def canonical_json(value: Mapping[str, object] | None) -> str | None:
    """JSON text with sorted keys, for comparing; None stays None."""
    return None if value is None else json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def sort_key(row: Row) -> tuple[tuple[bool, object], ...]:
    """An order in which None comes before every value."""
    return tuple((value is not None, value if value is not None else 0) for value in row)


def ordered(rows: Iterable[R]) -> tuple[R, ...]:
    """Rows in canonical order; duplicates stay, since a view that repeats a row is wrong."""
    found = list(rows)
    try:
        # Comparing rows as they are is several times faster, and the same order while no column has None beside a value.
        return tuple(sorted(found))
    except TypeError:
        return tuple(sorted(found, key=sort_key))


def relations(projection: Projection) -> dict[str, tuple[Row, ...]]:
    """The relations by name."""
    return {relation.name: getattr(projection, relation.name) for relation in fields(projection)}
