"""What an agent does with its own tables: the statements that every design with an agent side shares.

Each method gives a `Statement` or an `Ensure` to yield; which of them an operation needs, in which transaction, is the design's.
All ids are derived (`variants.schema.identity`), so nothing has to be read back.
"""

from __future__ import annotations

from sqlalchemy import Integer, Text, bindparam, delete, literal_column, select, update
from sqlalchemy.dialects.postgresql import array, insert

from variants.contract import Ensure, Query, Reading, Side, Statement
from variants.schema.agent_tables import AgentTables
from variants.schema.columns import entry, not_newer, revised
from variants.schema.identity import memory_id, unique_uuid
from workloads.answers import RecallRow
from workloads.operations import AddAgent, Context, CreateChannel, CreateServer, Delete, Edit, RecallContext, Reply, Send


class AgentStore:
    """The statements over the agent tables, compiled once."""

    def __init__(self, tables: AgentTables) -> None:
        agents, entities, worlds = tables.agents.c, tables.entities.c, tables.worlds.c
        rooms, participants, memories = tables.rooms.c, tables.participants.c, tables.memories.c

        def query(construct: object) -> Query:
            return Query(Side.AGENT, construct)  # type: ignore[arg-type]  # Core's statements share no public base that mypy sees

        self._find_agent = query(select(agents.id).where(agents.id == bindparam("id")))
        self._add_agent = query(
            insert(tables.agents)
            .values(id=bindparam("id"), name=bindparam("name"), created_at=bindparam("at"))
            .on_conflict_do_nothing()
        )
        self._find_world = query(select(worlds.id).where(worlds.id == bindparam("id")))
        self._add_world = query(
            insert(tables.worlds)
            .values(
                id=bindparam("id"),
                agentId=bindparam("agent"),
                name=bindparam("name"),
                metadata=bindparam("metadata"),
                serverId=bindparam("server"),
                createdAt=bindparam("at"),
            )
            .on_conflict_do_nothing()
        )
        self._find_room = query(select(rooms.id).where(rooms.id == bindparam("id")))
        self._add_room = query(
            insert(tables.rooms)
            .values(
                id=bindparam("id"),
                agentId=bindparam("agent"),
                source=bindparam("source"),
                type=bindparam("kind"),
                serverId=bindparam("server"),
                worldId=bindparam("world"),
                name=bindparam("name"),
                metadata=bindparam("metadata"),
                channelId=bindparam("channel"),
                createdAt=bindparam("at"),
            )
            .on_conflict_do_nothing()
        )
        self._add_entity = query(
            insert(tables.entities)
            .values(
                id=bindparam("id"),
                agent_id=bindparam("agent"),
                created_at=bindparam("at"),
                names=array([bindparam("member", type_=Text)]),
                metadata=bindparam("metadata"),
            )
            .on_conflict_do_nothing()
        )
        self._find_participant = query(
            select(participants.id).where(participants.roomId == bindparam("room"), participants.entityId == bindparam("entity"))
        )
        self._add_participant = query(
            insert(tables.participants)
            .values(
                created_at=bindparam("at"),
                entityId=bindparam("entity"),
                roomId=bindparam("room"),
                agentId=bindparam("agent"),
            )
            .on_conflict_do_nothing()
        )
        self._remove_participant = query(
            delete(tables.participants).where(
                participants.roomId == bindparam("room"), participants.entityId == bindparam("entity")
            )
        )
        self._empty_room = query(delete(tables.participants).where(participants.roomId == bindparam("room")))
        self._add_memory = query(
            insert(tables.memories).values(
                id=bindparam("id"),
                type="messages",
                createdAt=bindparam("at"),
                content=bindparam("content"),
                entityId=bindparam("entity"),
                agentId=bindparam("agent"),
                roomId=bindparam("room"),
                worldId=bindparam("world"),
                metadata=bindparam("metadata"),
            )
        )
        self._edit_memory = query(
            update(tables.memories)
            .where(memories.id == bindparam("memory"), not_newer(memories.metadata))
            .values(content=memories.content.op("||")(bindparam("edited", type_=memories.content.type)))
            .values(metadata=revised(memories.metadata))
        )
        self._remove_memory = query(delete(tables.memories).where(memories.id == bindparam("memory")))
        # The page is cut before the authors are joined, so no plan can read and sort a whole room, whatever it thinks of its size.
        page = (
            select(memories.entityId, memories.metadata, memories.content, memories.createdAt)
            .where(memories.roomId == bindparam("room"), memories.type == literal_column("'messages'"))
            .order_by(memories.createdAt.desc())
            .limit(bindparam("limit", type_=Integer))
            .subquery()
        )
        self._recall = query(
            select(
                entry(page.c.metadata, "sourceId"),
                entry(entities.metadata, "sourceId"),
                entry(page.c.content, "text"),
                page.c.createdAt,
            )
            .join_from(page, tables.entities, page.c.entityId == entities.id)
            .order_by(page.c.createdAt.desc())
        )

    def agent(self, operation: AddAgent) -> Ensure:
        """The agent itself."""
        return Ensure(
            self._find_agent(id=operation.agent_id),
            (self._add_agent(needs_rows=False, id=operation.agent_id, name=operation.name, at=operation.at_ms),),
            operation.agent_id,
        )

    def world(self, agent: str, server: CreateServer) -> Ensure:
        """The agent's view of a server."""
        key = unique_uuid(agent, server.server_id)
        add = self._add_world(
            needs_rows=False,
            id=key,
            agent=agent,
            name=server.name,
            metadata=world_metadata(server),
            server=server.server_id,
            at=server.at_ms,
        )
        return Ensure(self._find_world(id=key), (add,), key)

    def room(self, agent: str, channel: CreateChannel) -> Ensure:
        """The agent's view of a channel; its world must exist."""
        key = unique_uuid(agent, channel.channel_id)
        add = self._add_room(
            needs_rows=False,
            id=key,
            agent=agent,
            source=channel.source_type,
            kind=channel.kind.value,
            server=channel.server_id,
            world=unique_uuid(agent, channel.server_id),
            name=channel.name,
            metadata=room_metadata(channel),
            channel=channel.channel_id,
            at=channel.at_ms,
        )
        return Ensure(self._find_room(id=key), (add,), key)

    def participant(self, agent: str, channel_id: str, member_id: str, at_ms: int) -> Ensure:
        """A member in the agent's room, with the entity that the agent knows the member as; the room must exist."""
        room, entity = unique_uuid(agent, channel_id), unique_uuid(agent, member_id)
        add_entity = self._add_entity(
            needs_rows=False, id=entity, agent=agent, at=at_ms, member=member_id, metadata={"sourceId": member_id}
        )
        add = self._add_participant(needs_rows=False, at=at_ms, entity=entity, room=room, agent=agent)
        return Ensure(self._find_participant(room=room, entity=entity), (add_entity, add), entity)

    def remove_participant(self, agent: str, channel_id: str, member_id: str) -> Statement:
        """A member is no longer in the agent's room."""
        return self._remove_participant(needs_rows=False, room=unique_uuid(agent, channel_id), entity=unique_uuid(agent, member_id))

    def empty_room(self, agent: str, channel_id: str) -> Statement:
        """The agent itself left: it no longer knows who is in the room."""
        return self._empty_room(needs_rows=False, room=unique_uuid(agent, channel_id))

    def memory(self, agent: str, operation: Send | Reply, context: Context) -> Statement:
        """The agent's copy of a message; world, room and the author's entity must exist."""
        if context.message_id is None or context.channel is None:
            raise TypeError("a message needs its central id and its channel in the context")
        author = operation.author_id if isinstance(operation, Send) else operation.agent_id
        content: dict[str, object] = {
            "text": operation.text,
            "source": operation.source_type,
            "metadata": operation.metadata,
        }
        if context.reply_to_id is not None:
            content["inReplyTo"] = memory_id(agent, context.reply_to_id)
        return self._add_memory(
            needs_rows=False,
            id=memory_id(agent, context.message_id),
            at=context.created_at_ms,
            content=content,
            entity=unique_uuid(agent, author),
            agent=agent,
            room=unique_uuid(agent, operation.channel_id),
            world=unique_uuid(agent, context.channel.server_id),
            metadata={"type": "message", "sourceId": context.message_id, "rev": 0},
        )

    def edit_memory(self, agent: str, operation: Edit, context: Context) -> Statement:
        """The agent's copy gets the new text."""
        return self._edit_memory(
            needs_rows=False,
            memory=memory_id(agent, str(context.message_id)),
            edited={"text": operation.text},
            rev=operation.rev,
        )

    def remove_memory(self, agent: str, operation: Delete, context: Context) -> Statement:
        """The agent's copy is removed."""
        return self._remove_memory(needs_rows=False, memory=memory_id(agent, str(context.message_id)))

    def recall(self, operation: RecallContext) -> Reading:
        """The agent's newest messages of a room."""
        room = unique_uuid(operation.agent_id, operation.channel_id)
        rows = yield self._recall(room=room, limit=operation.limit)
        return [RecallRow(*row) for row in rows]


def world_metadata(server: CreateServer) -> dict[str, object]:
    """What `worlds.metadata` holds of a server."""
    return {"sourceType": server.source_type, "sourceId": server.source_id, "client": server.metadata}


def room_metadata(channel: CreateChannel) -> dict[str, object]:
    """What `rooms.metadata` holds of a channel."""
    return {"sourceId": channel.source_id, "topic": channel.topic, "client": channel.metadata}
