"""Answers of reads, in the same words for every design."""

from __future__ import annotations

from typing import NamedTuple


class PageRow(NamedTuple):
    """A message on a page of a channel (`LatestPage`, `PageBack`), newest first."""

    message: str
    author: str
    text: str | None
    in_reply_to: str | None
    created_at_ms: int


class RecallRow(NamedTuple):
    """A message in what an agent recalls (`RecallContext`), newest first; ids are the central ones, None when not known."""

    message: str | None
    author: str
    text: str
    created_at_ms: int


class ListedChannelRow(NamedTuple):
    """A channel of a server (`ListChannels`), in any order."""

    channel: str
    name: str


class ParticipantRow(NamedTuple):
    """A member of a channel (`ListParticipants`), in any order."""

    member: str


class IsParticipantRow(NamedTuple):
    """The one row that `IsParticipant` answers."""

    is_participant: bool


class ListedServerRow(NamedTuple):
    """A server of an agent (`ListServers`), in any order."""

    server: str
    name: str


AnswerRow = PageRow | RecallRow | ListedChannelRow | ParticipantRow | IsParticipantRow | ListedServerRow
