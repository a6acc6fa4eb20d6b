"""The central rows of Option A: servers, channels and members as rows of the agent tables whose agent is NULL.

Central ids are the keys of these rows ("id = channelId"); an id that is no UUID is hashed to one, and stands beside it as given.
The central entity of an agent is the agent's own entity, since both have the agent's id.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Index, bindparam, delete, select

from variants.contract import Gap, GapKind, Indexes, Query, Side, Statement, Task, View
from variants.schema.agent_rows import add_entity, add_participant, entity_row, participant_row, room_row, world_row
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_tasks import given, register
from variants.schema.agent_views import AGENT_OF_WORLD, CHANNEL_ATTRIBUTES, SERVER_ATTRIBUTES
from variants.schema.columns import entry
from variants.schema.identity import central_uuid
from variants.schema.inserts import one_row
from variants.schema.reads import Lists
from workloads import operations as ops

ID_FORM = Gap(
    GapKind.ID_FORM,
    "rooms.id is a uuid, central ids have any form: a derived key stands in for an id that is no UUID",
    "Central channels (id = channelId, agentId = NULL for central view)",
)

ONE_SET_OF_TABLES = "rooms, worlds and participants are central and agents' at once"


class DualPurposeRows:
    """The rows without an agent and their statements, compiled once."""

    def __init__(self, tables: AgentTables, level: Indexes) -> None:
        if level is Indexes.ADVISED:
            # The channels of a server: "need to filter by agentId IS NULL for central queries".
            Index("rooms_central_server", tables.rooms.c.serverId, postgresql_where=tables.rooms.c.agentId.is_(None))
        members = tables.participants
        # A central room is nobody else's: its id implies that the agent is NULL.
        here = members.c.roomId == bindparam("channel")
        is_member = here & (members.c.entityId == bindparam("member"))
        self._add_world = Query(Side.CENTRAL, one_row(tables.worlds))
        self._add_room = Query(Side.CENTRAL, one_row(tables.rooms))
        self._add_entity = Query(Side.CENTRAL, add_entity(tables).on_conflict_do_nothing())
        self._add_participant = Query(Side.CENTRAL, add_participant(tables).on_conflict_do_nothing())
        self._remove_participant = Query(Side.CENTRAL, delete(members).where(is_member))
        rooms, entities, worlds = tables.rooms.c, tables.entities.c, tables.worlds.c
        central_of_server = (rooms.serverId == bindparam("server")) & rooms.agentId.is_(None)
        # An entity is looked up for each member: a join would read all entities for a large channel.
        known_as = select(entry(entities.metadata, "sourceId")).where(entities.id == members.c.entityId).scalar_subquery()
        present = select(known_as).where(here)
        self.lists = Lists(
            channels=Query(Side.CENTRAL, select(rooms.channelId, rooms.name).where(central_of_server)),
            participants=Query(Side.CENTRAL, present),
            is_participant=Query(Side.CENTRAL, select(select(members.c.id).where(is_member).exists())),
            servers=Query(Side.AGENT, select(worlds.serverId, worlds.name).where(worlds.agentId == bindparam("agent"))),
            key=central_uuid,
        )

    def add_server(self, operation: ops.CreateServer) -> Statement:
        """The central world."""
        return self._add_world(needs_rows=False, **world_row(None, operation))

    def add_channel(self, operation: ops.CreateChannel) -> Statement:
        """The central room."""
        return self._add_room(needs_rows=False, **room_row(None, operation))

    def add_agent(self, agents: AgentStore, operation: ops.AddAgent, context: ops.Context) -> Sequence[Task]:
        """`worlds.agentId` stands in for `server_agents`: the agent's world says that it is on the server."""
        return [register(agents, operation, agents.world(operation.agent_id, given(context.server)))]

    def join(self, operation: ops.Join) -> tuple[Statement, ...]:
        """The member's central entity, which may be there from another channel, and the member in the central room."""
        member, at_ms = operation.member, operation.at_ms
        agent = member.id if member.role is ops.Role.AGENT else None
        return (
            self._add_entity(needs_rows=False, **entity_row(central_uuid(member.id), agent, member.id, at_ms)),
            self._add_participant(needs_rows=False, **participant_row(None, operation.channel_id, member.id, at_ms)),
        )

    def leave(self, operation: ops.Leave) -> Statement:
        """The member is no longer in the central room."""
        channel, member = central_uuid(operation.channel_id), central_uuid(operation.member.id)
        return self._remove_participant(needs_rows=False, channel=channel, member=member)


def dual_purpose_views() -> Mapping[str, View]:
    """The central views of servers, channels, agents and members: the rows with NULL agent."""
    return {
        "c_server": f"""
            SELECT w."serverId" AS server, {SERVER_ATTRIBUTES.format(w="w")} FROM worlds w WHERE w."agentId" IS NULL""",
        "c_channel": f"""
            SELECT r."channelId" AS channel, {CHANNEL_ATTRIBUTES.format(r="r")} FROM rooms r WHERE r."agentId" IS NULL""",
        "c_agent": AGENT_OF_WORLD,
        "c_member": """
            SELECT r."channelId" AS channel, e.metadata ->> 'sourceId' AS member
            FROM participants p JOIN rooms r ON r.id = p."roomId" JOIN entities e ON e.id = p."entityId"
            WHERE p."agentId" IS NULL""",
    }
