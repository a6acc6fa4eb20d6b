"""The rules of the domain: what a write changes, and when it is refused. The same for every design."""

from __future__ import annotations

from workloads.facts import ChannelFacts, Facts, Interval, Message, ServerFacts
from workloads.operations import (
    AddAgent,
    ChannelKind,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Reply,
    Role,
    Send,
    Write,
)

DIRECT_MEMBERS = 2


class Refused(Exception):
    """A write that the domain does not allow: nothing was changed. `reason` is one line."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def apply(facts: Facts, write: Write, context: Context) -> None:
    """Change the facts as the write says, or raise `Refused` and change nothing."""
    match write:
        case Send() | Reply():
            _post(facts, write, context)
        case Edit():
            _edit(facts, write)
        case Delete():
            _delete(facts, write)
        case Join():
            _join(facts, write)
        case Leave():
            _leave(facts, write)
        case CreateChannel():
            _create_channel(facts, write)
        case AddAgent():
            _add_agent(facts, write)
        case CreateServer():
            _create_server(facts, write)


def _create_server(facts: Facts, write: CreateServer) -> None:
    if write.server_id in facts.servers:
        raise Refused(f"server {write.server_id} exists already")
    _not_an_agent(facts, write.server_id, "server")
    facts.servers[write.server_id] = ServerFacts(write)


def _create_channel(facts: Facts, write: CreateChannel) -> None:
    server = _server(facts, write.server_id)
    if write.channel_id in facts.channels:
        raise Refused(f"channel {write.channel_id} exists already")
    _not_an_agent(facts, write.channel_id, "channel")
    server.channels.append(write.channel_id)
    facts.channels[write.channel_id] = ChannelFacts(write, clock_ms=write.at_ms)


def _add_agent(facts: Facts, write: AddAgent) -> None:
    server = _server(facts, write.server_id)
    if write.agent_id in facts.users:
        raise Refused(f"{write.agent_id} is a user, not an agent")
    for kind, taken in (("server", facts.servers), ("channel", facts.channels)):
        if write.agent_id in taken:
            raise Refused(f"{write.agent_id} is a {kind}, not an agent")
    facts.agents.setdefault(write.agent_id, write.name)
    server.agents[write.agent_id] = None
    server.added[write.agent_id] += 1


def _not_an_agent(facts: Facts, central_id: str, kind: str) -> None:
    # An agent knows itself under its own id, so a server or channel of that id would be the agent's own world or room.
    if central_id in facts.agents:
        raise Refused(f"{central_id} is an agent, not a {kind}")


def _join(facts: Facts, write: Join) -> None:
    channel = _channel(facts, write)
    member = write.member
    if member.role is Role.AGENT:
        if member.id not in facts.server_of(channel).agents:
            raise Refused(f"agent {member.id} was not added to the server of channel {write.channel_id}")
    elif member.id in facts.agents:
        raise Refused(f"{member.id} is an agent, not a user")
    if member.id not in channel.members:
        if channel.created.kind is ChannelKind.DIRECT and len(channel.members) >= DIRECT_MEMBERS:
            raise Refused(f"direct channel {write.channel_id} has two members already")
        channel.add_member(member)
        if member.role is Role.AGENT:
            _subscribe(facts, channel, write)
        else:
            facts.users.add(member.id)
    channel.entered[member.id] += 1
    channel.clock_ms = write.at_ms


def _subscribe(facts: Facts, channel: ChannelFacts, write: Join) -> None:
    interval = Interval(write.member.id, write.channel_id, write.at_ms)
    facts.intervals.append(interval)
    facts.open_intervals[(write.member.id, write.channel_id)] = interval
    channel.joined_by.add(write.member.id)


def _leave(facts: Facts, write: Leave) -> None:
    channel = _channel(facts, write)
    present = channel.members.get(write.member.id)
    if present is not None:
        if present.role is not write.member.role:
            raise Refused(f"{present.id} is a member of channel {write.channel_id} as {present.role}")
        channel.remove_member(present)
        if present.role is Role.AGENT:
            facts.open_intervals.pop((present.id, write.channel_id)).to_ms = write.at_ms
    channel.clock_ms = write.at_ms


def _post(facts: Facts, write: Send | Reply, context: Context) -> None:
    channel = _channel(facts, write)
    if isinstance(write, Send):
        author, answered = write.author_id, write.in_reply_to
        if not channel.is_user(author):
            raise Refused(f"user {author} is not a member of channel {write.channel_id}")
        holders = context.recipients
    else:
        author, answered = write.agent_id, write.answers
        if not channel.is_agent(author):
            raise Refused(f"agent {author} is not a member of channel {write.channel_id}")
        holders = (author, *context.recipients)
    if write.key in facts.messages:
        raise Refused(f"a message with key {write.key} was accepted already")
    target = None if answered is None else _ever_accepted(facts, write.channel_id, answered)
    if target is not None and target.deleted:
        # Nobody is told what is answered, so no store can link to it, not even one that still has copies of it.
        target = None
    if context.message_id is None:
        raise ValueError("the context of a message has its id: take it from Model.context")
    message = Message(write, context.message_id, author, write.text, target, holders)
    facts.messages[write.key] = message
    channel.timeline.append(message)
    channel.clock_ms = write.at_ms
    if holders:
        _deliver(facts, channel, message)
    else:
        facts.unheld.add(message.id)


def _deliver(facts: Facts, channel: ChannelFacts, message: Message) -> None:
    for agent in message.holders:
        channel.recalled.setdefault(agent, []).append(message)
    channel.heard.setdefault(message.author, set()).update(message.holders)
    facts.server_of(channel).told.update(message.holders)


def _edit(facts: Facts, write: Edit) -> None:
    channel = _channel(facts, write)
    message = facts.messages.get(write.message_key)
    if message is None or message.deleted or message.operation.channel_id != write.channel_id:
        raise Refused(f"no such message: {write.message_key} in channel {write.channel_id}")
    # The number that is stored is taken again: a repeated attempt must reach the copies that the first one did not.
    if write.rev < message.rev:
        raise Refused(f"edit {write.rev} of message {write.message_key} is older than edit {message.rev}")
    message.text = write.text
    message.rev = write.rev
    channel.clock_ms = write.at_ms


def _delete(facts: Facts, write: Delete) -> None:
    channel = _channel(facts, write)
    message = facts.messages.get(write.message_key)
    if message is not None:
        if message.operation.channel_id != write.channel_id:
            raise Refused(f"message {write.message_key} is of another channel than {write.channel_id}")
        message.deleted = True
    channel.clock_ms = write.at_ms


def _server(facts: Facts, server_id: str) -> ServerFacts:
    server = facts.servers.get(server_id)
    if server is None:
        raise Refused(f"no server {server_id}")
    return server


def _channel(facts: Facts, write: Join | Leave | Send | Reply | Edit | Delete) -> ChannelFacts:
    channel = facts.channels.get(write.channel_id)
    if channel is None:
        raise Refused(f"no channel {write.channel_id}")
    if write.at_ms <= channel.clock_ms:
        raise Refused(f"time {write.at_ms} is not after the last write of channel {write.channel_id}, {channel.clock_ms}")
    return channel


def _ever_accepted(facts: Facts, channel_id: str, key: str) -> Message:
    message = facts.messages.get(key)
    if message is None or message.operation.channel_id != channel_id:
        raise Refused(f"message {key}, which is answered, was never in channel {channel_id}")
    return message
