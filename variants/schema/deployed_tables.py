"""The tables of the real server, elizaOS server 1.6.1, as far as its message path reads or writes them.

`root_messages` is the design note's name of `central_messages`. Three levels of indexes: DECLARED, what the source of 1.6.1 names
and its databases have; DEPLOYED, what databases have that versions 1.2 to 1.4 made: keys of one column, and nothing else; ADVISED,
what the reads of this project call for. The keys between rooms and worlds, and between the two sides, do not exist in the real
server either, but for `server_agents.agent_id`. Each foreign key of `memories` is there twice, as in 1.6.1.

Left out: the columns of `agents` that hold a character, which no operation carries; UNIQUE (name) of `agents`, because agents of
the domain may share a name; the vectors of `embeddings`; `logs`, `relationships`, `tasks` and `cache`, which messages do not touch.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    func,
    true,
)
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import UNOBSERVED, Indexes
from variants.schema.columns import MILLISECONDS, UUID_TEXT, entry

_FRAGMENTS = "CASE WHEN metadata ->> 'type' = 'fragment' THEN metadata ? 'documentId' AND metadata ? 'position' ELSE true END"
_DOCUMENTS = "CASE WHEN metadata ->> 'type' = 'document' THEN metadata ? 'timestamp' ELSE true END"

_UNSEEN_CONTENT = {"inReplyTo": "the id of no memory (a declared defect): another such id finds no less"}
_UNSEEN_METADATA = {
    "type": "always `message`; the column `type` tells what a memory is",
    "source": "said twice: nothing reads it here, and `content.source` is seen",
    "raw.text": "said twice: nothing reads it here, and `content.text` is seen",
    "raw.senderName": "a made-up display name; `raw.senderId` and the entity are seen",
}


@dataclass(frozen=True, slots=True)
class DeployedCentral:
    """The central tables, in the order in which they can be created."""

    servers: Table
    channels: Table
    participants: Table
    agents: Table
    messages: Table


@dataclass(frozen=True, slots=True)
class DeployedAgents:
    """The agents' tables that statements name; `participants` is there too, and stays empty."""

    agents: Table
    entities: Table
    worlds: Table
    rooms: Table
    memories: Table
    components: Table
    embeddings: Table


def central_tables(metadata: MetaData, level: Indexes) -> DeployedCentral:
    """Declare the central tables with the indexes of a level."""
    keyed = level is not Indexes.DEPLOYED
    servers = Table(
        "message_servers",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("name", Text, nullable=False),
        *_source(nullable=False),
        *_times(),
    )
    channels = Table(
        "channels",
        metadata,
        Column("id", Text, primary_key=True),
        Column("server_id", UUID_TEXT, ForeignKey(servers.c.id, ondelete="CASCADE"), nullable=False),
        Column("name", Text, nullable=False),
        Column("type", Text, nullable=False),
        *_source(nullable=True),
        Column("topic", Text),
        *_times(),
    )
    participants = Table(
        "channel_participants",
        metadata,
        Column("channel_id", Text, ForeignKey(channels.c.id, ondelete="CASCADE"), primary_key=keyed, nullable=False),
        Column("user_id", Text, primary_key=keyed, nullable=False),
    )
    agents = Table(
        "server_agents",
        metadata,
        Column("server_id", UUID_TEXT, ForeignKey(servers.c.id, ondelete="CASCADE"), primary_key=keyed, nullable=False),
        Column("agent_id", UUID_TEXT, primary_key=keyed, nullable=False),
    )
    messages = Table(
        "root_messages",
        metadata,
        Column("id", Text, primary_key=True),
        Column("channel_id", Text, ForeignKey(channels.c.id, ondelete="CASCADE"), nullable=False),
        Column("author_id", Text, nullable=False),
        Column("content", Text, nullable=False),
        Column(
            "raw_message", JSONB, info=_because("the payload as it came: text and metadata once more, which nothing reads here")
        ),
        Column("in_reply_to_root_message_id", Text, ForeignKey("root_messages.id", ondelete="SET NULL")),
        Column("source_type", Text),
        Column("source_id", Text, info=_because("a platform's id of the message, which no operation carries: always NULL")),
        Column("metadata", JSONB),
        *_times(),
    )
    if level is Indexes.ADVISED:
        # Pages of a channel; replies that lose their link; channels of a server. Agents of a server are found by primary key.
        answered = messages.c.in_reply_to_root_message_id
        Index("root_messages_channel_time", messages.c.channel_id, messages.c.created_at)
        Index("root_messages_answered", answered, postgresql_where=answered.is_not(None))
        Index("channels_server", channels.c.server_id)
    return DeployedCentral(servers, channels, participants, agents, messages)


