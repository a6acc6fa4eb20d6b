"""What the rows of the agent tables say, and the inserts that take them.

Option A keeps central rows in the same tables: `owner` is the agent whose row it is, or None for the central one.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Text, Update, bindparam, cast, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import JSONB, Insert, array, insert

from variants.schema.agent_tables import AgentTables
from variants.schema.columns import UUID_TEXT, entry, not_newer, revised
from variants.schema.identity import message_row_id, row_id
from variants.schema.inserts import one_row
from workloads import operations as ops

Row = dict[str, Any]


def add_entity(tables: AgentTables) -> Insert:
    """An insert for an `entity_row`."""
    return one_row(tables.entities, names=array([bindparam("member", type_=Text)]))


def add_participant(tables: AgentTables) -> Insert:
    """An insert for a `participant_row`."""
    return one_row(tables.participants, by_default={"id", "roomState"})


def add_entities(tables: AgentTables) -> Insert:
    """An insert of an agent's entities of many members: parameters `agent`, `at`, and a document `members`.

    The document is a list with the keys `entity` (its id) and `member` (the central id): a statement that is compiled once takes
    any number of rows that way.
    """
    entities, member = tables.entities.c, _each_member()
    named = entry(member, "member")
    return insert(tables.entities).from_select(
        ["id", "agent_id", "created_at", "names", "metadata"],
        select(
            cast(entry(member, "entity"), UUID_TEXT),
            bindparam("agent", type_=entities.agent_id.type),
            bindparam("at", type_=entities.created_at.type),
            array([named]),
            func.jsonb_build_object(literal_column("'sourceId'"), named, type_=JSONB),
        ),
    )


def add_participants(tables: AgentTables) -> Insert:
    """An insert of many members into an agent's room: parameters as of `add_entities`, and `room`; the entities must exist."""
    participants = tables.participants.c
    return insert(tables.participants).from_select(
        ["created_at", "entityId", "roomId", "agentId"],
        select(
            bindparam("at", type_=participants.created_at.type),
            cast(entry(_each_member(), "entity"), UUID_TEXT),
            bindparam("room", type_=participants.roomId.type),
            bindparam("agent", type_=participants.agentId.type),
        ),
        include_defaults=False,
    )


def _each_member() -> ColumnElement[Any]:
    return func.jsonb_array_elements(bindparam("members", type_=JSONB), type_=JSONB).column_valued("each_member")


def add_memory(tables: AgentTables) -> Insert:
    """An insert for a `memory_row`."""
    return one_row(tables.memories, by_default={"unique"}, type="messages")


def edit_memory(tables: AgentTables) -> Update:
    """A new text and edit number for a message, unless it has a newer one: parameters `memory`, `edited`, `rev`."""
    memories = tables.memories.c
    edited = memories.content.op("||")(bindparam("edited", type_=memories.content.type))
    return (
        update(tables.memories)
        .where(memories.id == bindparam("memory"), not_newer(memories.metadata))
        .values(content=edited, metadata=revised(memories.metadata))
    )


def world_row(owner: str | None, server: ops.CreateServer) -> Row:
    """A server."""
    return {
        "id": row_id(owner, server.server_id),
        "agentId": owner,
        "name": server.name,
        "metadata": {"sourceType": server.source_type, "sourceId": server.source_id, "client": server.metadata},
        "serverId": server.server_id,
        "createdAt": server.at_ms,
    }


def room_row(owner: str | None, channel: ops.CreateChannel) -> Row:
    """A channel; the owner's world must exist."""
    return {
        "id": row_id(owner, channel.channel_id),
        "agentId": owner,
        "source": channel.source_type,
        "type": channel.kind.value,
        "serverId": channel.server_id,
        "worldId": row_id(owner, channel.server_id),
        "name": channel.name,
        "metadata": {"sourceId": channel.source_id, "topic": channel.topic, "client": channel.metadata},
        "channelId": channel.channel_id,
        "createdAt": channel.at_ms,
    }


def entity_row(entity_id: str, agent: str | None, member_id: str, at_ms: int) -> Row:
    """Somebody; `agent` is the agent to which the row belongs."""
    metadata = {"sourceId": member_id}
    return {"id": entity_id, "agent_id": agent, "created_at": at_ms, "member": member_id, "metadata": metadata}


def participant_row(owner: str | None, channel_id: str, member_id: str, at_ms: int) -> Row:
    """Somebody in a room; room and entity must exist."""
    return {
        "created_at": at_ms,
        "entityId": row_id(owner, member_id),
        "roomId": row_id(owner, channel_id),
        "agentId": owner,
    }


def memory_row(owner: str | None, operation: ops.Send | ops.Reply, context: ops.Context) -> Row:
    """A message; world, room and the author's entity must exist."""
    if context.message_id is None or context.channel is None:
        raise TypeError("a message needs its central id and its channel in the context")
    content: Row = {"text": operation.text, "source": operation.source_type, "metadata": operation.metadata}
    if context.reply_to_id is not None:
        content["inReplyTo"] = message_row_id(owner, context.reply_to_id)
    return {
        "id": message_row_id(owner, context.message_id),
        "createdAt": context.created_at_ms,
        "content": content,
        "entityId": row_id(owner, ops.author_of(operation)),
        "agentId": owner,
        "roomId": row_id(owner, operation.channel_id),
        "worldId": row_id(owner, context.channel.server_id),
        "metadata": {"type": "message", "sourceId": context.message_id, "rev": 0},
    }
