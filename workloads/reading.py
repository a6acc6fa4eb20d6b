"""The expected answer of every read."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import assert_never

from workloads.answers import (
    AnswerRow,
    IsParticipantRow,
    ListedChannelRow,
    ListedServerRow,
    PageRow,
    ParticipantRow,
    RecallRow,
)
from workloads.facts import Facts, Message, Reach
from workloads.operations import (
    IsParticipant,
    LatestPage,
    ListChannels,
    ListParticipants,
    ListServers,
    PageBack,
    Read,
    RecallContext,
)


def answer(facts: Facts, read: Read, reach: Reach) -> tuple[AnswerRow, ...]:
    """The rows that a store must answer: pages and recall newest first, lists sorted, no row for what is unknown.

    An agent recalls its copies as edits and deletes reach them.
    """
    match read:
        case LatestPage():
            return _page(_timeline(facts, read.channel_id), read.limit)
        case PageBack():
            timeline = _timeline(facts, read.channel_id)
            end = bisect_left(timeline, read.before_ms, key=lambda message: message.operation.at_ms)
            return _page(timeline, read.limit, end)
        case RecallContext():
            channel = facts.channels.get(read.channel_id)
            copies = [] if channel is None else channel.recalled.get(read.agent_id, [])
            newest = islice(_newest_first(copies, len(copies), deleted=not reach.deletes), read.limit)
            return tuple(RecallRow(m.id, m.author, m.text if reach.edits else m.operation.text, m.operation.at_ms) for m in newest)
        case ListChannels():
            server = facts.servers.get(read.server_id)
            ids = sorted(server.channels) if server is not None else []
            return tuple(ListedChannelRow(channel, facts.channels[channel].created.name) for channel in ids)
        case ListParticipants():
            channel = facts.channels.get(read.channel_id)
            return tuple(ParticipantRow(member) for member in sorted(channel.members)) if channel is not None else ()
        case IsParticipant():
            channel = facts.channels.get(read.channel_id)
            return (IsParticipantRow(channel is not None and read.member_id in channel.members),)
        case ListServers():
            of_agent = [server.created for server in facts.servers.values() if read.agent_id in server.agents]
            return tuple(sorted(ListedServerRow(server.server_id, server.name) for server in of_agent))
        case _:
            assert_never(read)


def _timeline(facts: Facts, channel_id: str) -> list[Message]:
    channel = facts.channels.get(channel_id)
    return [] if channel is None else channel.timeline


def _page(timeline: Sequence[Message], limit: int, end: int | None = None) -> tuple[PageRow, ...]:
    newest = islice(_newest_first(timeline, len(timeline) if end is None else end), limit)
    return tuple(_page_row(message) for message in newest)


def _page_row(message: Message) -> PageRow:
    target = message.answers
    link = None if target is None or target.deleted else target.id
    return PageRow(message.id, message.author, message.text, link, message.operation.at_ms)


def _newest_first(messages: Sequence[Message], end: int, *, deleted: bool = False) -> Iterator[Message]:
    # By index, not by slice: a page must not copy the whole channel.
    return (message for message in map(messages.__getitem__, range(end - 1, -1, -1)) if deleted or not message.deleted)