def link_agents(central: DeployedCentral, agents: DeployedAgents) -> None:
    """Declare the one key between the sides: an agent of a server is a registered agent."""
    central.agents.append_constraint(ForeignKeyConstraint(["agent_id"], [agents.agents.c.id], ondelete="CASCADE"))


def agent_tables(metadata: MetaData, level: Indexes) -> DeployedAgents:
    """Declare the agents' tables with the indexes of a level."""
    agents = Table(
        "agents",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("enabled", Boolean, nullable=False, server_default=true(), info=_because("no operation turns an agent off")),
        _own_time("created_at", "when an agent was registered is no fact of the domain"),
        _own_time("updated_at", "as created_at: no operation changes an agent"),
        Column("name", Text, nullable=False),
    )
    entities = Table(
        "entities",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _key("agent_id", "agents.id", nullable=False),
        _own_time("created_at", "when an agent first heard of somebody is no fact of the domain"),
        Column("names", ARRAY(Text), nullable=False, info=_because("a made-up display name: User- and the first 8 characters")),
        Column(
            "metadata",
            JSONB,
            nullable=False,
            info={UNOBSERVED: {"source": "the source of the first message by somebody, not a fact about them"}},
        ),
        *([UniqueConstraint("id", "agent_id", name="id_agent_id_unique")] if level is Indexes.DECLARED else []),
    )
    worlds = Table(
        "worlds",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _key("agentId", "agents.id", nullable=False),
        Column("name", Text, nullable=False, info=_because("made up: Server and the first 8 characters of the id")),
        Column("metadata", JSONB, info=_because("always empty: no message brings its server's metadata along")),
        Column("serverId", Text, nullable=False),
        _own_time("createdAt", "when the agent first heard of the server, not when that began"),
    )
    rooms = Table(
        "rooms",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _key("agentId", "agents.id"),
        Column("source", Text, nullable=False, info=_because("the source of the room's first message, not of its channel")),
        Column("type", Text, nullable=False),
        Column("serverId", Text),
        Column("worldId", UUID_TEXT, info=_because("no key there, and the room tells its server itself")),
        Column("name", Text, info=_because("made up: Channel and the first 8 characters of the id")),
        Column("metadata", JSONB, info=_because("always NULL: the real server drops it when it makes a room")),
        Column("channelId", Text),
        _own_time("createdAt", "when the agent first heard of the channel, not when that began"),
    )
    _participants(metadata, level)
    memories = _memories(metadata, level)
    return DeployedAgents(agents, entities, worlds, rooms, memories, _components(metadata, level), _embeddings(metadata, level))


def _participants(metadata: MetaData, level: Indexes) -> None:
    table = Table(
        "participants",
        metadata,
        Column("id", UUID_TEXT, primary_key=True, server_default=func.gen_random_uuid()),
        Column("created_at", MILLISECONDS, nullable=False),
        _key("entityId", "entities.id"),
        _key("roomId", "rooms.id"),
        _key("agentId", "agents.id"),
        Column("roomState", Text),
        info=_because("the message path of 1.6.1 never writes it: 0 rows observed with 1, 2 and 4 agents"),
    )
    if level is Indexes.DECLARED:
        Index("idx_participants_user", table.c.entityId)
        Index("idx_participants_room", table.c.roomId)


