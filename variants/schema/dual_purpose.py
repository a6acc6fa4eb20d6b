"""The central rows of Option A: servers, channels and members as rows of the agent tables whose agent is NULL.

Central ids are the keys of these rows ("id = channelId"); an id that is no UUID is hashed to one, and stands beside it as given.
The central entity of an agent is the agent's own entity where both have the agent's id, which is when that is its own key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Index, UniqueConstraint, bindparam, delete, select

from variants.contract import Gap, GapKind, Indexes, Query, Side, Statement, Task, View
from variants.schema.agent_rows import add_entity, add_participant, entity_row, participant_row, room_row, world_row
from variants.schema.agent_store import AgentStore
from variants.schema.agent_tables import AgentTables
from variants.schema.agent_tasks import given, register
from variants.schema.agent_views import AGENT_OF_WORLD, CHANNEL_ATTRIBUTES, PLACED_ROOMS, SERVER_ATTRIBUTES, member_view
from variants.schema.columns import entry
from variants.schema.identity import central_uuid
from variants.schema.inserts import one_row
from variants.schema.reads import Lists
from workloads import operations as ops

ID_FORM = Gap(
    GapKind.ID_FORM,
    "rooms.id is a uuid, central ids have any form: a derived key stands in for an id that is no UUID",
    'Central channels (id = channelId, agentId = NULL for "central view")',
)

ONE_SET_OF_TABLES = "rooms, worlds and participants are central and agents' at once"


class DualPurposeRows:
    """The rows without an agent and their statements, compiled once."""

    def __init__(self, tables: AgentTables, level: Indexes) -> None:
        if level is Indexes.ADVISED:
            _index(tables)
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
        # By the key of the central world. That implies a NULL agent; saying so lets the index of central rows serve.
        central_of_server = (rooms.worldId == bindparam("server")) & rooms.agentId.is_(None)
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
        member, at_ms, entity = operation.member, operation.at_ms, central_uuid(operation.member.id)
        agent = member.id if member.role is ops.Role.AGENT and entity == member.id else None
        return (
            self._add_entity(needs_rows=False, **entity_row(entity, agent, member.id, at_ms)),
            self._add_participant(needs_rows=False, **participant_row(None, operation.channel_id, member.id, at_ms)),
        )

    def leave(self, operation: ops.Leave) -> Statement:
        """The member is no longer in the central room."""
        channel, member = central_uuid(operation.channel_id), central_uuid(operation.member.id)
        return self._remove_participant(needs_rows=False, channel=channel, member=member)


def _index(tables: AgentTables) -> None:
    worlds, rooms = tables.worlds, tables.rooms
    # The channels of a server: "Need to filter by agentId IS NULL for central queries".
    Index("rooms_central_world", rooms.c.worldId, postgresql_where=rooms.c.agentId.is_(None))
    # A central row is told by its NULL agent alone, so other code than this could make a second one under another id. Found by
    # agent: its servers. A plain unique key over a NULL agent would admit two central rows.
    worlds.append_constraint(
        UniqueConstraint("agentId", "serverId", name="worlds_agent_server", postgresql_nulls_not_distinct=True)
    )
    Index("rooms_central_channel", rooms.c.channelId, unique=True, postgresql_where=rooms.c.agentId.is_(None))


def dual_purpose_views() -> Mapping[str, View]:
    """The central views of servers, channels, agents and members: the rows with NULL agent."""
    return {
        "c_server": f"""
            SELECT w."serverId" AS server, {SERVER_ATTRIBUTES.format(w="w")} FROM worlds w WHERE w."agentId" IS NULL""",
        "c_channel": f"""
            SELECT r."channelId" AS channel, {CHANNEL_ATTRIBUTES.format(r="r")}
            FROM {PLACED_ROOMS.format(r="r")} WHERE r."agentId" IS NULL""",
        "c_agent": AGENT_OF_WORLD,
        "c_member": member_view(central=True),
    }
