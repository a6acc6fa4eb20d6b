"""The indexes and keys of the agent tables besides their primary keys, by level.

A key that keeps a design's own statements from storing a row twice belongs to the design and stands at every level of a drawing.
Of the agent tables that is one: a participant's id is random, so nothing else keeps a member from being in a room twice. Worlds,
rooms, entities and memories have derived ids, so their primary key is enough, and what else is unique there is of the level.
"""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from variants.contract import Indexes
from variants.schema.agent_tables import AgentTables
from variants.schema.columns import entry


def key_participants(tables: AgentTables) -> None:
    """One row a member and room (a room has one agent); found by room: who is here."""
    tables.participants.append_constraint(UniqueConstraint("roomId", "entityId", name="participants_room_entity"))


def index_agent_tables(tables: AgentTables, level: Indexes, *, central_rows: bool = False) -> None:
    """Declare the indexes of this level; on disk (`DEPLOYED`) there are none but the primary keys.

    With `central_rows` uniqueness counts a NULL agent as a value, since a plain unique key would admit two central rows.
    """
    match level:
        case Indexes.ADVISED:
            _advised(tables, central_rows)
        case Indexes.DECLARED:
            _declared(tables)
        case Indexes.DEPLOYED:
            pass


def _advised(tables: AgentTables, central_rows: bool) -> None:
    # One world an agent and server; found by agent: the servers of an agent.
    tables.worlds.append_constraint(
        UniqueConstraint("agentId", "serverId", name="worlds_agent_server", postgresql_nulls_not_distinct=central_rows)
    )
    # One room an agent and channel; found by channel: who listens there, and the check of a key from it.
    tables.rooms.append_constraint(
        UniqueConstraint("channelId", "agentId", name="rooms_channel_agent", postgresql_nulls_not_distinct=central_rows)
    )
    # The newest 32 messages of a room: an agent's context.
    memories = tables.memories.c
    Index("memories_room_time", memories.roomId, memories.type, memories.createdAt)


def _declared(tables: AgentTables) -> None:
    """As the source of elizaOS server 1.6.1 declares them.

    Left out: `agents.name` is unique there, and two agents of a workload may have one name.
    """
    participants, memories = tables.participants.c, tables.memories.c
    tables.entities.append_constraint(UniqueConstraint("id", "agent_id", name="id_agent_id_unique"))
    Index("idx_participants_user", participants.entityId)
    Index("idx_participants_room", participants.roomId)
    Index("idx_memories_type_room", memories.type, memories.roomId)
    Index("idx_memories_world_id", memories.worldId)
    Index("idx_memories_metadata_type", entry(memories.metadata, "type"))
    Index("idx_memories_document_id", entry(memories.metadata, "documentId"))
    Index("idx_fragments_order", entry(memories.metadata, "documentId"), entry(memories.metadata, "position"))
