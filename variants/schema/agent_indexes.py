"""The agent tables of a drawn design with their keys and indexes besides the primary keys, by level.

A key that keeps a design's own statements from storing a row twice belongs to the design and stands at every level of a drawing.
Of the agent tables that is one: a participant's id is random, so nothing else keeps a member from being in a room twice. Worlds,
rooms, entities and memories have ids that derive from what they are about, so their primary key is enough. At the level advised
come the indexes of the reads: one for all designs here, the others with the design that has the read.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, MetaData, UniqueConstraint

from variants.contract import Indexes
from variants.schema.agent_tables import AgentTables, agent_tables
from variants.schema.columns import entry


def drawn_agent_tables(
    metadata: MetaData,
    level: Indexes,
    *,
    central_ids: tuple[Column[str], Column[str]] | None = None,
    central_rows: bool = False,
    central_messages: bool = False,
) -> AgentTables:
    """Declare the tables of `agent_tables`, which says what the parameters mean, with the keys and indexes of a level."""
    tables = agent_tables(metadata, central_ids=central_ids, central_rows=central_rows, central_messages=central_messages)
    # One row a member and room (a room has one agent); found by room: who is here.
    tables.participants.append_constraint(UniqueConstraint("roomId", "entityId", name="participants_room_entity"))
    match level:
        case Indexes.ADVISED:
            # The newest 32 messages of a room: an agent's context.
            memories = tables.memories.c
            Index("memories_room_time", memories.roomId, memories.type, memories.createdAt)
        case Indexes.DECLARED:
            _declared(tables)
        case Indexes.DEPLOYED:
            pass
    return tables


def index_rooms_of_channel(tables: AgentTables, level: Indexes) -> None:
    """For a read that goes from a channel to the rooms that agents have of it, in the order of their ids."""
    if level is Indexes.ADVISED:
        Index("rooms_channel", tables.rooms.c.channelId, tables.rooms.c.id)


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
