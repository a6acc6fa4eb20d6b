"""What the harness tells a design about a write, read from the facts before the write is applied."""

from __future__ import annotations

from workloads.facts import ChannelFacts, Facts, Message
from workloads.ids import central_message_id
from workloads.operations import (
    AddAgent,
    Context,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    Member,
    Reply,
    Send,
    Write,
)


def context(facts: Facts, write: Write, *, attempt: int, fresh_ids: bool, peer_delivery: bool) -> Context:
    """The context of a write as things are now; what is unknown stays empty, and nothing is refused here."""
    if isinstance(write, CreateServer):
        return Context(write.at_ms, attempt)
    if isinstance(write, (CreateChannel, AddAgent)):
        return Context(write.at_ms, attempt, server=_server(facts, write.server_id))
    channel = facts.channels.get(write.channel_id)
    if channel is None:
        return Context(write.at_ms, attempt, message_id=_message_id(facts, write, attempt, fresh_ids))
    recipients, members = _audience(channel, write, peer_delivery)
    return Context(
        created_at_ms=write.at_ms,
        attempt=attempt,
        server=facts.server_of(channel).created,
        channel=channel.created,
        message_id=_message_id(facts, write, attempt, fresh_ids),
        reply_to_id=_reply_to_id(facts, write),
        recipients=recipients,
        holders=_holders(facts, write),
        members=members,
    )


def _server(facts: Facts, server_id: str) -> CreateServer | None:
    server = facts.servers.get(server_id)
    return None if server is None else server.created


def _audience(
    channel: ChannelFacts, write: Join | Leave | Send | Reply | Edit | Delete, peer_delivery: bool
) -> tuple[tuple[str, ...], tuple[Member, ...]]:
    """The agents to be told and the members, each without who joins or leaves."""
    if isinstance(write, (Join, Leave)):
        mover = write.member.id
        if mover not in channel.members:
            return channel.agents, channel.present
        others = tuple(member for member in channel.present if member.id != mover)
        return _without(channel.agents, mover), others
    if isinstance(write, Reply):
        return _without(channel.agents, write.agent_id) if peer_delivery else (), channel.present
    return channel.agents, channel.present


def _without(agents: tuple[str, ...], left_out: str) -> tuple[str, ...]:
    return tuple(agent for agent in agents if agent != left_out)


def _message_id(facts: Facts, write: Write, attempt: int, fresh_ids: bool) -> str | None:
    if isinstance(write, (Send, Reply)):
        return central_message_id(write.key, attempt if fresh_ids else None)
    if isinstance(write, (Edit, Delete)):
        message = facts.messages.get(write.message_key)
        return central_message_id(write.message_key) if message is None else message.id
    return None


def _reply_to_id(facts: Facts, write: Write) -> str | None:
    if isinstance(write, Send):
        key = write.in_reply_to
    elif isinstance(write, Reply):
        key = write.answers
    else:
        return None
    target = None if key is None else _existing(facts, key)
    return None if target is None else target.id


def _holders(facts: Facts, write: Write) -> tuple[str, ...]:
    message = _existing(facts, write.message_key) if isinstance(write, (Edit, Delete)) else None
    return () if message is None else message.holders


def _existing(facts: Facts, key: str) -> Message | None:
    message = facts.messages.get(key)
    return None if message is None or message.deleted else message
