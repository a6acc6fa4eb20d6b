"""The operations: what a user, an agent or an operator asks of a chat server.

Every write has a `key` (the id its client gave it, unique in its workload) and `at_ms`, the time that belongs to it: milliseconds
since the Unix epoch, UTC, strictly increasing within a channel. Attempts of one operation share both.

Ids are text. A server id and an agent id are UUIDs in canonical form, as `message_servers.id` and `agents.id` of the design note
are; ids of channels, users and messages may have any form.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field

Metadata = Mapping[str, object]


class ChannelKind(enum.StrEnum):
    """Who may join: anybody, invited members, or exactly two."""

    PUBLIC = "public"
    PRIVATE = "private"
    DIRECT = "direct"


class Role(enum.StrEnum):
    """What a member of a channel is."""

    USER = "user"
    AGENT = "agent"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody in a channel; an agent's id is a UUID, a user's any text."""

    id: str
    role: Role


@dataclass(frozen=True, slots=True)
class CreateServer:
    """A server (guild, workspace) comes into being."""

    key: str
    at_ms: int
    server_id: str
    name: str
    source_type: str
    source_id: str | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CreateChannel:
    """A channel of a server comes into being, without members."""

    key: str
    at_ms: int
    channel_id: str
    server_id: str
    name: str
    kind: ChannelKind
    source_type: str
    source_id: str | None = None
    topic: str | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AddAgent:
    """An agent is added to a server; the agent itself is registered when it is new."""

    key: str
    at_ms: int
    server_id: str
    agent_id: str
    name: str


@dataclass(frozen=True, slots=True)
class Join:
    """A member enters a channel; entering twice changes nothing."""

    key: str
    at_ms: int
    channel_id: str
    member: Member


@dataclass(frozen=True, slots=True)
class Leave:
    """A member leaves a channel; an agent keeps the copies it has."""

    key: str
    at_ms: int
    channel_id: str
    member: Member


@dataclass(frozen=True, slots=True)
class Send:
    """A user posts a message; `in_reply_to` is the key of an earlier message of the channel."""

    key: str
    at_ms: int
    channel_id: str
    author_id: str
    text: str
    source_type: str
    in_reply_to: str | None = None
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Reply:
    """An agent answers; `answers` is the key of the message that it answers."""

    key: str
    at_ms: int
    channel_id: str
    agent_id: str
    text: str
    source_type: str
    answers: str
    metadata: Metadata = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Edit:
    """A message gets a new text; `rev`, from 1, is higher than that of any edit of the message before."""

    key: str
    at_ms: int
    channel_id: str
    message_key: str
    text: str
    rev: int


@dataclass(frozen=True, slots=True)
class Delete:
    """A message is removed everywhere; removing it twice changes nothing."""

    key: str
    at_ms: int
    channel_id: str
    message_key: str


@dataclass(frozen=True, slots=True)
class LatestPage:
    """The newest messages of a channel, newest first."""

    channel_id: str
    limit: int = 50


@dataclass(frozen=True, slots=True)
class PageBack:
    """The messages of a channel before a time, newest first."""

    channel_id: str
    before_ms: int
    limit: int = 50


@dataclass(frozen=True, slots=True)
class RecallContext:
    """What an agent remembers of a room, newest first: the window it shows its model."""

    agent_id: str
    channel_id: str
    limit: int = 32


@dataclass(frozen=True, slots=True)
class ListChannels:
    """The channels of a server."""

    server_id: str


@dataclass(frozen=True, slots=True)
class ListParticipants:
    """The members of a channel."""

    channel_id: str


@dataclass(frozen=True, slots=True)
class IsParticipant:
    """Whether somebody is a member of a channel."""

    channel_id: str
    member_id: str


@dataclass(frozen=True, slots=True)
class ListServers:
    """The servers an agent was added to."""

    agent_id: str


Write = CreateServer | CreateChannel | AddAgent | Join | Leave | Send | Reply | Edit | Delete
Read = LatestPage | PageBack | RecallContext | ListChannels | ListParticipants | IsParticipant | ListServers
Operation = Write | Read

WRITES: tuple[type[Write], ...] = (CreateServer, CreateChannel, AddAgent, Join, Leave, Send, Reply, Edit, Delete)
READS: tuple[type[Read], ...] = (
    LatestPage,
    PageBack,
    RecallContext,
    ListChannels,
    ListParticipants,
    IsParticipant,
    ListServers,
)

KIND: dict[type[Operation], str] = {
    CreateServer: "create_server",
    CreateChannel: "create_channel",
    AddAgent: "add_agent",
    Join: "join",
    Leave: "leave",
    Send: "send",
    Reply: "reply",
    Edit: "edit",
    Delete: "delete",
    LatestPage: "latest_page",
    PageBack: "page_back",
    RecallContext: "recall_context",
    ListChannels: "list_channels",
    ListParticipants: "list_participants",
    IsParticipant: "is_participant",
    ListServers: "list_servers",
}


def kind_of(operation: Operation) -> str:
    """The operation kind as written in tables, charts and files, such as `send`; an agent's join is `join_agent`."""
    if isinstance(operation, (Join, Leave)) and operation.member.role is Role.AGENT:
        return f"{KIND[type(operation)]}_agent"
    return KIND[type(operation)]


def author_of(message: Send | Reply) -> str:
    """Who wrote a message: a user, or the agent that answers."""
    return message.author_id if isinstance(message, Send) else message.agent_id


@dataclass(frozen=True, slots=True)
class Context:
    """What a design may know about a write besides the operation itself.

    `created_at_ms` is the operation's time, the same for each attempt. `message_id` is the central id of the message that is
    written, edited or deleted, fixed before any task runs; `reply_to_id` that of the message which is answered, or None when
    it no longer exists. `server` and `channel` are the facts that a platform's event brings along (name, kind, source), given
    to every design alike. `recipients` are the agents that must be told (for a reply: the other ones), `holders` those that
    have a copy of the message, `members` who is in the channel, the joining or leaving one not counted. `attempt` counts from 1.
    """

    created_at_ms: int
    attempt: int
    server: CreateServer | None = None
    channel: CreateChannel | None = None
    message_id: str | None = None
    reply_to_id: str | None = None
    recipients: tuple[str, ...] = ()
    holders: tuple[str, ...] = ()
    members: tuple[Member, ...] = ()
