"""The facts of the model in the relations of the canonical projection, and the bounds within which designs may differ.

When an agent's own rows of servers, channels and members come into being is a design's choice: at the first message
that it is delivered (its own replies too), or earlier. The projection has the latest moment, the lower bound; `Bounds`
has the earliest one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from workloads.facts import ChannelFacts, Facts, Message, Reach, ServerFacts
from workloads.projection import (
    AgentChannelRow,
    AgentMemberRow,
    AgentMessageRow,
    AgentRow,
    AgentServerRow,
    ChannelRow,
    MemberRow,
    MessageRow,
    Projection,
    ServerRow,
    canonical_json,
    ordered,
)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The most that an agent may know: every row a design has in these relations must be among them.

    `a_server`: servers the agent was ever added to. `a_channel`: channels it ever joined. `a_member`: who is a member
    now of a channel that it is a member of now, itself included.
    """

    a_server: tuple[AgentServerRow, ...]
    a_channel: tuple[AgentChannelRow, ...]
    a_member: tuple[AgentMemberRow, ...]


def project(facts: Facts, only: Collection[str] | None, reach: Reach) -> Projection:
    """All facts, or those of some channels and of their servers; agents' copies as edits and deletes reach them."""
    channels, servers = _chosen(facts, only)
    messages = [message for channel in channels for message in channel.timeline]
    return Projection(
        c_server=ordered(_server_row(server) for server in servers),
        c_channel=ordered(_channel_row(channel) for channel in channels),
        c_agent=ordered(AgentRow(s.created.server_id, a, facts.agents[a]) for s in servers for a in s.agents),
        c_member=ordered(MemberRow(c.created.channel_id, member) for c in channels for member in c.members),
        c_message=ordered(_message_row(message) for message in messages if not message.deleted),
        a_server=ordered(_agent_servers(servers, (server.told for server in servers))),
        a_channel=ordered(_agent_channels(channels, (channel.recalled for channel in channels))),
        a_member=ordered(
            AgentMemberRow(agent, channel.created.channel_id, member)
            for channel in channels
            for member, listeners in channel.heard.items()
            for agent in listeners
            if member in channel.members and agent in channel.members
        ),
        a_message=ordered(row for message in messages for row in _copies(message, reach)),
    )


def bounds(facts: Facts, only: Collection[str] | None) -> Bounds:
    """The upper bounds that go with `project` of the same channels."""
    channels, servers = _chosen(facts, only)
    return Bounds(
        a_server=ordered(_agent_servers(servers, (server.agents for server in servers))),
        a_channel=ordered(_agent_channels(channels, (channel.joined_by for channel in channels))),
        a_member=ordered(
            AgentMemberRow(agent, channel.created.channel_id, member)
            for channel in channels
            for agent in channel.agents
            for member in channel.members
        ),
    )


def _chosen(facts: Facts, only: Collection[str] | None) -> tuple[list[ChannelFacts], list[ServerFacts]]:
    if only is None:
        return list(facts.channels.values()), list(facts.servers.values())
    channels = [facts.channels[channel] for channel in dict.fromkeys(only) if channel in facts.channels]
    of_servers = dict.fromkeys(channel.created.server_id for channel in channels)
    return channels, [facts.servers[server] for server in of_servers]


def _server_row(server: ServerFacts) -> ServerRow:
    created = server.created
    return ServerRow(
        created.server_id,
        created.name,
        created.source_type,
        created.source_id,
        canonical_json(created.metadata),
        created.at_ms,
    )


def _channel_row(channel: ChannelFacts) -> ChannelRow:
    created = channel.created
    return ChannelRow(
        created.channel_id,
        created.server_id,
        created.name,
        created.kind.value,
        created.source_type,
        created.source_id,
        created.topic,
        canonical_json(created.metadata),
        created.at_ms,
    )


def _agent_servers(servers: Iterable[ServerFacts], agents: Iterable[Iterable[str]]) -> Iterator[AgentServerRow]:
    for server, of_server in zip(servers, agents, strict=True):
        row = _server_row(server)
        yield from (AgentServerRow(agent, *row) for agent in of_server)


def _agent_channels(channels: Iterable[ChannelFacts], agents: Iterable[Iterable[str]]) -> Iterator[AgentChannelRow]:
    for channel, of_channel in zip(channels, agents, strict=True):
        row = _channel_row(channel)
        yield from (AgentChannelRow(agent, *row) for agent in of_channel)


def _message_row(message: Message) -> MessageRow:
    operation = message.operation
    target = message.answers
    return MessageRow(
        message.id,
        operation.channel_id,
        message.author,
        message.text,
        canonical_json(operation.metadata) or "{}",
        operation.source_type,
        None if target is None or target.deleted else target.id,
        message.rev,
        operation.at_ms,
    )


def _copies(message: Message, reach: Reach) -> Iterator[AgentMessageRow]:
    if message.deleted and reach.deletes:
        return
    row = _message_row(message)
    if not reach.edits:
        row = row._replace(text=message.operation.text, rev=0)
    target = message.answers
    there = target is not None and not (target.deleted and reach.deletes)
    for agent in message.holders:
        # A link to what this agent never got is no link on its side.
        link = target.id if target is not None and there and agent in target.holders else None
        yield AgentMessageRow(agent, *row._replace(in_reply_to=link))
