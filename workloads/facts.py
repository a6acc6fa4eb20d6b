"""What the reference model holds: the facts of one chat world, in memory. Rules and answers live beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from workloads.operations import CreateChannel, CreateServer, Member, Reply, Role, Send


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether edits and deletes of a message reach the copies that agents have of it, as the domain wants."""

    edits: bool = True
    deletes: bool = True


WHOLE = Reach()


@dataclass(slots=True, eq=False)
class Message:
    """A message that was accepted. `holders` are the agents with a copy, in order of delivery."""

    operation: Send | Reply
    id: str
    author: str
    text: str
    answers: Message | None
    holders: tuple[str, ...]
    rev: int = 0
    deleted: bool = False


@dataclass(slots=True, eq=False)
class ChannelFacts:
    """A channel, its members and its messages.

    `clock_ms` is the time of its last write. `timeline` and `recalled` (by agent) are in order of time and keep deleted
    messages. `entered` says how often a member entered since it was last away. `heard` maps a member to the agents that got a
    message of it while both were members. `members` is in order of joining. `present` and `agents` repeat `members` as tuples,
    because every message asks for them.
    """

    created: CreateChannel
    clock_ms: int
    members: dict[str, Member] = field(default_factory=dict)
    present: tuple[Member, ...] = ()
    agents: tuple[str, ...] = ()
    timeline: list[Message] = field(default_factory=list)
    recalled: dict[str, list[Message]] = field(default_factory=dict)
    heard: dict[str, set[str]] = field(default_factory=dict)
    joined_by: set[str] = field(default_factory=set)
    entered: Counter[str] = field(default_factory=Counter)

    def add_member(self, member: Member) -> None:
        """Somebody new is in the channel."""
        self.members[member.id] = member
        self._members_changed()

    def remove_member(self, member: Member) -> None:
        """Somebody is gone, and what it heard or was heard of with it."""
        del self.members[member.id]
        del self.entered[member.id]
        self.heard.pop(member.id, None)
        if member.role is Role.AGENT:
            for listeners in self.heard.values():
                listeners.discard(member.id)
        self._members_changed()

    def _members_changed(self) -> None:
        self.present = tuple(self.members.values())
        self.agents = tuple(member.id for member in self.present if member.role is Role.AGENT)

    def is_user(self, member_id: str) -> bool:
        """Whether this is a member now, and a person."""
        member = self.members.get(member_id)
        return member is not None and member.role is Role.USER

    def is_agent(self, member_id: str) -> bool:
        """Whether this is a member now, and an agent."""
        member = self.members.get(member_id)
        return member is not None and member.role is Role.AGENT


@dataclass(slots=True, eq=False)
class ServerFacts:
    """A server, the agents that were added to it, its channels, and the agents that were ever told a message in it.

    `added` says how often an agent was added.
    """

    created: CreateServer
    agents: dict[str, None] = field(default_factory=dict)
    channels: list[str] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    added: Counter[str] = field(default_factory=Counter)


@dataclass(slots=True, eq=False)
class Interval:
    """A subscription of an agent to a channel: from its joining, until its leaving if it left."""

    agent: str
    channel: str
    from_ms: int
    to_ms: int | None = None


@dataclass(slots=True, eq=False)
class Facts:
    """Everything. `agents` maps an id to the name it was registered with; `messages` holds every key ever accepted.

    `unheld` are the ids of messages that no agent was delivered.
    """

    servers: dict[str, ServerFacts] = field(default_factory=dict)
    channels: dict[str, ChannelFacts] = field(default_factory=dict)
    agents: dict[str, str] = field(default_factory=dict)
    users: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)
    unheld: set[str] = field(default_factory=set)
    intervals: list[Interval] = field(default_factory=list)
    open_intervals: dict[tuple[str, str], Interval] = field(default_factory=dict)

    def server_of(self, channel: ChannelFacts) -> ServerFacts:
        """The server of a channel; there is always one."""
        return self.servers[channel.created.server_id]
