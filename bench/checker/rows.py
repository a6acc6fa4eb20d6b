"""The same as `bench.checker.columns`, as rows of texts: for what is small, made by hand, or altered on purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import Any, NamedTuple

import numpy as np

from bench.checker.columns import NEVER, NULL, NULLABLE, RELATIONS, WORDS, Columns, Kind, Names, Table


class Server(NamedTuple):
    """A server as the central side has it."""

    server: str


class Channel(NamedTuple):
    """A channel as the central side has it; `server` None where it does not tell (a gap)."""

    channel: str
    server: str | None


class Added(NamedTuple):
    """An agent on a server."""

    server: str
    agent: str


class Member(NamedTuple):
    """A member of a channel."""

    channel: str
    member: str


class Message(NamedTuple):
    """A message of the central side; `seq` is its place in the channel's order."""

    message: str
    channel: str
    author: str
    content: str
    reply_to: str | None
    rev: int
    created_at_ms: int
    seq: int


class AgentServer(NamedTuple):
    """A server that an agent knows."""

    agent: str
    server: str


class AgentChannel(NamedTuple):
    """A channel that an agent knows."""

    agent: str
    channel: str
    server: str | None


class AgentMember(NamedTuple):
    """A member that an agent knows in a channel."""

    agent: str
    channel: str
    member: str


class Copy(NamedTuple):
    """An agent's copy of a message; `message` None where it does not tell of which."""

    agent: str
    message: str | None
    channel: str
    author: str
    content: str
    reply_to: str | None
    rev: int
    created_at_ms: int
    seq: int


class Link(NamedTuple):
    """A central id and an agent's own for the same thing; `agent` None for the central side's own."""

    agent: str | None
    kind: str
    central: str | None
    local: str


class Subscribed(NamedTuple):
    """An agent is told the messages of a channel with from_ms <= time < to_ms.

    `sure` 0: it may have been subscribed in this time; 1: it was. A time of which nothing is said: it was not.
    """

    agent: str
    channel: str
    from_ms: int
    to_ms: int = NEVER
    sure: int = 1


class Operated(NamedTuple):
    """One operation of the history.

    `op` is its key. `f` is its kind as `workloads.operations.kind_of` tells it: `send`, `reply`, `edit`, `delete`, `join`, `leave`,
    `join_agent`, `leave_agent`; on other kinds the checkers have no claim. `target` is the key of the message that is edited,
    deleted or answered, None when it was known to be gone. `member` joins or leaves. `told` is what the caller heard: `ok`, `fail`,
    `info` (unknown; also when the client died), or `pending` when the call never returned to a client that lived; `truth` is what
    the server did, as far as somebody knows. `done_ns` is NEVER
    where there was no answer.
    """

    op: str
    f: str
    process: str
    channel: str | None
    author: str | None = None
    target: str | None = None
    member: str | None = None
    told: str = "ok"
    truth: str | None = None
    rev: int = 0
    at_ms: int = 0
    invoke_ns: int = 0
    done_ns: int = 0


class Written(NamedTuple):
    """A message id under which an attempt of an operation wrote, or would have."""

    op: str
    message: str


class Read(NamedTuple):
    """A read of a channel: of the central side (`agent` None), or of what an agent has.

    `f` is `page`, `cursor` (all after position `start`, in the order of positions) or `snapshot` (both sides at one moment).
    `complete` 1: nothing of the channel was left out for want of room.
    """

    read: str
    process: str
    f: str
    channel: str
    agent: str | None = None
    complete: int = 1
    start: int = 0
    invoke_ns: int = 0
    done_ns: int = 0


class Seen(NamedTuple):
    """A message that a read returned, with its position; `agent` says at whom in a snapshot of both sides."""

    read: str
    agent: str | None
    message: str
    position: int


class Session(NamedTuple):
    """Something that should not be there once all faults are over: a session in a transaction, a waiting one, a prepared one."""

    state: str
    name: str


@dataclass(slots=True)
class Rows:
    """All relations; lists, so that a row can be altered or taken away."""

    c_server: list[Server] = field(default_factory=list)
    c_channel: list[Channel] = field(default_factory=list)
    c_agent: list[Added] = field(default_factory=list)
    c_member: list[Member] = field(default_factory=list)
    c_message: list[Message] = field(default_factory=list)
    a_server: list[AgentServer] = field(default_factory=list)
    a_channel: list[AgentChannel] = field(default_factory=list)
    a_member: list[AgentMember] = field(default_factory=list)
    a_message: list[Copy] = field(default_factory=list)
    id_map: list[Link] = field(default_factory=list)
    used_id: list[Link] = field(default_factory=list)
    subscription: list[Subscribed] = field(default_factory=list)
    history: list[Operated] = field(default_factory=list)
    written: list[Written] = field(default_factory=list)
    read: list[Read] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    session: list[Session] = field(default_factory=list)

    def add(self, other: Rows) -> None:
        """The rows of another one, too."""
        for relation in fields(self):
            getattr(self, relation.name).extend(getattr(other, relation.name))


_ROW: Mapping[str, type[Any]] = {
    "c_server": Server,
    "c_channel": Channel,
    "c_agent": Added,
    "c_member": Member,
    "c_message": Message,
    "a_server": AgentServer,
    "a_channel": AgentChannel,
    "a_member": AgentMember,
    "a_message": Copy,
    "id_map": Link,
    "used_id": Link,
    "subscription": Subscribed,
    "history": Operated,
    "written": Written,
    "read": Read,
    "seen": Seen,
    "session": Session,
}


def columns_of(rows: Rows, *, peer_delivery: bool = True, maps_ids: bool | None = None) -> Columns:
    """The rows as columns. `maps_ids` None: the design has a second id space if there is any link."""
    codes = dict(WORDS)
    tables = {name: _table(name, getattr(rows, name), codes) for name in RELATIONS}
    has_links = bool(rows.id_map) if maps_ids is None else maps_ids
    return Columns(names=Names(list(codes)), peer_delivery=peer_delivery, maps_ids=has_links, **tables)


def _table(name: str, rows: Sequence[tuple[Any, ...]], codes: dict[str, int]) -> Table:
    kinds, order = RELATIONS[name], _ROW[name]._fields
    values: Iterable[Sequence[Any]] = zip(*rows, strict=True) if rows else [()] * len(order)
    table: dict[str, Any] = {}
    nullable = NULLABLE.get(name, frozenset())
    for column, cells in zip(order, values, strict=True):
        if kinds[column] is Kind.NUMBER:
            # What a view does not tell is -1, as in the checker in SQL.
            table[column] = np.array([NULL if cell is None else cell for cell in cells], np.int64)
        else:
            named = cells if column in nullable else ["NULL" if cell is None else cell for cell in cells]
            table[column] = np.array([NULL if cell is None else codes.setdefault(cell, len(codes)) for cell in named], np.int32)
    return table
