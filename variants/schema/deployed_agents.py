"""The agents' statements of the real server, elizaOS core and server 1.6.1, compiled once, and what each row holds.

Where the real server leaves a time to the database, the operation's own time is written: no fact may depend on the clock.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from sqlalchemy import Integer, Text, bindparam, cast, literal_column, select
from sqlalchemy.dialects.postgresql import array, insert
from sqlalchemy.sql.base import Executable

from variants.contract import Query, Reading, Side, Statement
from variants.schema.deployed_central import payload
from variants.schema.deployed_tables import DeployedAgents
from variants.schema.identity import memory_id, unique_uuid
from workloads.answers import RecallRow
from workloads.operations import AddAgent, Context, RecallContext, Reply, Send

SHOWN_CHARACTERS = 8
"""So much of a central id is in the name that an agent makes up for what it has no name of."""


class DeployedAgentStore:
    """The statements over the agents' tables."""

    def __init__(self, tables: DeployedAgents) -> None:
        agents, entities, worlds, rooms = tables.agents, tables.entities, tables.worlds, tables.rooms
        memories, components, embeddings = tables.memories, tables.components, tables.embeddings

        def agent(construct: Executable) -> Query:
            return Query(Side.AGENT, construct)  # type: ignore[arg-type]  # Core's statements share no public base that mypy sees

        self._agent = agent(select(agents.c.id).where(agents.c.id == bindparam("id")).limit(1))
        self._add_agent = agent(
            insert(agents).values(
                id=bindparam("id"), name=bindparam("name"), created_at=bindparam("at"), updated_at=bindparam("at")
            )
        )
        self._world = agent(select(worlds).where(worlds.c.id == bindparam("id")))
        self._add_world = agent(
            insert(worlds).values(
                id=bindparam("id"),
                agentId=bindparam("agent"),
                name=bindparam("name"),
                metadata=bindparam("metadata"),
                serverId=bindparam("server"),
                createdAt=bindparam("at"),
            )
        )
        self._room = agent(select(rooms).where(rooms.c.id == bindparam("id"), rooms.c.agentId == bindparam("agent")))
        self._add_room = agent(
            insert(rooms)
            .values(
                id=bindparam("id"),
                agentId=bindparam("agent"),
                source=bindparam("source"),
                type=bindparam("kind"),
                serverId=bindparam("server"),
                worldId=bindparam("world"),
                name=bindparam("name"),
                channelId=bindparam("channel"),
                createdAt=bindparam("at"),
            )
            .on_conflict_do_nothing()
            .returning(*rooms.c)
        )
        names = cast(entities.c.names, Text).label("names")  # the driver of this project knows no arrays
        known = [column for column in entities.c if column is not entities.c.names]
        self._entity = agent(
            select(*known, names, *components.c)
            .join_from(entities, components, components.c.entityId == entities.c.id, isouter=True)
            .where(entities.c.id == bindparam("id"))
        )
        self._add_entity = agent(
            insert(entities).values(
                id=bindparam("id"),
                agent_id=bindparam("agent"),
                created_at=bindparam("at"),
                names=array([bindparam("name", type_=Text)]),
                metadata=bindparam("metadata"),
            )
        )
        remembered = select(*memories.c, embeddings.c.id).join_from(
            memories, embeddings, memories.c.id == embeddings.c.memory_id, isouter=True
        )
        self._memory = agent(remembered.where(memories.c.id == bindparam("id")).limit(1))
        self._add_memory = agent(
            insert(memories).values(
                id=bindparam("id"),
                type=literal_column("'messages'"),
                createdAt=bindparam("at"),
                content=bindparam("content"),
                entityId=bindparam("entity"),
                agentId=bindparam("agent"),
                roomId=bindparam("room"),
                worldId=bindparam("world"),
                metadata=bindparam("metadata"),
            )
        )
        self._recalled = [column.name for column in memories.c]
        self._recall = agent(
            remembered.where(memories.c.type == literal_column("'messages'"), memories.c.roomId == bindparam("room"))
            .order_by(memories.c.createdAt.desc())
            .limit(bindparam("limit", type_=Integer))
        )

    def agent(self, agent: str) -> Statement:
        """The agent's own row, if there is one."""
        return self._agent(id=agent)

    def add_agent(self, operation: AddAgent) -> Statement:
        """The agent's own row."""
        return self._add_agent(needs_rows=False, id=operation.agent_id, name=operation.name, at=operation.at_ms)

    def world(self, agent: str, server_id: str) -> Statement:
        """The agent's view of a server, if there is one."""
        return self._world(id=unique_uuid(agent, server_id))

    def add_world(self, agent: str, server_id: str, at_ms: int) -> Statement:
        """The agent's view of a server, under a made-up name."""
        return self._add_world(
            needs_rows=False,
            id=unique_uuid(agent, server_id),
            agent=agent,
            name=f"Server {server_id[:SHOWN_CHARACTERS]}",
            metadata={},
            server=server_id,
            at=at_ms,
        )

    def room(self, agent: str, channel_id: str) -> Statement:
        """The agent's view of a channel, if there is one."""
        return self._room(id=unique_uuid(agent, channel_id), agent=agent)

    def add_room(self, agent: str, operation: Send | Reply, server_id: str, kind: str) -> Statement:
        """The agent's view of a channel, under a made-up name, with the source of the message that it hears of it by."""
        return self._add_room(
            id=unique_uuid(agent, operation.channel_id),
            agent=agent,
            source=operation.source_type,
            kind=kind,
            server=server_id,
            world=unique_uuid(agent, server_id),
            name=f"Channel {operation.channel_id[:SHOWN_CHARACTERS]}",
            channel=operation.channel_id,
            at=operation.at_ms,
        )

    def entity(self, agent: str, member_id: str) -> Statement:
        """Somebody as the agent knows them, if it does."""
        return self._entity(id=unique_uuid(agent, member_id))

    def add_entity(self, agent: str, member_id: str, source_type: str, at_ms: int) -> Statement:
        """Somebody as the agent knows them, under a made-up name."""
        metadata = {"author_id": member_id, "source": source_type}
        return self._make_entity(agent, unique_uuid(agent, member_id), _display_name(member_id), metadata, at_ms)

    def add_itself(self, operation: AddAgent) -> Statement:
        """The agent as it knows itself: its own replies are by this entity."""
        return self._make_entity(operation.agent_id, operation.agent_id, operation.name, {}, operation.at_ms)

    def _make_entity(self, agent: str, entity: str, name: str, metadata: Mapping[str, object], at_ms: int) -> Statement:
        return self._add_entity(needs_rows=False, id=entity, agent=agent, at=at_ms, name=name, metadata=metadata)

    def memory(self, memory: str) -> Statement:
        """A memory by its own id, if there is one."""
        return self._memory(id=memory)

    def add_memory(self, agent: str, operation: Send | Reply, context: Context, server_id: str) -> Statement:
        """The agent's copy of what somebody else said, with the payload that it came in and the central id.

        The link to what is answered is `createUniqueUuid` of the central id, which is not the formula of a memory's id.
        """
        author = operation.author_id if isinstance(operation, Send) else operation.agent_id
        content: dict[str, object] = {"text": operation.text, "source": operation.source_type}
        if context.reply_to_id is not None:
            content["inReplyTo"] = unique_uuid(agent, context.reply_to_id)
        raw = {**payload(operation), "senderName": _display_name(author), "senderId": author}
        metadata = {"type": "message", "source": operation.source_type, "sourceId": context.message_id, "raw": raw}
        key = memory_id(agent, str(context.message_id))
        return self._remember(agent, operation, server_id, key, unique_uuid(agent, author), content, metadata)

    def add_own_reply(self, operation: Reply, context: Context, server_id: str) -> Statement:
        """The agent's copy of its own reply: what it said, and nothing of the central message.

        The link to what is answered is `createUniqueUuid` of the id that is one already.
        """
        agent = operation.agent_id
        content: dict[str, object] = {"text": operation.text, "source": operation.source_type, "metadata": operation.metadata}
        if context.reply_to_id is not None:
            content["inReplyTo"] = unique_uuid(agent, memory_id(agent, context.reply_to_id))
        return self._remember(agent, operation, server_id, own_reply_id(agent, context), agent, content, {})

    def _remember(
        self,
        agent: str,
        operation: Send | Reply,
        server_id: str,
        key: str,
        entity: str,
        content: Mapping[str, object],
        metadata: Mapping[str, object],
    ) -> Statement:
        return self._add_memory(
            needs_rows=False,
            id=key,
            at=operation.at_ms,
            content=content,
            entity=entity,
            agent=agent,
            room=unique_uuid(agent, operation.channel_id),
            world=unique_uuid(agent, server_id),
            metadata=metadata,
        )

    def recall(self, operation: RecallContext) -> Reading:
        """The agent's newest memories of a room; of its own replies it does not know the central id."""
        rows = yield self._recall(room=unique_uuid(operation.agent_id, operation.channel_id), limit=operation.limit)
        found = [dict(zip(self._recalled, row, strict=False)) for row in rows]
        return [
            RecallRow(
                memory["metadata"].get("sourceId"),
                memory["metadata"].get("raw", {}).get("senderId", memory["entityId"]),
                memory["content"]["text"],
                memory["createdAt"],
            )
            for memory in found
        ]


def own_reply_id(agent: str, context: Context) -> str:
    """A stand-in for the random id (version 4) of an agent's own reply: another one at each attempt, by no formula of ids."""
    name = f"storebench own reply\n{context.message_id}\n{agent}\n{context.attempt}"
    digest = bytearray(hashlib.sha256(name.encode()).digest()[:16])
    digest[6] = digest[6] & 0x0F | 0x40
    digest[8] = digest[8] & 0x3F | 0x80
    raw = digest.hex()
    return f"{raw[:8]}-{raw[8:12]}-{raw[12:16]}-{raw[16:20]}-{raw[20:]}"


def _display_name(member_id: str) -> str:
    return f"User-{member_id[:SHOWN_CHARACTERS]}"
