"""The central side of the design note's Phase 2: `central_servers` and `central_channels`.

"`central_channels`: Just `id`, `name`, `created_at`", "`central_servers`: Just `id`, `name`, `created_at`", defaults included, but
for the precision of their times, which is milliseconds as everywhere here; no time relies on a default. What else there is to say
of a server or channel is said by agents' worlds and rooms.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Column, MetaData, Table, Text, func
from sqlalchemy.types import TypeEngine

from variants.contract import Gap, GapKind, Query, Side, Statement, View
from variants.schema.agent_views import any_room_of, any_world_of
from variants.schema.columns import MILLISECONDS
from variants.schema.inserts import one_row
from workloads import operations as ops

NAMES_GAPS = (
    Gap(
        GapKind.CHANNEL_SERVER_BEFORE_JOIN,
        "a channel's server is known through a room",
        "`central_channels`: Just `id`, `name`, `created_at`",
    ),
    Gap(
        GapKind.CHANNEL_ATTRIBUTES_BEFORE_JOIN,
        "kind, source, topic and metadata of a channel live in rooms, which an agent's join makes",
        "Metadata only in `rooms` (agent layer)",
    ),
    Gap(
        GapKind.SERVER_ATTRIBUTES_BEFORE_AGENT,
        "source and metadata of a server live in worlds, which adding an agent makes",
        "`central_servers`: Just `id`, `name`, `created_at`",
    ),
)
"""What a design with these tables cannot say while no agent can say it; its worlds and rooms come with memberships."""

MEMBERS_GAP = Gap(
    GapKind.MEMBERS_WITHOUT_AGENT,
    "participants belong to an agent's room: who joins while no agent is there is stored nowhere, and only the list of "
    "members that comes with an agent's join brings them back",
    "Remove `channel_participants` and `server_agents` (use existing `participants` and `worlds.agentId`)",
)
"""What a design without `channel_participants` cannot say."""


class NamesAndTimes:
    """The two tables and their inserts; `server_id` is the type of a server's id."""

    def __init__(self, metadata: MetaData, server_id: TypeEngine[str]) -> None:
        self.servers, self.channels = (
            Table(
                name,
                metadata,
                Column("id", kind, primary_key=True),
                Column("name", Text, nullable=False),
                Column("created_at", MILLISECONDS, server_default=func.now()),
            )
            for name, kind in (("central_servers", server_id), ("central_channels", Text()))
        )
        self._add_server = Query(Side.CENTRAL, one_row(self.servers))
        self._add_channel = Query(Side.CENTRAL, one_row(self.channels))

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The server's row."""
        return self._add_server(needs_rows=False, id=operation.server_id, name=operation.name, created_at=operation.at_ms)

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The channel's row."""
        return self._add_channel(needs_rows=False, id=operation.channel_id, name=operation.name, created_at=operation.at_ms)


def names_views() -> Mapping[str, View]:
    """`c_server` and `c_channel`: names and times centrally, the rest from any agent's row (all are equal)."""
    return {
        "c_server": f"""
            SELECT s.id::text AS server, s.name, w.source_type, w.source_id, w.metadata, s.created_at
            FROM central_servers s {any_world_of("s.id::text")}""",
        "c_channel": f"""
            SELECT c.id AS channel, r.server, c.name, r.kind, r.source_type, r.source_id, r.topic, r.metadata, c.created_at
            FROM central_channels c {any_room_of("c.id")}""",
    }
