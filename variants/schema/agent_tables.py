"""The tables of the agent side: `agents`, `entities`, `worlds`, `rooms`, `participants`, `memories`.

Columns and types follow the design note, and the real server (version 1.6.1) where the note is silent. `worlds.metadata` and
`rooms.metadata` hold what has no column there: source, topic and the client's own metadata. Uniqueness is enforced, and each
index serves a read or a constraint named beside it.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ARRAY, Boolean, Column, ForeignKey, Index, MetaData, Table, Text, UniqueConstraint, func, true
from sqlalchemy.dialects.postgresql import JSONB

from variants.schema.columns import MILLISECONDS, UUID_TEXT


@dataclass(frozen=True, slots=True)
class AgentTables:
    """The tables, in the order in which they can be created."""

    agents: Table
    entities: Table
    worlds: Table
    rooms: Table
    participants: Table
    memories: Table


def agent_tables(
    metadata: MetaData,
    *,
    central_server: Column[str] | None = None,
    central_channel: Column[str] | None = None,
    central_rows: bool = False,
) -> AgentTables:
    """Declare the tables in `metadata`.

    `central_server` and `central_channel` are what `worlds.serverId` and `rooms.channelId` reference, if anything. With
    `central_rows` a row whose agent is NULL is the central row (Option A): then the agent columns are nullable and uniqueness
    counts NULL as a value, since a plain unique constraint would admit two central rows.
    """

    def agent_column(name: str = "agentId") -> Column[str]:
        return Column(name, UUID_TEXT, ForeignKey("agents.id", ondelete="CASCADE"), nullable=central_rows)

    def reference(name: str, target: Column[str] | None) -> Column[str]:
        keys = [] if target is None else [ForeignKey(target)]
        return Column(name, Text, *keys, nullable=False)

    agents = Table(
        "agents",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("name", Text, nullable=False),
        Column("enabled", Boolean, nullable=False, server_default=true()),
        Column("created_at", MILLISECONDS, nullable=False),
    )
    entities = Table(
        "entities",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        agent_column("agent_id"),
        Column("created_at", MILLISECONDS, nullable=False),
        Column("names", ARRAY(Text), nullable=False),
        Column("metadata", JSONB, nullable=False),
    )
    worlds = Table(
        "worlds",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        agent_column(),
        Column("name", Text, nullable=False),
        Column("metadata", JSONB, nullable=False),
        reference("serverId", central_server),
        Column("createdAt", MILLISECONDS, nullable=False),
        # One world an agent and server; found by agent: the servers of an agent.
        UniqueConstraint("agentId", "serverId", name="worlds_agent_server", postgresql_nulls_not_distinct=central_rows),
    )
    rooms = Table(
        "rooms",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        agent_column(),
        Column("source", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("serverId", Text, nullable=False),
        Column("worldId", UUID_TEXT, ForeignKey("worlds.id"), nullable=False),
        Column("name", Text, nullable=False),
        Column("metadata", JSONB, nullable=False),
        reference("channelId", central_channel),
        Column("createdAt", MILLISECONDS, nullable=False),
        # One room an agent and channel; found by channel: who listens there, and the check of a key from it.
        UniqueConstraint("channelId", "agentId", name="rooms_channel_agent", postgresql_nulls_not_distinct=central_rows),
    )
    participants = Table(
        "participants",
        metadata,
        Column("id", UUID_TEXT, primary_key=True, server_default=func.gen_random_uuid()),
        Column("created_at", MILLISECONDS, nullable=False),
        Column("entityId", UUID_TEXT, ForeignKey("entities.id", ondelete="CASCADE"), nullable=False),
        Column("roomId", UUID_TEXT, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
        agent_column(),
        Column("roomState", Text),
        # One row a member and room (a room has one agent); found by room: who is here.
        UniqueConstraint("roomId", "entityId", name="participants_room_entity"),
    )
    memories = Table(
        "memories",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("type", Text, nullable=False),
        Column("createdAt", MILLISECONDS, nullable=False),
        Column("content", JSONB, nullable=False),
        Column("entityId", UUID_TEXT, ForeignKey("entities.id", ondelete="CASCADE"), nullable=False),
        Column("agentId", UUID_TEXT, ForeignKey("agents.id", ondelete="CASCADE"), nullable=False),
        Column("roomId", UUID_TEXT, ForeignKey("rooms.id", ondelete="CASCADE"), nullable=False),
        Column("worldId", UUID_TEXT, nullable=False),
        Column("unique", Boolean, nullable=False, server_default=true()),
        Column("metadata", JSONB, nullable=False),
    )
    # The newest 32 messages of a room: an agent's context.
    Index("memories_room_time", memories.c.roomId, memories.c.type, memories.c.createdAt)
    return AgentTables(agents, entities, worlds, rooms, participants, memories)