def _memories(metadata: MetaData, level: Indexes) -> Table:
    twice = (("entityId", "entities.id"), ("agentId", "agents.id"), ("roomId", "rooms.id"))
    keys: Sequence[ForeignKeyConstraint] = [ForeignKeyConstraint([name], [key], ondelete="CASCADE") for name, key in twice]
    if level is not Indexes.ADVISED:
        named = zip(("fk_user", "fk_agent", "fk_room"), twice, strict=True)
        keys = [*keys, *(ForeignKeyConstraint([name], [key], fk, ondelete="CASCADE") for fk, (name, key) in named)]
    checks = (("fragment_metadata_check", _FRAGMENTS), ("document_metadata_check", _DOCUMENTS))
    table = Table(
        "memories",
        metadata,
        Column("id", UUID_TEXT, primary_key=True, info=_because("of an own reply: random, and nothing refers to it (a defect)")),
        Column("type", Text, nullable=False),
        Column("createdAt", MILLISECONDS, nullable=False),
        Column("content", JSONB, nullable=False, info={UNOBSERVED: _UNSEEN_CONTENT}),
        Column("entityId", UUID_TEXT),
        Column("agentId", UUID_TEXT, nullable=False),
        Column("roomId", UUID_TEXT),
        Column("worldId", UUID_TEXT, info=_because("no key there, and the room tells its server itself")),
        Column("unique", Boolean, nullable=False, server_default=true(), info=_because("always true: nothing compares memories")),
        Column("metadata", JSONB, nullable=False, info={UNOBSERVED: _UNSEEN_METADATA}),
        *keys,
        *(CheckConstraint(text, name=name) for name, text in checks if level is not Indexes.DEPLOYED),
    )
    document = entry(table.c.metadata, "documentId")
    if level is Indexes.DECLARED:
        Index("idx_memories_type_room", table.c.type, table.c.roomId)
        Index("idx_memories_world_id", table.c.worldId)
        Index("idx_memories_metadata_type", entry(table.c.metadata, "type").self_group())
        Index("idx_memories_document_id", document.self_group())
        Index("idx_fragments_order", document.self_group(), entry(table.c.metadata, "position").self_group())
    elif level is Indexes.ADVISED:
        Index("memories_room_time", table.c.roomId, table.c.type, table.c.createdAt)
    return table


def _components(metadata: MetaData, level: Indexes) -> Table:
    table = Table(
        "components",
        metadata,
        Column("id", UUID_TEXT, primary_key=True, server_default=func.gen_random_uuid()),
        _key("entityId", "entities.id", nullable=False),
        _key("agentId", "agents.id", nullable=False),
        _key("roomId", "rooms.id", nullable=False),
        _key("worldId", "worlds.id"),
        _key("sourceEntityId", "entities.id"),
        Column("type", Text, nullable=False),
        Column("data", JSONB),
        Column("createdAt", MILLISECONDS, nullable=False),
        info=_because("the message path reads it with every author and writes nothing to it"),
    )
    if level is Indexes.ADVISED:
        Index("components_entity", table.c.entityId)
    return table


def _embeddings(metadata: MetaData, level: Indexes) -> Table:
    table = Table(
        "embeddings",
        metadata,
        Column("id", UUID_TEXT, primary_key=True, server_default=func.gen_random_uuid()),
        _key("memory_id", "memories.id"),
        Column("created_at", MILLISECONDS, nullable=False),
        *([] if level is Indexes.DEPLOYED else [CheckConstraint("memory_id IS NOT NULL", name="embedding_source_check")]),
        info=_because("vectors are outside of the comparison; every read of a memory joins it all the same"),
    )
    if level is not Indexes.DEPLOYED:
        Index("idx_embedding_memory", table.c.memory_id)
    return table


def _because(reason: str) -> dict[str, str]:
    return {UNOBSERVED: reason}


def _key(name: str, target: str, *, nullable: bool = True) -> Column[str]:
    return Column(name, UUID_TEXT, ForeignKey(target, ondelete="CASCADE"), nullable=nullable)


def _own_time(name: str, reason: str) -> Column[Any]:
    return Column(name, MILLISECONDS, nullable=False, info=_because(reason))


def _source(*, nullable: bool) -> list[Column[Any]]:
    return [Column("source_type", Text, nullable=nullable), Column("source_id", Text), Column("metadata", JSONB)]


def _times() -> list[Column[Any]]:
    updated = _own_time("updated_at", "when a row was last written is no fact of the domain; an edit's number is")
    return [Column("created_at", MILLISECONDS, nullable=False), updated]
