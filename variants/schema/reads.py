"""The reads: a page of a channel, an agent's context, and four short lists.

A design brings the queries; how a read is put to them and what its rows mean is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, bindparam

from variants.contract import Query, Reading, Side
from workloads import answers
from workloads import operations as ops


def as_given(central_id: str) -> str:
    """The key of a channel or member in a design whose central ids are keys themselves."""
    return central_id


def newest(query: Select[Any], created_at: ColumnElement[Any]) -> Select[Any]:
    """The newest rows of a query, `limit` of them, newest first."""
    return query.order_by(created_at.desc()).limit(bindparam("limit", type_=Integer))


class Pages:
    """Pages of a channel.

    `page` makes the query of the rows of `workloads.answers.PageRow` that fulfil a condition; `channel` and `created_at` are the
    columns that the condition is about; `key` maps a channel's id to the value of `channel`.
    """

    def __init__(
        self,
        page: Callable[[ColumnElement[bool]], Select[Any]],
        channel: ColumnElement[Any],
        created_at: ColumnElement[Any],
        key: Callable[[str], str] = as_given,
    ) -> None:
        here = channel == bindparam("channel")
        self._latest = Query(Side.CENTRAL, page(here))
        self._back = Query(Side.CENTRAL, page(here & (created_at < bindparam("before"))))
        self._key = key

    def read(self, operation: ops.LatestPage | ops.PageBack) -> Reading:
        """One page."""
        channel = self._key(operation.channel_id)
        match operation:
            case ops.LatestPage(limit=limit):
                rows = yield self._latest(channel=channel, limit=limit)
            case ops.PageBack(before_ms=before, limit=limit):
                rows = yield self._back(channel=channel, before=before, limit=limit)
        return [answers.PageRow(*row) for row in rows]


@dataclass(frozen=True, slots=True)
class Lists:
    """The short reads, each one query with these parameters.

    `channels` (server) gives id and name, `participants` (channel) ids, `is_participant` (channel, member) a truth value,
    `servers` (agent) id and name. `key` maps the id of a server, channel or member to the value that the queries compare.
    """

    channels: Query
    participants: Query
    is_participant: Query
    servers: Query
    key: Callable[[str], str] = as_given

    def read(self, operation: ops.ListChannels | ops.ListParticipants | ops.IsParticipant | ops.ListServers) -> Reading:
        """One of the lists."""
        match operation:
            case ops.ListChannels(server_id=server):
                return [answers.ListedChannelRow(*row) for row in (yield self.channels(server=self.key(server)))]
            case ops.ListParticipants(channel_id=channel):
                return [answers.ParticipantRow(*row) for row in (yield self.participants(channel=self.key(channel)))]
            case ops.IsParticipant(channel_id=channel, member_id=member):
                rows = yield self.is_participant(channel=self.key(channel), member=self.key(member))
                return [answers.IsParticipantRow(*row) for row in rows]
            case ops.ListServers(agent_id=agent):
                return [answers.ListedServerRow(*row) for row in (yield self.servers(agent=agent))]


@dataclass(frozen=True, slots=True)
class Reads:
    """Where a design finds the answer of each read."""

    pages: Pages
    recall: Callable[[ops.RecallContext], Reading]
    lists: Lists

    def read(self, operation: ops.Read) -> Reading:
        """Any read."""
        match operation:
            case ops.LatestPage() | ops.PageBack():
                return self.pages.read(operation)
            case ops.RecallContext():
                return self.recall(operation)
            case _:
                return self.lists.read(operation)
