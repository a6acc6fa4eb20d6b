"""Option B's central side: `message_servers` and `channels` of ids and names, to which keys from the agent tables point."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import MetaData

from variants.contract import Gap, GapKind, Indexes, Options, Side, View
from variants.schema.agent_indexes import drawn_agent_tables
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_views import any_room_of, any_world_of
from variants.schema.central_members import AGENT_VIEW, MEMBER_VIEW
from variants.schema.central_store import CentralStore

MINIMAL_GAPS = (
    Gap(
        GapKind.SERVER_ATTRIBUTES_BEFORE_MESSAGE,
        "source, metadata and time of a server live in worlds, written with the first message an agent is told",
        "Make central schema minimal (just IDs and names)",
    ),
    Gap(
        GapKind.CHANNEL_ATTRIBUTES_BEFORE_MESSAGE,
        "kind, source, topic, metadata and time of a channel live in rooms, written with the first message",
        "Agent schema has all the rich data",
    ),
)


def minimal_central(tables: Mapping[Side, MetaData], level: Indexes, options: Options) -> tuple[CentralStore, AgentTables]:
    """Both sides' tables but `root_messages`, with `rooms.channelId` and `worlds.serverId` "FK enforced" in one database."""
    central = CentralStore(tables[Side.CENTRAL], level, minimal=True)
    keys = options.cross_side_foreign_keys
    central_ids = (central.servers.c.id, central.channels.c.id) if keys else None
    agents = drawn_agent_tables(tables[Side.AGENT], level, central_ids=central_ids)
    if keys:
        central.link_agents(agents.agents)
    return central, agents


def minimal_views() -> Mapping[str, View]:
    """The central views but `c_message`: names centrally, attributes from any agent's row (all are equal)."""
    return {
        "c_server": f"""
            SELECT s.id AS server, s.name, w.source_type, w.source_id, w.metadata, w.created_at
            FROM message_servers s {any_world_of("s.id")}""",
        "c_channel": f"""
            SELECT c.id AS channel, c.server_id AS server, c.name, r.kind, r.source_type, r.source_id, r.topic, r.metadata,
                   r.created_at
            FROM channels c {any_room_of("c.id")}""",
        "c_agent": AGENT_VIEW,
        "c_member": MEMBER_VIEW,
    }
