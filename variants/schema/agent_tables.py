"""The tables of the agent side: `agents`, `entities`, `worlds`, `rooms`, `participants`, `memories`.

Columns and types follow the design note, and the real server (version 1.6.1) where the note is silent. `worlds.metadata` and
`rooms.metadata` hold what has no column there: source, topic and the client's own metadata.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, Boolean, Column, ForeignKey, MetaData, Table, Text, func, true
from sqlalchemy.dialects.postgresql import JSONB

from variants.contract import UNOBSERVED
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
    central_ids: tuple[Column[str], Column[str]] | None = None,
    central_rows: bool = False,
    central_messages: bool = False,
) -> AgentTables:
    """Declare the tables in `metadata`, with primary and foreign keys; `variants.schema.agent_indexes` adds the rest.

    `central_ids` are what `worlds.serverId` and `rooms.channelId` reference, if anything: a server's and a channel's id. With
    `central_rows` a row whose agent is NULL is the central row (Option A), with `central_messages` in `memories` too.
    """
    central_server, central_channel = central_ids or (None, None)
    agents = Table(
        "agents",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("name", Text, nullable=False),
        Column(
            "enabled",
            Boolean,
            nullable=False,
            server_default=true(),
            info={UNOBSERVED: "no operation turns an agent off; the real server's column, always its default"},
        ),
        _time("created_at", unobserved="when an agent was registered is no fact of the domain"),
    )
    entities = Table(
        "entities",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _agent("agent_id", nullable=central_rows),
        _time("created_at", unobserved="when an agent first heard of somebody is no fact of the domain"),
        Column(
            "names",
            ARRAY(Text),
            nullable=False,
            info={UNOBSERVED: "the id as given is read from metadata; this is a display name"},
        ),
        Column("metadata", JSONB, nullable=False),
    )
    worlds = Table(
        "worlds",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _agent("agentId", nullable=central_rows),
        Column("name", Text, nullable=False),
        Column("metadata", JSONB, nullable=False),
        _central("serverId", central_server),
        _time("createdAt"),
    )
    rooms = Table(
        "rooms",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        _agent("agentId", nullable=central_rows),
        Column("source", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("serverId", Text, nullable=False),
        Column("worldId", UUID_TEXT, ForeignKey("worlds.id"), nullable=False),
        Column("name", Text, nullable=False),
        Column("metadata", JSONB, nullable=False),
        _central("channelId", central_channel),
        _time("createdAt"),
    )
    participants = Table(
        "participants",
        metadata,
        Column(
            "id",
            UUID_TEXT,
            primary_key=True,
            server_default=func.gen_random_uuid(),
            info={UNOBSERVED: "a key that nothing refers to"},
        ),
        _time("created_at", unobserved="when a membership was noted is no fact of the domain"),
        _owned("entityId", "entities.id"),
        _owned("roomId", "rooms.id"),
        _agent("agentId", nullable=central_rows),
        Column("roomState", Text, info={UNOBSERVED: "no operation sets it; the real server's column, always NULL"}),
    )
    memories = Table(
        "memories",
        metadata,
        Column("id", UUID_TEXT, primary_key=True),
        Column("type", Text, nullable=False),
        _time("createdAt"),
        Column(
            "content",
            JSONB,
            nullable=False,
            info={UNOBSERVED: {"inReplyTo": "of a message that this owner has not, or no longer: then it is the id of no row"}},
        ),
        _owned("entityId", "entities.id"),
        _agent("agentId", nullable=central_messages),
        _owned("roomId", "rooms.id"),
        Column(
            "worldId",
            UUID_TEXT,
            nullable=False,
            info={UNOBSERVED: "the room tells its world; the real server's column, without a key there, too"},
        ),
        Column(
            "unique",
            Boolean,
            nullable=False,
            server_default=true(),
            info={UNOBSERVED: "no operation sets it; the real server's column, always its default"},
        ),
        Column(
            "metadata",
            JSONB,
            nullable=False,
            info={UNOBSERVED: {"type": "always `message`; the column `type` tells what a memory is, as in the real server"}},
        ),
    )
    return AgentTables(agents, entities, worlds, rooms, participants, memories)


def _time(name: str, *, unobserved: str | None = None) -> Column[Any]:
    return Column(name, MILLISECONDS, nullable=False, info={} if unobserved is None else {UNOBSERVED: unobserved})


def _agent(name: str, *, nullable: bool) -> Column[str]:
    return Column(name, UUID_TEXT, ForeignKey("agents.id", ondelete="CASCADE"), nullable=nullable)


def _owned(name: str, target: str) -> Column[str]:
    return Column(name, UUID_TEXT, ForeignKey(target, ondelete="CASCADE"), nullable=False)


def _central(name: str, target: Column[str] | None) -> Column[str]:
    return Column(name, Text, *([] if target is None else [ForeignKey(target)]), nullable=False)
