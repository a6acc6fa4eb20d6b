"""The short lists, read from the agents' tables: for designs whose central side does not have them. Each with its index."""

from __future__ import annotations

from sqlalchemy import Index, bindparam, select

from variants.contract import Indexes, Query, Side
from variants.schema.agent_indexes import index_rooms_of_channel
from variants.schema.agent_tables import AgentTables
from variants.schema.columns import entry


def channels_of_server(tables: AgentTables, level: Indexes) -> Query:
    """The channels of a server are found through its worlds and their rooms."""
    rooms, worlds = tables.rooms, tables.worlds
    if level is Indexes.ADVISED:
        Index("worlds_server", worlds.c.serverId)
        Index("rooms_world", rooms.c.worldId)
    # A room has its channel's name, so the central row need not be joined.
    of_server = (
        select(rooms.c.channelId, rooms.c.name)
        .join_from(worlds, rooms, rooms.c.worldId == worlds.c.id)
        .where(worlds.c.serverId == bindparam("server"))
        .distinct()
    )
    return Query(Side.AGENT, of_server)


def members_of_channel(tables: AgentTables, level: Indexes) -> tuple[Query, Query]:
    """The members of a channel, and whether somebody is one, are found through its rooms."""
    rooms, participants, entities = tables.rooms, tables.participants, tables.entities
    index_rooms_of_channel(tables, level)
    # The room of every agent that is there holds all members, so one room is enough; a departed agent's is empty.
    room = (
        select(rooms.c.id)
        .where(rooms.c.channelId == bindparam("channel"))
        .where(select(participants.c.id).where(participants.c.roomId == rooms.c.id).correlate(rooms).exists())
        .limit(1)
        .scalar_subquery()
    )
    # An entity is looked up for each member: a join would read all entities for a large channel.
    known_as = select(entry(entities.c.metadata, "sourceId")).where(entities.c.id == participants.c.entityId).scalar_subquery()
    here = select(known_as).where(participants.c.roomId == room)
    return Query(Side.AGENT, here), Query(Side.AGENT, select(here.where(known_as == bindparam("member")).exists()))


def servers_of_agent(tables: AgentTables, level: Indexes) -> Query:
    """The servers of an agent are those that it has a world of."""
    worlds = tables.worlds
    if level is Indexes.ADVISED:
        Index("worlds_agent", worlds.c.agentId)
    return Query(Side.AGENT, select(worlds.c.serverId, worlds.c.name).where(worlds.c.agentId == bindparam("agent")))
