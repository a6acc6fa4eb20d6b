"""What an operation touches, so that none overtakes another one that touches the same. Pure."""

from __future__ import annotations

from workloads.operations import (
    AddAgent,
    CreateChannel,
    CreateServer,
    Delete,
    Edit,
    Join,
    Leave,
    ListChannels,
    ListServers,
    Operation,
    Reply,
    Send,
)

Thing = tuple[str, str]
"""What is touched: its kind (`channel`, `server`, `member`, also for agents) and its id."""


def touched(operation: Operation) -> tuple[Thing, ...]:
    """Everything that an operation must not share with one under way: its channel, and whatever is wider than a channel.

    A member that enters or leaves touches itself, so that it enters one channel after another; an agent that is added to a server
    touches both.
    """
    match operation:
        case CreateServer() | ListChannels():
            return (("server", operation.server_id),)
        case CreateChannel():
            return (("server", operation.server_id), ("channel", operation.channel_id))
        case AddAgent():
            return (("server", operation.server_id), ("member", operation.agent_id))
        case Join() | Leave():
            return (("channel", operation.channel_id), ("member", operation.member.id))
        case ListServers():
            return (("member", operation.agent_id),)
        case _:
            return (("channel", operation.channel_id),)


def needed_messages(operation: Operation) -> tuple[str, ...]:
    """The keys of the messages without which an operation means nothing: what it answers, edits or deletes."""
    match operation:
        case Send(in_reply_to=str(key)) | Reply(answers=key) | Edit(message_key=key) | Delete(message_key=key):
            return (key,)
        case _:
            return ()
