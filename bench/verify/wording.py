"""Operations in words, one line each, for people. Pure."""

from __future__ import annotations

from workloads.operations import (
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
    Operation,
    PageBack,
    RecallContext,
    Reply,
    Send,
)

SHOWN_CHARACTERS = 60
"""A longer text is cut."""


def worded(operation: Operation) -> str:
    """The operation with the ids that matter; a write begins with its key."""
    match operation:
        case CreateServer(key=key, server_id=server, name=name):
            return f"{_q(key)}: create server {_q(server)} named {_q(name)}"
        case CreateChannel(key=key, channel_id=channel, server_id=server, kind=kind):
            return f"{_q(key)}: create {kind} channel {_q(channel)} in server {_q(server)}"
        case AddAgent(key=key, agent_id=agent, server_id=server):
            return f"{_q(key)}: add agent {_q(agent)} to server {_q(server)}"
        case Join(key=key, channel_id=channel, member=member):
            return f"{_q(key)}: {member.role} {_q(member.id)} joins channel {_q(channel)}"
        case Leave(key=key, channel_id=channel, member=member):
            return f"{_q(key)}: {member.role} {_q(member.id)} leaves channel {_q(channel)}"
        case Send(key=key, channel_id=channel, author_id=author, text=text, in_reply_to=answered):
            about = "" if answered is None else f", answering {_q(answered)}"
            return f"{_q(key)}: user {_q(author)} sends {_q(text)} to channel {_q(channel)}{about}"
        case Reply(key=key, channel_id=channel, agent_id=agent, text=text, answers=answered):
            return f"{_q(key)}: agent {_q(agent)} replies {_q(text)} in channel {_q(channel)}, answering {_q(answered)}"
        case Edit(key=key, message_key=message, text=text, rev=rev):
            return f"{_q(key)}: edit {rev} of message {_q(message)} to {_q(text)}"
        case Delete(key=key, message_key=message):
            return f"{_q(key)}: delete message {_q(message)}"
        case LatestPage(channel_id=channel, limit=limit):
            return f"read the latest {limit} messages of channel {_q(channel)}"
        case PageBack(channel_id=channel, before_ms=before_ms, limit=limit):
            return f"read {limit} messages of channel {_q(channel)} before {before_ms} ms"
        case RecallContext(agent_id=agent, channel_id=channel, limit=limit):
            return f"agent {_q(agent)} recalls {limit} messages of channel {_q(channel)}"
        case ListChannels(server_id=server):
            return f"list the channels of server {_q(server)}"
        case ListParticipants(channel_id=channel):
            return f"list the members of channel {_q(channel)}"
        case IsParticipant(channel_id=channel, member_id=member):
            return f"ask whether {_q(member)} is in channel {_q(channel)}"
        case ListServers(agent_id=agent):
            return f"list the servers of agent {_q(agent)}"


def _q(text: object) -> str:
    """Quoted, on one line, cut when it is long; what a design or a plug-in put in place of a text is shown as it is."""
    shown = repr(text)
    return shown if len(shown) <= SHOWN_CHARACTERS else f"{shown[:SHOWN_CHARACTERS]}... ({len(shown) - 2} characters)"
